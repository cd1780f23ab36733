"""``mcx jose``: what the test suite for VC-JOSE-COSE asks of an implementation, as a command line.

Only the form, the terms and the signature are judged, with the key that is given. Whose key it is, whether it has
expired and whether it was revoked are questions for ``mcx verify``.
"""

from __future__ import annotations

import functools
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from openmcx.cli.common import EXIT_NOT_VERIFIED, UnreadableFile, bytes_of, fail, say
from openmcx.credentials import CredentialError, FormatError, KeyMaterialError, base64url, jsonld
from openmcx.credentials.formats import vc
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.multikey import decode_public_key, decode_secret
from openmcx.credentials.keys.signer import PublicKey, Signer, signer_for
from openmcx.credentials.proofs import cose, envelopes, jose, sd_jwt

_FEATURES = [f"{kind}_{form}" for kind in ("credential", "presentation") for form in ("jose", "sdjwt", "cose")]
_PATH = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
_KINDS = {"credential": jose.CREDENTIAL, "presentation": jose.PRESENTATION}


@click.group(name="jose")
def jose_group() -> None:
    """Secure credentials as JWT, SD-JWT and COSE; for the test suite of the W3C."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.option("--input", "input_", required=True, metavar="FILE", help="What to issue or verify."),
            click.option("--key", required=True, metavar="FILE", help="The verification method, as JSON."),
            click.option("--feature", required=True, type=click.Choice(_FEATURES), help="What to do with it."),
            click.option("--sd", metavar="PATHS", help='What can be disclosed alone, as JSON: ["a.b", "c[0]"].'),
            click.option("--output", required=True, type=click.Path(path_type=Path), help="Where to write the result."),
        )
    ):
        command = option(command)
    return command


@jose_group.command()
@_options
def issue(input_: str, key: str, feature: str, sd: str | None, output: Path) -> None:
    """Sign a credential or presentation of version 2 with the secret key of a verification method."""
    _answer(output, functools.partial(_issue, input_, key, feature, sd))


@jose_group.command()
@_options
def verify(input_: str, key: str, feature: str, sd: str | None, output: Path) -> None:
    """Verify a secured credential or presentation with the public key of a verification method.

    The credentials inside a presentation must be secured; they are verified one by one, each with its issuer's key.
    """
    if sd is not None:
        fail("--sd belongs to issuing. Leave it out.")
    _answer(output, functools.partial(_verify, input_, key, feature))


def _answer(output: Path, work: Callable[[], str]) -> None:
    """This will write what came of it, also when it was refused, and end with the exit code that says so."""
    try:
        result = {"result": "success", "data": work()}
    except (CredentialError, UnreadableFile) as error:
        result = {"result": "failure", "data": str(error)}
    try:
        output.write_text(json.dumps(result, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        fail(f"“{output}” cannot be written: {error.strerror}.")
    if result["result"] == "failure":
        say(f"Refused: {result['data']}", err=True)
        sys.exit(EXIT_NOT_VERIFIED)


def _issue(input_: str, key: str, feature: str, sd: str | None) -> str:
    document = jsonld.load(bytes_of(input_))
    method = jsonld.load(bytes_of(key))
    kind, _, form = feature.partition("_")
    if kind == "credential":
        vc.check_credential(document)
        _check_named(document)
    else:
        vc.check_presentation(document)
    _check_terms(document)
    signer = _signer(method)
    if form == "cose":
        return envelopes.encode_base64(cose.sign(document, signer=signer, kind=_KINDS[kind]))
    if form == "sdjwt":
        return sd_jwt.sign(document, disclosable=_paths(sd or "[]"), signer=signer, kind=_KINDS[kind])
    return jose.sign(document, signer=signer, kind=_KINDS[kind])


def _verify(input_: str, key: str, feature: str) -> str:
    token = bytes_of(input_).decode("ascii", "replace").strip()
    public_key = _public_key(jsonld.load(bytes_of(key)))
    kind, _, form = feature.partition("_")

    def given(_: jose.KeyReference) -> PublicKey:
        return public_key

    if form == "cose":
        data = envelopes.decode_base64(token)
        verified = cose.verify(data, public_key_for=given, kind=_KINDS[kind])
    elif form == "sdjwt":
        verified = sd_jwt.verify_document(token, public_key_for=given, kind=_KINDS[kind])
    else:
        verified = jose.verify(token, public_key_for=given, kind=_KINDS[kind])
    if kind == "credential":
        vc.check_credential(verified.document)
    else:
        vc.check_presentation(verified.document)
    _check_terms(verified.document)
    return json.dumps(verified.document, ensure_ascii=False)


def _check_terms(document: Mapping[str, Any]) -> None:
    """This will refuse what JSON-LD would drop; what stands in envelopes is no JSON-LD before it is taken out."""
    jsonld.to_nquads({name: value for name, value in document.items() if name != "verifiableCredential"})


def _check_named(document: Mapping[str, Any]) -> None:
    """This will refuse members of a credential that no context names.

    A context that gives a meaning to every word whatever, as that of the W3C's examples does, lets misspelt members
    through; deeper down that is what such a context is for.
    """
    listed = document.get("@context")
    named = _terms(tuple(url for url in (listed if isinstance(listed, list) else [listed]) if isinstance(url, str)))
    for member in document:
        if member not in named and not member.startswith(("@", "http://", "https://", "urn:")):
            raise FormatError("undefined-term", where=f"/{member}", term=member)


@functools.cache
def _terms(urls: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    waiting: list[Any] = [contexts.definition(url) for url in urls if url in contexts.BUNDLED]
    for entry in waiting:  # grows while it is gone through
        if isinstance(entry, Mapping):
            found |= entry.keys()
            waiting += entry.values()
        elif isinstance(entry, list):
            waiting += entry
    return frozenset(found)


def _paths(text: str) -> list[sd_jwt.Path]:
    """This will read paths such as ``a.b`` and ``c[0]``. Raises: FormatError when they are none."""
    try:
        written = json.loads(text)
    except ValueError:
        written = None
    if not isinstance(written, list) or not all(isinstance(entry, str) for entry in written):
        raise FormatError("format-member-invalid", member="--sd", reason="no-text")
    paths = []
    for entry in written:
        parts = _PATH.findall(entry)
        if "".join(name or f"[{index}]" for name, index in parts) != entry.replace(".", ""):
            raise FormatError("format-member-invalid", member="--sd", reason="no-text")
        paths.append(tuple(name or int(index) for name, index in parts))
    return paths


def _public_key(method: Mapping[str, Any]) -> PublicKey:
    if isinstance(method.get("publicKeyJwk"), Mapping):
        return read_jwk(method["publicKeyJwk"])
    if isinstance(method.get("publicKeyMultibase"), str):
        return decode_public_key(method["publicKeyMultibase"])
    raise KeyMaterialError("key-type-missing")


def _signer(method: Mapping[str, Any]) -> Signer:
    """This will give the signer of a verification method with its secret. Raises: KeyMaterialError."""
    public_key, address = _public_key(method), method.get("id")
    if not isinstance(address, str) or not address:
        raise KeyMaterialError("key-file-invalid", reason="no-secret")
    if isinstance(method.get("secretKeyMultibase"), str):
        algorithm, secret = decode_secret(method["secretKeyMultibase"])
    else:
        jwk = method.get("secretKeyJwk")
        if not isinstance(jwk, Mapping) or not isinstance(jwk.get("d"), str):
            raise KeyMaterialError("key-file-invalid", reason="no-secret")
        algorithm = read_jwk({name: value for name, value in jwk.items() if name not in ("d", "key_ops")}).algorithm
        try:
            secret = base64url.decode(jwk["d"])
        except ValueError:
            raise KeyMaterialError("key-file-invalid", reason="no-secret") from None
    signer = signer_for(algorithm, secret, address)
    if signer.public_key != public_key:
        raise KeyMaterialError("key-file-invalid", reason="public-key-differs")
    return signer
