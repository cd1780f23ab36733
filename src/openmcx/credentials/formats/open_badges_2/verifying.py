"""Is a badge of version 2.0 or 1.x genuine?

A hosted badge is what lies at its own address, and that address must be its issuer's. A signed badge carries a
signature, whose key must be listed by the issuer. Either way the issuer is whoever controls the web address (https)
at which the issuer's profile lies; nothing more is established.

Source: Open Badges 2.0, section 5 (verification); section 4 (VerificationObject, CryptographicKey, RevocationList).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError, FormatError, KeyMaterialError, ProofError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats.open_badges.values import each, first_node, literal
from openmcx.credentials.formats.open_badges_2.reading import Recipient, read, read_recipient
from openmcx.credentials.keys import signatures
from openmcx.credentials.keys.resolve import Fetch, Unreachable, get
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.model import Credential
from openmcx.credentials.proofs.jose import compact

_LIMITS = jsonld.Limits(max_bytes=512 * 1024, max_depth=32)
_MAX_PEM_BYTES = 16 * 1024
_MAX_KEYS = 50
_MAX_SCOPES = 100
_HOSTED = frozenset({"hosted", "HostedBadge"})
_SIGNED = frozenset({"signed", "SignedBadge"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBadge:
    """A badge that is what it claims to be: published at its issuer's address, or signed with its issuer's key.

    ``issuer_address`` is the https address that stands for the issuer, ``domain`` its host: whoever controls that is
    established, and nobody else. ``assertion`` is what lies there or was signed; read from it, not from what was handed
    in. ``problems`` speak against it all the same: revoked, expired, not valid yet. ``unknown`` is what could not be
    found out. ``checked`` names the steps that were passed.
    """

    credential: Credential
    recipient: Recipient
    method: Literal["hosted", "signed"]
    issuer_address: str
    domain: str
    assertion: dict[str, Any] = field(repr=False)
    key_address: str = ""
    algorithm: str = ""
    problems: tuple[Finding, ...] = ()
    unknown: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()


def verify(document: bytes | str | Mapping[str, Any], *, fetch: Fetch | None, at: dt.datetime) -> VerifiedBadge:
    """This will verify a badge: its assertion (JSON), its JWS, or the address of a hosted one.

    At most five files are fetched. `at` decides whether it has expired. As an address stands for the issuer here,
    `fetch` should not follow a redirect to another host: an open redirect on the issuer's site would let anybody's file
    pass for the issuer's.

    Raises: Unreachable when a part could not be fetched; ProofError when the badge is not what lies at its address,
    that is not its issuer's, or the signature is wrong; KeyMaterialError when the key is unusable; DocumentError and
    FormatError when a part cannot be read.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware time")
    work = _Work(fetch)
    if isinstance(document, Mapping):
        return work.hosted(dict(document), at)
    text = document if isinstance(document, str) else _decoded(document)
    text = text.strip()
    if text.startswith(("https://", "http://")):
        return work.hosted(None, at, address=text)
    if text.startswith("{"):
        return work.hosted(jsonld.load(text, limits=_LIMITS), at)
    return work.signed(text, at)


