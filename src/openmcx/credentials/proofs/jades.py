"""JAdES: the seal of European Digital Credentials, an advanced electronic seal in JSON.

    sealed = sign(text, signer=signer, chain=chain, sealed_at=now, timestamp=ask_authority)
    seal = verify(sealed, at=now, anchors=trusted)
    seal.document, seal.certificate.subject, seal.path

The Commission's serialisation is JWS JSON General with ``b64: false``: ``payload`` is the credential's JSON text as it
was sealed, byte for byte. Reading it and writing it anew would break the seal. What is signed is made with the levels
B-B and B-T; B-LT and B-LTA are read, and what of them is not checked is named.

Source: ETSI TS 119 182-1 v1.2.1 (JAdES); RFC 7515 (JWS), sections 4.1.11, 5.2 and 7.2.1; RFC 7797 (``b64``).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import orjson

from openmcx.credentials import base64url, jsonld
from openmcx.credentials.errors import CredentialError, DocumentError, FormatError, KeyMaterialError, ProofError
from openmcx.credentials.findings import Finding
from openmcx.credentials.instants import parse_instant
from openmcx.credentials.jsonld import DEFAULT, Limits
from openmcx.credentials.keys import x509
from openmcx.credentials.keys.x509 import Anchors, Certificate, Path
from openmcx.credentials.proofs import signatures, time_stamps

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Signer

type Timestamp = Callable[[bytes], bytes]
"""Gets a time-stamp (a token of RFC 3161 in DER) on a SHA-256 digest from an authority."""

type Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
type StampKind = Literal["content", "signature", "archive"]

# The headers that may be critical because what they mean is heeded here. All else that is critical is refused.
_UNDERSTOOD = frozenset({"b64", "sigT", "iat", "adoTst"})
# Source: RFC 7515, section 4.1.11: its own headers are never listed.
_NEVER_CRITICAL = frozenset({"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"})
_MAX_SIGNATURES = 4
_MAX_ADDED = 32
_MAX_STAMPS = 8
_LATEST = 2**34  # seconds since 1970: the year 2514
_VALUES = ("xVals", "rVals", "axVals", "arVals", "tstVD", "anyValData")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp of a seal: on the content before sealing, on the seal, or on the whole for the archive.

    `trusted`: its authority is trusted. `fault` says what is wrong, if anything is; then it counts for nothing.
    """

    kind: StampKind
    time: dt.datetime | None = None
    authority: Certificate | None = None
    trusted: bool = False
    fault: Finding | None = None


@dataclass(frozen=True, slots=True)
class VerifiedSeal:
    """A seal whose signature is right, and what is known about whose it is.

    ``document`` is what was sealed, ``payload`` its text, byte for byte. ``claimed_at`` is when the sealer says to have
    sealed, ``sealed_at`` the time before which a trusted authority saw the seal. ``path`` leads from the certificate to
    a trusted one; without it ``path_fault`` says what is wrong, and the seal proves only that nothing was changed since
    somebody sealed it. ``unchecked`` names what nobody checked. ``others`` are further seals, all verified too.
    """

    document: dict[str, Any] = field(repr=False)
    payload: str = field(repr=False)
    algorithm: str
    certificate: Certificate
    level: Level
    claimed_at: dt.datetime | None = None
    sealed_at: dt.datetime | None = None
    path: Path | None = None
    path_fault: Finding | None = None
    stamps: tuple[Stamp, ...] = ()
    unchecked: tuple[Finding, ...] = ()
    others: tuple[VerifiedSeal, ...] = ()


# --- sealing ----------------------------------------------------------------------------------------------------------


