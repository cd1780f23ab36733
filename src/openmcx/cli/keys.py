"""``mcx keys``: signing keys."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import click

from openmcx.cli.common import PASSPHRASE_VARIABLE, fail, json_option, print_json, say
from openmcx.credentials import CredentialError
from openmcx.credentials.keys import did_key, did_web, generate, key_file, signer_for
from openmcx.credentials.keys.signer import Algorithm

_NOT_WRITTEN = "“{path}” cannot be written: {reason}. Nothing was written; choose another place."


@click.group()
def keys() -> None:
    """Make signing keys."""


@keys.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write; none is overwritten.")
@click.option(
    "--did-web",
    "address",
    metavar="ADDRESS",
    help="Make a did:web for this address, such as https://uni.example/credentials, instead of a did:key.",
)
@click.option("--algorithm", type=click.Choice(["Ed25519", "P-256", "P-384"]), default="Ed25519", show_default=True)
@click.option("--fragment", default="key-1", show_default=True, help="The name of the key in the DID document.")
@click.option(
    "--did-document",
    type=click.Path(path_type=Path),
    help="Also write the DID document, to be published as did.json at the address.",
)
@click.option(
    "--passphrase", "locked", is_flag=True, help=f"Protect it by a passphrase (asked, or {PASSPHRASE_VARIABLE})."
)
@json_option
def new(
    out: Path,
    address: str | None,
    algorithm: Algorithm,
    fragment: str,
    did_document: Path | None,
    locked: bool,
    as_json: bool,
) -> None:
    """Make a new key."""
    passphrase = ""
    if locked:
        passphrase = os.environ.get(PASSPHRASE_VARIABLE) or click.prompt(
            "Passphrase", hide_input=True, confirmation_prompt=True, err=True
        )
    secret = generate(algorithm)
    try:
        public = signer_for(algorithm, secret, "").public_key
        did = did_web.did_web(_base(address), urlsplit(address).path) if address else did_key.did_key(public)
        method = f"{did}#{fragment}" if address else did_key.verification_method(public)
        document = did_web.did_document(did, keys=[(fragment, public)]) if address else did_key.document(did)
    except CredentialError as error:
        fail(str(error), as_json=as_json)
    if did_document is not None:
        _write_new(did_document, json.dumps(document, indent=2) + "\n", as_json=as_json)
    fault = ""
    try:
        key_file.write_key_file(out, secret, method, passphrase=passphrase, algorithm=algorithm)
    except CredentialError as error:
        fault = str(error)
    except OSError as error:
        fault = _NOT_WRITTEN.format(path=out, reason=error.strerror)
    if fault:
        if did_document is not None:
            did_document.unlink(missing_ok=True)  # it would tell the world of a key that nobody has
        fail(fault, as_json=as_json)
    published = did_web.document_url(did) if address else None
    if as_json:
        print_json({"key": str(out), "did": did, "verification_method": method, "publish_at": published})
        return
    say(f"Key written to {out}. Keep it secret, and keep a copy.")
    say(f"Its DID is {did}")
    if published:
        say(f"Publish the DID document at {published}")


def _write_new(path: Path, text: str, *, as_json: bool) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        fail(f"“{path}” exists already. Nothing was written; choose another name.", as_json=as_json)
    except OSError as error:
        fail(_NOT_WRITTEN.format(path=path, reason=error.strerror), as_json=as_json)


def _base(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(path="", query=parts.query, fragment=parts.fragment).geturl()
