"""did:web: an identifier whose document lies at a web address.

Reading the document takes bytes: fetching them is the caller's business.

Source: did:web Method Specification, sections 2.3 (identifier) and 2.5 (operations); Controlled Identifiers 1.0,
sections 2.2 (verification methods) and 3.3 (retrieving a verification method).
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from openmcx.credentials.errors import CredentialError, KeyMaterialError
from openmcx.credentials.instants import parse_instant, write_instant
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.multikey import decode_public_key, encode_public_key
from openmcx.credentials.keys.signer import PublicKey

PREFIX = "did:web:"
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_MAX_DID_CHARACTERS = 1000
# DID documents with thousands of keys are no issuer's.
_MAX_METHODS = 200


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as a DID document lists it. `expires_at` retires it, `revoked_at` takes all trust from it."""

    key: PublicKey
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None


def did_web(base_url: str, path: str = "") -> str:
    """This will give the did:web of an address: ``https://uni.example:1``, ``a/b`` → ``did:web:uni.example%3A1:a:b``.

    Raises: KeyMaterialError when the address has no host, or a query, fragment or credentials.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise KeyMaterialError("did-invalid", did=base_url, method="did:web", reason="no-plain-web-address")
    host = parts.hostname if parts.port is None else f"{parts.hostname}%3A{parts.port}"
    segments = [segment for segment in (*parts.path.split("/"), *path.split("/")) if segment]
    did = PREFIX + ":".join([host, *(quote(segment, safe="") for segment in segments)])
    document_url(did)
    return did


def document_url(did: str) -> str:
    """This will give the https address of the document of a did:web (with or without a fragment).

    Raises: KeyMaterialError when the DID is malformed.
    """
    host, segments = _parse(did)
    path = "/".join(quote(segment, safe="") for segment in segments) if segments else ".well-known"
    return f"https://{host}/{path}/did.json"


def domain(did: str) -> str:
    """This will give the host (and port) that a did:web is bound to."""
    return _parse(did)[0]


def did_document(
    did: str,
    *,
    keys: Iterable[tuple[str, PublicKey]],
    expired: Mapping[str, dt.datetime] | None = None,
    revoked: Mapping[str, dt.datetime] | None = None,
    also_known_as: Sequence[str] = (),
) -> dict[str, object]:
    """This will write the DID document that lists `keys` (pairs of fragment and key) for signing credentials.

    `expired` and `revoked` give, by fragment, when a key was retired (what it signed before stays valid) or revoked.
    """
    expired, revoked = expired or {}, revoked or {}
    methods: list[dict[str, object]] = []
    for fragment, key in keys:
        method: dict[str, object] = {
            "id": f"{did}#{fragment}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": encode_public_key(key),
        }
        if fragment in expired:
            method["expires"] = write_instant(expired[fragment])
        if fragment in revoked:
            method["revoked"] = write_instant(revoked[fragment])
        methods.append(method)
    document: dict[str, object] = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
    }
    if also_known_as:
        document["alsoKnownAs"] = list(also_known_as)
    document["verificationMethod"] = methods
    document["assertionMethod"] = [method["id"] for method in methods]
    return document


def find_key(document: Mapping[str, object], method: str, *, purpose: str = "assertionMethod") -> ListedKey:
    """This will find the key of the DID URL `method` in a DID document and check that it may be used for `purpose`.

    Raises: KeyMaterialError when the document is another DID's, does not list the key for the purpose, lists it twice,
    says that somebody else controls it, or holds it in a form that is not supported.
    """
    did = method.partition("#")[0]
    if document.get("id") != did:
        raise KeyMaterialError("did-document-invalid", did=did, reason="another-did")
    listed = _list_of(document, "verificationMethod", did)
    relations = _list_of(document, purpose, did)
    embedded = [entry for entry in relations if isinstance(entry, Mapping)]
    candidates = [
        entry
        for entry in (*listed, *embedded)
        if isinstance(entry, Mapping) and _absolute(entry.get("id"), did) == method
    ]
    allowed = any(_absolute(entry, did) == method for entry in relations if isinstance(entry, str)) or any(
        _absolute(entry.get("id"), did) == method for entry in embedded
    )
    if not candidates or not allowed:
        raise KeyMaterialError("key-not-in-document", did=did, method=method)
    if len(candidates) > 1:
        raise KeyMaterialError("did-document-invalid", did=did, reason="key-listed-twice")
    return _read_method(candidates[0], did)


def _read_method(entry: Mapping[str, object], did: str) -> ListedKey:
    if entry.get("controller", did) != did:
        raise KeyMaterialError("did-document-invalid", did=did, reason="another-controller")
    key = _read_key(entry, did)
    times: dict[str, dt.datetime | None] = {}
    for member in ("expires", "revoked"):
        value = entry.get(member)
        if value is None:
            times[member] = None
            continue
        try:
            times[member] = parse_instant(value)
        except CredentialError:
            raise KeyMaterialError("did-document-invalid", did=did, reason="key-time-invalid", member=member) from None
    return ListedKey(key, expires_at=times["expires"], revoked_at=times["revoked"])


def _read_key(entry: Mapping[str, object], did: str) -> PublicKey:
    """This will read the key of a verification method in any of the forms that are in use.

    Source: Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.2.3 (JsonWebKey); Securing Verifiable
    Credentials using JSON Web Signature 2020, section 3.1.1 (JsonWebKey2020); Data Integrity EdDSA Cryptosuites 1.0,
    section 2.1.3 (Ed25519VerificationKey2020).
    """
    kind = entry.get("type")
    if not isinstance(kind, str):
        raise KeyMaterialError("key-type-missing")
    multibase, jwk = entry.get("publicKeyMultibase"), entry.get("publicKeyJwk")
    if multibase is not None and jwk is not None:
        # Readers would take one or the other.
        raise KeyMaterialError("did-document-invalid", did=did, reason="key-written-twice")
    if kind in ("JsonWebKey", "JsonWebKey2020") and isinstance(jwk, Mapping):
        return read_jwk(jwk)
    if kind not in ("Multikey", "Ed25519VerificationKey2020") or not isinstance(multibase, str):
        raise KeyMaterialError("key-type-unsupported", found=kind)
    key = decode_public_key(multibase)
    if kind == "Ed25519VerificationKey2020" and key.algorithm != "Ed25519":
        raise KeyMaterialError("did-document-invalid", did=did, reason="key-kind-differs")
    return key


def _list_of(document: Mapping[str, object], member: str, did: str) -> list[object]:
    value = document.get(member, [])
    entries = value if isinstance(value, list) else [value]
    if len(entries) > _MAX_METHODS:
        raise KeyMaterialError("did-document-invalid", did=did, reason="too-many-keys", limit=_MAX_METHODS)
    return entries


def _absolute(reference: object, did: str) -> object:
    return did + reference if isinstance(reference, str) and reference.startswith("#") else reference


def _parse(did: str) -> tuple[str, list[str]]:
    identifier = did.partition("#")[0]

    def refuse(reason: str) -> KeyMaterialError:
        return KeyMaterialError("did-invalid", did=did, method="did:web", reason=reason)

    if not identifier.startswith(PREFIX) or len(identifier) > _MAX_DID_CHARACTERS:
        raise refuse("did-prefix-missing")
    parts = identifier[len(PREFIX) :].split(":")
    if not all(_SEGMENT.fullmatch(part) for part in parts):
        raise refuse("did-part-invalid")
    host, segments = unquote(parts[0]), [unquote(part, errors="replace") for part in parts[1:]]
    name, colon, port = host.partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536 and len(port) < 6):
        raise refuse("did-port-invalid")
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise refuse("did-host-invalid")
    # The method forbids IP addresses. Loopback is let through so that a node can be tried out on one's own machine.
    if labels[-1].isdigit() and name != "127.0.0.1":
        raise refuse("did-host-is-ip")
    if any(segment in (".", "..") or "/" in segment or "\\" in segment or "\0" in segment for segment in segments):
        raise refuse("did-path-outside")
    return host.lower(), segments