class _Work:
    """One verification on its way: what was fetched and which steps were passed."""

    def __init__(self, fetch: Fetch | None) -> None:
        self._fetch = fetch
        self.checked: list[str] = []

    # --- hosted -------------------------------------------------------------------------------------------------------

    def hosted(self, given: dict[str, Any] | None, at: dt.datetime, address: str = "") -> VerifiedBadge:
        if given is not None:
            kind, address = _verification(given)
            if kind not in _HOSTED:
                raise ProofError("badge-signature-missing")
        _check_https(address)
        lies_there = self._load(address)
        stated = _id(lies_there) or _verification(lies_there)[1]
        if stated and stated != address:
            raise ProofError("badge-part-is-another", address=address, found=stated)
        self.checked.append("assertion-at-its-address")
        revoked = lies_there.get("revoked") is True
        if given is None or not revoked:
            assertion = lies_there
            if given is not None and given != lies_there:
                raise ProofError("badge-not-what-is-hosted", address=address)
        else:
            # Of a revoked badge nothing but that may be left at its address.
            assertion = given
        badge, badge_address = self._part(assertion.get("badge"), "badge", address)
        issuer, issuer_address = self._part(badge.get("issuer"), "issuer", badge_address)
        _check_https(issuer_address)
        _check_scope(address, issuer, issuer_address)
        self.checked.append("address-is-the-issuers")
        problems = [Finding("revoked")] if revoked else []
        return self._result(assertion, badge, issuer, issuer_address, "hosted", at, problems)

    # --- signed -------------------------------------------------------------------------------------------------------

    def signed(self, token: str, at: dt.datetime) -> VerifiedBadge:
        claimed = compact.read_payload(token, limits=_LIMITS)
        verification = first_node(claimed.get("verification", claimed.get("verify")))
        if literal(verification.get("type")) not in _SIGNED:
            raise ProofError("badge-verification-unknown", type=literal(verification.get("type")))
        badge, _ = self._part(claimed.get("badge"), "badge", "")
        issuer, issuer_address = self._part(badge.get("issuer"), "issuer", "")
        _check_https(issuer_address)
        key_address = literal(verification.get("creator")) or literal(verification.get("url"))
        key, key_address = self._key(key_address, issuer, issuer_address)
        header, payload, _reference, _key = compact.verify_compact(
            token, public_key_for=lambda _: key, types={"jwt", "jws"}, require_type=False, limits=_LIMITS
        )
        self.checked += ["signature", "key-is-the-issuers"]
        problems, unknown = self._revoked(payload, issuer, issuer_address)
        return self._result(
            payload,
            badge,
            issuer,
            issuer_address,
            "signed",
            at,
            problems,
            unknown,
            key_address=key_address,
            algorithm=str(header["alg"]),
        )

    def _key(self, address: str, issuer: Mapping[str, Any], issuer_address: str) -> tuple[PublicKey, str]:
        """This will find the key and make sure that the issuer lists it."""
        listed = each(issuer.get("publicKey"))[:_MAX_KEYS]
        for entry in listed:
            if isinstance(entry, dict) and _id(entry) and (_id(entry) == address or not address):
                return _read_key(entry, issuer_address), _id(entry)
        if not address:
            raise ProofError("badge-key-missing")
        _check_https(address)
        # Version 1 knows no list of keys; then the key must lie where the issuer lies.
        if address not in listed and (listed or not _same_origin(address, issuer_address)):
            raise ProofError("badge-key-not-issuers", address=address, issuer=issuer_address)
        data = self._get(address)
        if data.lstrip().startswith(b"-----BEGIN"):
            return read_pem_key(data), address
        entry = self._json(data, address)
        if _id(entry) not in ("", address):
            raise ProofError("badge-part-is-another", address=address, found=_id(entry))
        return _read_key(entry, issuer_address), address

    def _revoked(
        self, assertion: Mapping[str, Any], issuer: Mapping[str, Any], issuer_address: str
    ) -> tuple[list[Finding], list[Finding]]:
        """This will look the badge up in its issuer's list of revoked ones."""
        address = literal(issuer.get("revocationList"))
        if not address:
            return [], []
        names = {name for name in (_id(assertion), literal(assertion.get("uid"))) if name}
        try:
            _check_https(address)
            listed = self._load(address)
        except Unreachable as error:
            return [], [Finding("status-not-reachable", error.params)]
        except CredentialError as error:
            return [], [Finding("status-list-wrong", {"address": address}, because=Finding.of(error))]
        said = listed.get("issuer")
        if said is not None and _id_of(said) != issuer_address:
            return [], [Finding("status-list-other-issuer", {"address": address, "found": _id_of(said)})]
        self.checked.append("revocation-list")
        entries = listed.get("revokedAssertions")
        if entries is None:  # version 1: the names themselves, with the reasons
            return ([Finding("revoked")] if names & listed.keys() else []), []
        for entry in each(entries):
            found = {entry} if isinstance(entry, str) else set()
            if isinstance(entry, dict):
                found = {_id(entry), literal(entry.get("uid"))}
            if names & found:
                return [Finding("revoked")], []
        return [], []

    # --- both ---------------------------------------------------------------------------------------------------------

    def _result(
        self,
        assertion: dict[str, Any],
        badge: dict[str, Any],
        issuer: dict[str, Any],
        issuer_address: str,
        method: Literal["hosted", "signed"],
        at: dt.datetime,
        problems: list[Finding],
        unknown: list[Finding] | None = None,
        **key: str,
    ) -> VerifiedBadge:
        credential = read(assertion, badge, {**issuer, "id": issuer_address})
        if credential.valid_from > at:
            problems.append(Finding("not-yet-valid", {"date": credential.valid_from.date().isoformat()}))
        if credential.valid_until is not None and credential.valid_until <= at:
            problems.append(Finding("expired", {"date": credential.valid_until.date().isoformat()}))
        return VerifiedBadge(
            credential=credential,
            recipient=read_recipient(assertion),
            method=method,
            issuer_address=issuer_address,
            domain=urlsplit(issuer_address).hostname or "",
            assertion=assertion,
            problems=tuple(problems),
            unknown=tuple(unknown or ()),
            checked=(*self.checked, "validity"),
            **key,
        )

    def _part(self, value: object, member: str, inside: str) -> tuple[dict[str, Any], str]:
        """This will give a part of the badge and its address.

        An embedded part counts only when it has no address of its own, or is embedded in what lies at the same origin:
        otherwise anybody could describe somebody else's. In all other cases what lies at its address counts.
        """
        entry = next(iter(each(value)), None)
        if isinstance(entry, dict):
            address = _id(entry)
            embedded = not address or not address.startswith(("https://", "http://"))
            if (inside and (embedded or _same_origin(address, inside))) or (embedded and member == "badge"):
                return entry, address or inside
        else:
            address = entry if isinstance(entry, str) else ""
        if not address:
            raise FormatError("format-member-missing", member=member, where=f"/{member}")
        _check_https(address)
        fetched = self._load(address)
        if _id(fetched) not in ("", address):
            raise ProofError("badge-part-is-another", address=address, found=_id(fetched))
        self.checked.append(f"{member}-at-its-address")
        return fetched, address

    def _load(self, address: str) -> dict[str, Any]:
        return self._json(self._get(address), address)

    def _get(self, address: str) -> bytes:
        return get(self._fetch, address, "badge-not-reachable")

    def _json(self, data: bytes, address: str) -> dict[str, Any]:
        try:
            return jsonld.load(data, limits=_LIMITS)
        except CredentialError as error:
            raise FormatError("badge-part-unreadable", address=address, because=error) from error


