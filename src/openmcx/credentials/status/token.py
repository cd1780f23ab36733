"""Token Status List: the state of many credentials in one signed token, 1, 2, 4 or 8 bits each.

It differs from the Bitstring Status List in all that matters: index 0 is the *least* significant bit, the bits are
packed by zlib without a multibase prefix, and the token is a JWT or CWT of its own, not a credential.

    bits = new_list()
    put(bits, index, INVALID)
    token = sign(bits, address="https://uni.example/status/1", signer=signer, issued_at=now)
    check(status, issuer=issuer, at=now, fetch=get, public_key_for=keys)

Lists of ours have room for at least as many credentials as Bitstring Status Lists, and indices are drawn at random
(`bitstring.random_free_indices`), so that asking for one tells nobody which credential is being looked at.

Source: Token Status List (IETF OAuth), sections 4 (status list), 5 (status list token), 6 (referenced token), 7 (status
types) and 8.3 (validation rules).
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials import base64url, cbor, jsonld
from openmcx.credentials.errors import CredentialError, ProofError, StatusError
from openmcx.credentials.findings import Finding
from openmcx.credentials.keys.resolve import Fetch, Unreachable, get
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.proofs import cose, jose
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose.compact import KeyFinder
from openmcx.credentials.proofs.jose.credentials import written
from openmcx.credentials.proofs.times import CLOCK_SKEW
from openmcx.credentials.report import Check, Outcome
from openmcx.credentials.status.bitstring import MINIMUM_ENTRIES

VALID, INVALID, SUSPENDED = 0, 1, 2
BITS = (1, 2, 4, 8)
# 2 million credentials at 8 bits, 16 million at one.
MAXIMUM_BYTES = 2 * 1024 * 1024
JWT_TYPE = "statuslist+jwt"
CWT_TYPE = "statuslist+cwt"
_SUB, _EXP, _IAT, _TTL, _STATUS_LIST = 2, 4, 6, 65534, 65533
_BAD = {INVALID: "revoked", SUSPENDED: "suspended"}
_MAX_TOKEN_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class VerifiedList:
    """A status list whose signature is right. The times are for the caller to judge.

    Units: `ttl_seconds` in seconds, for how long it may be kept before it is asked for anew.
    """

    address: str
    bits: int
    data: bytes = field(repr=False)
    issued_at: dt.datetime
    expires_at: dt.datetime | None = None
    ttl_seconds: int | None = None

    def status(self, index: int) -> int:
        """This will give the status at `index`. Raises: StatusError when it lies outside the list."""
        return status_at(self.data, index, bits=self.bits)


def new_list(entries: int = MINIMUM_ENTRIES, *, bits: int = 1) -> bytearray:
    """This will give an empty list: everything in it is valid.

    Raises: StatusError when it would be too short to hide anybody in, or too long, or `bits` is not 1, 2, 4 or 8.
    """
    _check_bits(bits)
    if entries < MINIMUM_ENTRIES:
        raise StatusError("status-list-too-short", found=entries, expected=MINIMUM_ENTRIES)
    size = (entries * bits + 7) // 8
    if size > MAXIMUM_BYTES:
        raise StatusError("status-list-too-large", limit=MAXIMUM_BYTES)
    return bytearray(size)


def status_at(data: bytes | bytearray, index: int, *, bits: int = 1) -> int:
    """This will give the status at `index`.

    Raises: StatusError when it lies outside the list, or `bits` is not 1, 2, 4 or 8.
    """
    place, shift = _place(data, index, bits)
    return data[place] >> shift & (1 << bits) - 1


def put(data: bytearray, index: int, status: int, *, bits: int = 1) -> None:
    """This will set the status at `index`.

    Raises: StatusError when it lies outside the list, or the status does not fit into the bits.
    """
    place, shift = _place(data, index, bits)
    mask = (1 << bits) - 1
    if not 0 <= status <= mask:
        raise StatusError("status-value-out-of-range", value=status)
    data[place] = data[place] & ~(mask << shift) | status << shift


def pack(data: bytes | bytearray) -> bytes:
    """This will pack a list by zlib, as tightly as it can."""
    return zlib.compress(data, 9)


def unpack(packed: bytes, *, max_bytes: int = MAXIMUM_BYTES) -> bytes:
    """This will unpack a list; at most `max_bytes` are unpacked, whatever the packed form promises.

    Raises: StatusError when it is no zlib, is cut off or followed by something else, or unpacks to more.
    """
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(packed, max_bytes + 1)
    except zlib.error:
        raise StatusError("status-list-encoding", reason="no-zlib") from None
    if len(data) > max_bytes:
        raise StatusError("status-list-too-large", limit=max_bytes)
    if not inflater.eof or inflater.unused_data:
        raise StatusError("status-list-encoding", reason="bits-cut-off")
    return data


def reference(address: str, index: int) -> dict[str, Any]:
    """This will write the claim ``status`` of a credential whose state stands at `index` of the list at `address`."""
    return {"status_list": {"idx": index, "uri": address}}


def sign(
    data: bytes | bytearray,
    *,
    address: str,
    signer: Signer,
    issued_at: dt.datetime,
    bits: int = 1,
    expires_at: dt.datetime | None = None,
    ttl_seconds: int | None = None,
) -> str:
    """This will sign a list as the JWT that is published at `address`.

    Raises: StatusError when the list is too short to hide anybody in.
    """
    _check_length(data, bits)
    claims: dict[str, Any] = {"sub": address, "iat": jwt.numeric_date(issued_at)}
    if expires_at is not None:
        claims["exp"] = jwt.numeric_date(expires_at)
    if ttl_seconds is not None:
        claims["ttl"] = ttl_seconds
    claims["status_list"] = {"bits": bits, "lst": base64url.encode(pack(data))}
    return jose.sign_compact(written(claims), signer=signer, header={"typ": JWT_TYPE})


def sign_cwt(
    data: bytes | bytearray,
    *,
    address: str,
    signer: Signer,
    issued_at: dt.datetime,
    bits: int = 1,
    expires_at: dt.datetime | None = None,
    ttl_seconds: int | None = None,
) -> bytes:
    """This will sign a list as CWT, the binary form of the same. Raises: as `sign`."""
    _check_length(data, bits)
    claims: dict[int, Any] = {_SUB: address}
    if expires_at is not None:
        claims[_EXP] = jwt.numeric_date(expires_at)
    claims[_IAT] = jwt.numeric_date(issued_at)
    claims[_STATUS_LIST] = {"bits": bits, "lst": pack(data)}
    if ttl_seconds is not None:
        claims[_TTL] = ttl_seconds
    return cose.sign1(cbor.dumps(claims), signer=signer, header={16: f"application/{CWT_TYPE}"})


def verify(token: bytes | str, *, address: str, public_key_for: KeyFinder, issuer: str = "") -> VerifiedList:
    """This will verify a status list token, JWT or CWT, that was found at `address`, or raise.

    `public_key_for` decides whether the key may sign for the issuer of the credential; `issuer` is handed to it.

    Raises: ProofError, DocumentError, StatusError, and what `public_key_for` raises.
    """
    if isinstance(token, str):
        token = token.encode("ascii", "replace")
    if len(token) > _MAX_TOKEN_BYTES:
        raise StatusError("status-list-too-large", limit=MAXIMUM_BYTES)
    text = token.strip()  # whitespace around a text; in binary it may be the end of the signature
    claims = _jwt(text, public_key_for, issuer) if text[:2] == b"ey" else _cwt(token, public_key_for, issuer)
    if jwt.text_of(claims, "sub") != address:
        raise ProofError("jwt-claim-differs", member="sub", expected="status_list.uri")
    issued_at = jwt.time_of(claims, "iat")
    if issued_at is None:
        raise ProofError("jwt-claim-missing", member="iat")
    ttl = claims.get("ttl")
    if ttl is not None and (isinstance(ttl, bool) or not isinstance(ttl, int | float) or ttl <= 0):
        raise ProofError("jwt-claim-invalid", member="ttl")
    found = claims.get("status_list")
    if not isinstance(found, Mapping):
        raise ProofError("jwt-claim-missing" if found is None else "jwt-claim-invalid", member="status_list")
    bits = found.get("bits")
    if type(bits) is not int:
        raise ProofError("jwt-claim-invalid", member="bits")
    _check_bits(bits)
    packed = found.get("lst")
    if not isinstance(packed, bytes):
        raise ProofError("jwt-claim-invalid", member="lst")
    return VerifiedList(
        address=address,
        bits=bits,
        data=unpack(packed),
        issued_at=issued_at,
        expires_at=jwt.time_of(claims, "exp"),
        ttl_seconds=int(ttl) if ttl is not None else None,
    )


def check(
    status: object,
    *,
    issuer: str,
    at: dt.datetime,
    fetch: Fetch | None,
    public_key_for: KeyFinder,
) -> Check:
    """This will ask the list that the claim ``status`` of a credential of `issuer` refers to.

    `public_key_for` gives the key of a token and must refuse any that is not the issuer's.
    """
    if status is None:
        return Check("status", Outcome.PASSED, Finding("status-none"))
    entry = status.get("status_list") if isinstance(status, Mapping) else None
    if not isinstance(entry, Mapping):
        names = ", ".join(sorted(map(str, status))) if isinstance(status, Mapping) else type(status).__name__
        return Check("status", Outcome.NOT_CHECKABLE, Finding("status-kind-unsupported", {"type": names[:80]}))
    address, index = entry.get("uri"), entry.get("idx")
    evidence: dict[str, Any] = {"list": address, "index": index}
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return _wrong(str(address)[:80], Finding("status-list-without-address"), evidence)
    if type(index) is not int:
        return _wrong(address, Finding("status-index-no-number"), evidence)
    try:
        data = get(fetch, address, "status-not-reachable")
        listed = verify(data, address=address, public_key_for=public_key_for, issuer=issuer)
        if listed.issued_at > at + CLOCK_SKEW:
            finding = Finding("proof-from-the-future", {"date": listed.issued_at.date().isoformat()})
            return _wrong(address, finding, evidence)
        found = listed.status(index)
    except Unreachable as error:
        finding = Finding("status-not-reachable", {**error.params, "address": address})
        return Check("status", Outcome.NOT_CHECKABLE, finding, evidence)
    except CredentialError as error:
        return _wrong(address, Finding.of(error), evidence)
    evidence["status"] = found
    if found in _BAD:
        return Check("status", Outcome.FAILED, Finding(_BAD[found]), evidence)
    if found != VALID:
        finding = Finding("status-kind-unsupported", {"type": f"0x{found:02X}"})
        return Check("status", Outcome.NOT_CHECKABLE, finding, evidence)
    if listed.expires_at is not None and listed.expires_at <= at:
        # What was revoked since then would not stand in it.
        finding = Finding("status-list-outdated", {"address": address, "date": listed.expires_at.date().isoformat()})
        return Check("status", Outcome.NOT_CHECKABLE, finding, evidence)
    return Check("status", Outcome.PASSED, Finding("status-good"), evidence)


def _jwt(token: bytes, public_key_for: KeyFinder, issuer: str) -> dict[str, Any]:
    _, claims, _, _ = jose.verify_compact(
        token.decode("ascii", "replace"),
        public_key_for=public_key_for,
        types={JWT_TYPE},
        issuer_of=lambda _: issuer,
        limits=jsonld.Limits(max_bytes=_MAX_TOKEN_BYTES, max_depth=16),
    )
    found = claims.get("status_list")
    if isinstance(found, dict) and isinstance(found.get("lst"), str):
        try:
            found["lst"] = base64url.decode(found["lst"])
        except ValueError:
            raise StatusError("status-list-encoding", reason="no-zlib") from None
    return claims


def _cwt(token: bytes, public_key_for: KeyFinder, issuer: str) -> dict[str, Any]:
    message = cose.verify1(token, public_key_for=public_key_for, types={CWT_TYPE}, issuer_of=lambda _: issuer)
    claims = cbor.loads(message.payload)
    if not isinstance(claims, dict):
        raise ProofError("cose-malformed", reason="cbor-malformed")
    names = {_SUB: "sub", _EXP: "exp", _IAT: "iat", _TTL: "ttl", _STATUS_LIST: "status_list"}
    return {names[label]: value for label, value in claims.items() if label in names}


def _check_bits(bits: int) -> None:
    if bits not in BITS:
        raise StatusError("status-bits-invalid", found=bits)


def _check_length(data: bytes | bytearray, bits: int) -> None:
    _check_bits(bits)
    entries = len(data) * 8 // bits
    if entries < MINIMUM_ENTRIES:
        raise StatusError("status-list-too-short", found=entries, expected=MINIMUM_ENTRIES)


def _place(data: bytes | bytearray, index: int, bits: int) -> tuple[int, int]:
    _check_bits(bits)
    size = len(data) * 8 // bits
    if not 0 <= index < size:
        raise StatusError("status-index-out-of-range", index=index, size=size)
    return index * bits >> 3, index * bits & 7


def _wrong(address: str, because: Finding, evidence: Mapping[str, Any]) -> Check:
    finding = Finding("status-list-wrong", {"address": address}, because=because)
    return Check("status", Outcome.FAILED, finding, evidence)