def sign(
    payload: str,
    *,
    signer: Signer,
    chain: Sequence[Certificate],
    sealed_at: dt.datetime,
    timestamp: Timestamp | None = None,
) -> dict[str, Any]:
    """This will seal a JSON text: level B-B, or B-T when `timestamp` gets time-stamps.

    `chain` begins with the certificate of the signer's key; the trusted certificate may be left out. Write the result
    with any JSON writer: a JSON text gives ``payload`` back exactly.

    Raises: DocumentError when the text is no JSON object; KeyMaterialError when the certificate is not for seals or
    not valid at `sealed_at`; ProofError when it is of another key or the time-stamp is not for this seal.
    Source: ETSI TS 119 182-1, sections 5.1, 5.3.4 and 6.
    """
    jsonld.load(payload)
    if sealed_at.tzinfo is None:
        raise ValueError("`sealed_at` must be an aware time")
    certificate = chain[0]
    if x509.public_key(certificate) != signer.public_key:
        raise ProofError("seal-invalid", reason="seal-of-another")
    x509.check_purpose(certificate, "seal")
    x509.check_time(certificate, sealed_at)
    header = {
        "alg": signatures.jws_algorithm(signer.algorithm),
        "typ": "jose+json",
        "cty": "json",
        "x5t#S256": base64url.encode(certificate.sha256),
        "x5c": [base64.b64encode(entry.der).decode() for entry in chain],
        "iat": int(sealed_at.timestamp()),
        "b64": False,
        "crit": ["b64"],
    }
    protected = base64url.encode(orjson.dumps(header))
    signature = base64url.encode(signer.sign(f"{protected}.{payload}".encode()))
    added = []
    if timestamp is not None:
        covered = signature.encode()
        token = timestamp(hashlib.sha256(covered).digest())
        time_stamps.verify(token, covered)
        content = {"sigTst": {"tstTokens": [{"val": base64.b64encode(token).decode()}]}}
        added = [base64url.encode(orjson.dumps(content))]
    entry = {"protected": protected, **({"header": {"etsiU": added}} if added else {}), "signature": signature}
    return {"payload": payload, "signatures": [entry]}


# --- verifying --------------------------------------------------------------------------------------------------------