def read_pem_key(data: bytes) -> PublicKey:
    """This will read a public key in PEM: RSA, P-256, P-384 or Ed25519.

    Raises: KeyMaterialError when it is malformed, of another kind or too weak.
    """
    # Loading OpenSSL's bindings costs more than everything else in this module, and few badges are signed.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_public_key,
    )

    if len(data) > _MAX_PEM_BYTES:
        raise KeyMaterialError("badge-key-malformed")
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyMaterialError("badge-key-malformed") from None
    if isinstance(key, rsa.RSAPublicKey):
        found = PublicKey("RSA", key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        found = PublicKey("Ed25519", key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1):
        point = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        found = PublicKey("P-256" if isinstance(key.curve, ec.SECP256R1) else "P-384", point)
    else:
        raise KeyMaterialError("badge-key-malformed")
    signatures.check_public_key(found)
    return found


def _read_key(entry: Mapping[str, Any], issuer_address: str) -> PublicKey:
    owner = entry.get("owner")
    if owner is not None and _id_of(owner) != issuer_address:
        raise ProofError("badge-key-not-issuers", address=_id(entry), issuer=issuer_address)
    pem = entry.get("publicKeyPem")
    if not isinstance(pem, str):
        raise KeyMaterialError("badge-key-malformed")
    return read_pem_key(pem.encode("utf-8", "replace"))


def _verification(assertion: Mapping[str, Any]) -> tuple[str, str]:
    """This will give the kind of verification and the address of a hosted assertion."""
    node = first_node(assertion.get("verification", assertion.get("verify")))
    own = _id(assertion)
    return literal(node.get("type")), own if own.startswith(("https://", "http://")) else literal(node.get("url"))


def _check_scope(address: str, issuer: Mapping[str, Any], issuer_address: str) -> None:
    """This will refuse an assertion at an address that its issuer does not name as one of its own.

    Source: Open Badges 2.0, section 4.9: ``startsWith``, ``allowedOrigins``; without both, the issuer's own origin.
    """
    policy = first_node(issuer.get("verification"))
    beginnings = [one for one in each(policy.get("startsWith"))[:_MAX_SCOPES] if isinstance(one, str)]
    origins = [one for one in each(policy.get("allowedOrigins"))[:_MAX_SCOPES] if isinstance(one, str)]
    if not beginnings and not origins:
        within = _same_origin(address, issuer_address)
    else:
        # “https://uni.example” is no beginning of “https://uni.example.evil.example/…”.
        within = not beginnings or any(address.startswith(one) and _same_origin(address, one) for one in beginnings)
        within = within and (not origins or any(_names_host(one, address) for one in origins))
    if not within:
        raise ProofError("badge-out-of-scope", address=address, issuer=issuer_address)


def _names_host(origin: str, address: str) -> bool:
    if "//" in origin:
        return _same_origin(origin, address)
    parts = urlsplit(address)
    return origin.lower() in (parts.hostname, parts.netloc.lower())


def _same_origin(one: str, other: str) -> bool:
    found = _origin(one)
    return found is not None and found == _origin(other)


def _origin(address: str) -> tuple[str, int] | None:
    """This will give host and port of an https address; of any other, None."""
    try:
        parts = urlsplit(address)
        port = parts.port or 443
    except ValueError:
        return None
    # Whoever writes a user name, a backslash or a blank into an address wants readers to see different hosts.
    odd = "@" in parts.netloc or "\\" in address or not address.isprintable() or " " in address
    return (parts.hostname, port) if parts.scheme == "https" and parts.hostname and not odd else None


def _check_https(address: str) -> None:
    if _origin(address) is None:
        raise ProofError("badge-address-not-https", address=address)


def _id(node: Mapping[str, Any]) -> str:
    value = node.get("id", node.get("@id"))
    return value if isinstance(value, str) else ""


def _id_of(value: object) -> str:
    if isinstance(value, dict):
        return _id(value)
    return value if isinstance(value, str) else ""


def _decoded(data: bytes) -> str:
    if len(data) > 2 * _LIMITS.max_bytes:
        raise FormatError("document-too-large", size=len(data), limit=2 * _LIMITS.max_bytes)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise FormatError("document-not-utf8", position=error.start) from error