def verify(
    sealed: Mapping[str, Any],
    *,
    at: dt.datetime,
    anchors: Anchors,
    time_stamp_anchors: Anchors | None = None,
    limits: Limits = DEFAULT,
) -> VerifiedSeal:
    """This will verify every seal of a document, or raise when a signature is wrong or a seal is malformed.

    That a certificate leads to none that is trusted does not raise: see ``path`` of the result. The certificate must
    have been valid when a time-stamp of a trusted authority (`time_stamp_anchors`, without them `anchors`) saw the
    seal, and without one at the time `at`.

    Raises: ProofError, KeyMaterialError; DocumentError when what was sealed is no JSON object.
    Source: RFC 7515, section 5.2; ETSI EN 319 102-1, sections 5.2 to 5.5; ETSI TS 119 182-1, section 5.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware time")
    payload = sealed.get("payload")
    if not isinstance(payload, str):
        _refuse("seal-not-a-jws")
    entries = _entries(sealed)
    seals = [_Seal(payload, entry, where) for where, entry in entries]
    if len({seal.encoded for seal in seals}) > 1:  # then what was sealed would be one thing to one, another to another
        _refuse("seal-header-wrong", "/signatures", member="b64")
    text = seals[0].text()
    document = jsonld.load(text, limits=limits)
    judge = _Judge(at, anchors, anchors if time_stamp_anchors is None else time_stamp_anchors)
    verified = [judge.judge(seal, document, text) for seal in seals]
    return replace(verified[0], others=tuple(verified[1:]))


def _entries(sealed: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """This will give the signatures of the general form, or that of the flattened one, with their places."""
    if ("signatures" in sealed) == ("signature" in sealed):
        _refuse("seal-not-a-jws")
    if "signature" in sealed:
        return [("", sealed)]
    entries = sealed["signatures"]
    if not isinstance(entries, list) or not entries or "protected" in sealed or "header" in sealed:
        _refuse("seal-not-a-jws")
    if len(entries) > _MAX_SIGNATURES:
        _refuse("seal-too-many", "/signatures", limit=_MAX_SIGNATURES)
    for entry in entries:
        if not isinstance(entry, dict):
            _refuse("seal-not-a-jws", "/signatures")
    return [(f"/signatures/{index}", entry) for index, entry in enumerate(entries)]


class _Seal:
    """One signature: its headers read and compared with what is allowed, nothing verified yet."""

    def __init__(self, payload: str, entry: Mapping[str, Any], where: str) -> None:
        self.payload, self.where = payload, where
        protected, signature = entry.get("protected"), entry.get("signature")
        if not isinstance(protected, str) or not isinstance(signature, str):
            _refuse("seal-not-a-jws", where)
        self.protected, self.signature_text = protected, signature
        try:
            self.header = jsonld.load(base64url.decode(protected))
            self.signature = base64url.decode(signature)
        except (ValueError, DocumentError) as error:
            _refuse("seal-header-malformed", f"{where}/protected", because=error)
        self._check_critical()
        self.encoded = self._encoded()
        algorithm = self.header.get("alg")
        if not isinstance(algorithm, str):
            self._wrong("alg")
        self.algorithm = algorithm
        self.claimed_at = self._claimed_at()
        if "x5c" not in self.header:
            _refuse("seal-no-certificate", f"{where}/protected")
        self.chain = x509.read_chain(self.header["x5c"])
        digest = self.header.get("x5t#S256")
        if digest is not None:
            expected = base64url.encode(self.chain[0].sha256)
            if not isinstance(digest, str) or not hmac.compare_digest(digest.encode(), expected.encode()):
                _refuse("seal-certificate-differs", f"{where}/protected")
        self.added_texts, self.added = self._read_added(entry)

    def signed(self) -> bytes:
        """This will give the bytes that are signed."""
        return f"{self.protected}.{self.payload}".encode()

    def text(self) -> str:
        """This will give what was sealed, as text."""
        if not self.encoded:
            return self.payload
        try:
            return base64url.decode(self.payload).decode()
        except ValueError:
            _refuse("seal-payload-malformed", "/payload")

    def certificates(self) -> list[Certificate]:
        """This will give the certificates that came along to find a path with.

        Those added after sealing are no part of what was sealed: a malformed one is passed over.
        """
        found = list(self.chain[1:])
        for values in (entry["xVals"] for entry in self.added if "xVals" in entry):
            for value in values[: x509.MAX_CHAIN] if isinstance(values, list) else []:
                holder = value.get("x509Cert") if isinstance(value, dict) else None
                text = holder.get("val") if isinstance(holder, dict) else None
                if isinstance(text, str) and len(found) < x509.MAX_CHAIN - 1:
                    with suppress(KeyMaterialError):
                        found.append(x509.read_certificate(x509.decode_base64(text)))
        return found

    def _check_critical(self) -> None:
        if "sigD" in self.header:
            _refuse("seal-detached", f"{self.where}/protected")
        if "crit" not in self.header:
            return
        names = self.header["crit"]
        well_formed = isinstance(names, list) and names and all(isinstance(name, str) for name in names)
        if not well_formed or len({*names}) != len(names) or not _NEVER_CRITICAL.isdisjoint(names):
            _refuse("seal-critical-wrong", f"{self.where}/protected")
        for name in names:
            if name not in self.header:
                _refuse("seal-critical-wrong", f"{self.where}/protected")
            if name not in _UNDERSTOOD:
                _refuse("seal-critical-unknown", f"{self.where}/protected", member=name)

    def _encoded(self) -> bool:
        value = self.header.get("b64", True)
        # Source: RFC 7797, section 6: who does not know b64 must refuse the seal, so it has to be critical.
        if not isinstance(value, bool) or ("b64" in self.header and "b64" not in self.header.get("crit", ())):
            self._wrong("b64")
        return value

    def _claimed_at(self) -> dt.datetime | None:
        if "sigT" in self.header and "iat" in self.header:
            _refuse("seal-two-times", f"{self.where}/protected")
        if "sigT" in self.header:
            try:
                return parse_instant(self.header["sigT"], member="sigT")
            except FormatError:
                self._wrong("sigT")
        seconds = self.header.get("iat")
        if seconds is None:
            return None
        if type(seconds) is not int or not 0 <= seconds < _LATEST:
            self._wrong("iat")
        return dt.datetime.fromtimestamp(seconds, dt.UTC)

    def _read_added(self, entry: Mapping[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
        """This will read what was added after sealing: as texts, in which form they are time-stamped, and as objects.

        Source: ETSI TS 119 182-1, section 5.3.1: nothing else stands in the unprotected header.
        """
        if "header" not in entry:
            return [], []
        where = f"{self.where}/header"
        header = entry["header"]
        if not isinstance(header, dict) or set(header) != {"etsiU"}:
            _refuse("seal-header-unprotected", where)
        values = header["etsiU"]
        if not isinstance(values, list) or not values or len(values) > _MAX_ADDED:
            _refuse("seal-unsigned-malformed", where)
        if all(isinstance(value, dict) for value in values):
            objects, texts = values, []
        elif all(isinstance(value, str) for value in values):
            try:
                objects, texts = [jsonld.load(base64url.decode(value)) for value in values], values
            except (ValueError, DocumentError) as error:
                _refuse("seal-unsigned-malformed", where, because=error)
        else:
            _refuse("seal-unsigned-malformed", where)
        if any(len(value) != 1 for value in objects):
            _refuse("seal-unsigned-malformed", where)
        return texts, objects

    def _wrong(self, member: str) -> NoReturn:
        _refuse("seal-header-wrong", f"{self.where}/protected", member=member)


@dataclass(frozen=True, slots=True)
class _Judge:
    at: dt.datetime
    anchors: Anchors
    time_stamp_anchors: Anchors

    def judge(self, seal: _Seal, document: dict[str, Any], text: str) -> VerifiedSeal:
        certificate = seal.chain[0]
        key = x509.public_key(certificate)
        if not signatures.verify(key, seal.signature, seal.signed(), jws_algorithm=seal.algorithm):
            raise ProofError("signature-wrong", where=f"{seal.where}/signature")
        stamps, seen_at = self._stamps(seal)
        path, fault = None, None
        try:
            path = x509.find_path(
                certificate, seal.certificates(), anchors=self.anchors, at=seen_at or self.at, purpose="seal"
            )
        except KeyMaterialError as error:
            fault = Finding.of(error)
        return VerifiedSeal(
            document=document,
            payload=text,
            algorithm=seal.algorithm,
            certificate=certificate,
            level=_level(seal, stamps),
            claimed_at=seal.claimed_at,
            sealed_at=seen_at,
            path=path,
            path_fault=fault,
            stamps=tuple(stamps),
            unchecked=tuple(_unchecked(seal)),
        )

    def _stamps(self, seal: _Seal) -> tuple[list[Stamp], dt.datetime | None]:
        """This will verify the time-stamps, the latest first: each shows that those before it were there in time.

        Source: ETSI EN 319 102-1, section 5.6.2.3 (past signature validation), without revocation.
        """
        seen_at: dt.datetime | None = None
        found: list[Stamp] = []
        for position in reversed(range(len(seal.added))):
            [(name, content)] = seal.added[position].items()
            if name not in ("sigTst", "arcTst"):
                continue
            kind: StampKind = "signature" if name == "sigTst" else "archive"
            covered = seal.signature_text.encode() if name == "sigTst" else _archived(seal, position)
            stamps = self._of(seal, kind, content, covered, seen_at or self.at)
            times = [stamp.time for stamp in stamps if stamp.trusted and stamp.time is not None]
            if times and (seen_at is None or min(times) < seen_at):
                seen_at = min(times)
            found += stamps
        if "adoTst" in seal.header:  # it says that the content was there before the seal, nothing about the seal
            covered = seal.payload.encode()
            found += self._of(seal, "content", seal.header["adoTst"], covered, seen_at or self.at)
        return found, seen_at

    def _of(self, seal: _Seal, kind: StampKind, content: Any, covered: bytes | None, at: dt.datetime) -> list[Stamp]:
        tokens = content.get("tstTokens") if isinstance(content, dict) else None
        if not isinstance(tokens, list) or not 0 < len(tokens) <= _MAX_STAMPS:
            return [Stamp(kind, fault=_stamp_fault("timestamp-malformed"))]
        if covered is None or "canonAlg" in content:
            return [Stamp(kind, fault=Finding("seal-archive-not-checked"))]
        return [self._one(seal, kind, token, covered, at) for token in tokens]

    def _one(self, seal: _Seal, kind: StampKind, token: Any, covered: bytes, at: dt.datetime) -> Stamp:
        if not isinstance(token, dict) or not isinstance(token.get("val"), str):
            return Stamp(kind, fault=_stamp_fault("timestamp-malformed"))
        if not token.keys() <= {"val"}:  # another type or encoding than those of RFC 3161
            return Stamp(kind, fault=_stamp_fault("timestamp-format-unknown"))
        try:
            stamp = time_stamps.verify(_token_bytes(token["val"]), covered)
        except ProofError as error:
            return Stamp(kind, fault=Finding.of(error))
        if stamp.time > at:
            return Stamp(kind, stamp.time, stamp.authority, fault=Finding("seal-stamp-from-the-future"))
        others = [*stamp.others, *seal.certificates()][: x509.MAX_CHAIN - 1]
        try:
            x509.find_path(stamp.authority, others, anchors=self.time_stamp_anchors, at=at, purpose="time-stamp")
            x509.check_time(stamp.authority, stamp.time)
        except KeyMaterialError as error:
            return Stamp(kind, stamp.time, stamp.authority, fault=Finding.of(error))
        return Stamp(kind, stamp.time, stamp.authority, trusted=True)


def _archived(seal: _Seal, position: int) -> bytes | None:
    """This will give the bytes that an archive time-stamp covers: the seal and all that was added before.

    Source: ETSI TS 119 182-1, section 5.3.6.2.2. What was added in clear would have to be canonicalised: None.
    """
    if not seal.added_texts:
        return None
    parts = (seal.payload, seal.protected, seal.signature_text, "".join(seal.added_texts[:position]))
    return ".".join(parts).encode()


def _token_bytes(text: str) -> bytes:
    if len(text) > 2 * time_stamps.MAX_TOKEN_BYTES:
        raise ProofError("timestamp-invalid", reason="timestamp-too-large", limit=time_stamps.MAX_TOKEN_BYTES)
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ProofError("timestamp-invalid", reason="timestamp-malformed") from error


def _level(seal: _Seal, stamps: Sequence[Stamp]) -> Level:
    """This will give the level that a seal has by what was added and is right."""
    right = {stamp.kind for stamp in stamps if stamp.time is not None}
    names = {name for entry in seal.added for name in entry}
    if "signature" not in right:
        return "B-B"
    if not {"xVals", "rVals"} <= names:
        return "B-T"
    return "B-LTA" if "archive" in right else "B-LT"


def _unchecked(seal: _Seal) -> list[Finding]:
    names = {name for entry in seal.added for name in entry}
    known = {"sigTst", "arcTst", *_VALUES}
    found = [Finding("seal-revocation-not-checked")]
    if "rVals" in names:
        found.append(Finding("seal-revocation-data-not-read"))
    found += [Finding("seal-addition-not-read", {"member": name[:40]}) for name in sorted(names - known)]
    return found


def _stamp_fault(reason: str) -> Finding:
    return Finding("timestamp-invalid", {"reason": reason})


def _refuse(reason: str, where: str = "", *, because: Exception | None = None, **params: object) -> NoReturn:
    cause = because if isinstance(because, CredentialError) else None
    raise ProofError("seal-invalid", where=where or None, because=cause, reason=reason, **params) from because
