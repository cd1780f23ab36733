"""Verifying a seal: does it cover the whole file, is it right, and whose is it?"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.findings import Finding
from openmcx.credentials.keys import signatures, x509
from openmcx.credentials.pdf_files.reading import PdfFile
from openmcx.credentials.proofs import time_stamps
from openmcx.credentials.proofs.pades.field import DIGESTS, MAX_CONTENT_BYTES, covers_all, read_time, seals

if TYPE_CHECKING:
    from asn1crypto import cms

    from openmcx.credentials.keys.signer import Algorithm, PublicKey
    from openmcx.credentials.keys.x509 import Anchors, Certificate, Path

SUBFILTER = "ETSI.CAdES.detached"
_STRONG = frozenset({"sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class SealedPdf:
    """A PDF file whose seal is right and covers all of it, and what is known about whose it is.

    ``claimed_at`` is when the file says that it was sealed, ``sealed_at`` the time before which a trusted authority saw
    the seal. ``path`` leads from the certificate to a trusted one; without it ``path_fault`` says what is wrong, and
    the seal proves only that nothing was changed since somebody sealed it. ``unchecked`` names what nobody checked.
    """

    certificate: Certificate
    algorithm: Algorithm
    digest: str
    level: Literal["B-B", "B-T"]
    claimed_at: dt.datetime | None = None
    sealed_at: dt.datetime | None = None
    authority: Certificate | None = None
    path: Path | None = None
    path_fault: Finding | None = None
    stamp_fault: Finding | None = None
    other_seals: int = 0
    unchecked: tuple[Finding, ...] = ()


def verify(
    pdf: bytes, *, at: dt.datetime, anchors: Anchors, time_stamp_anchors: Anchors | None = None
) -> SealedPdf | None:
    """This will verify the seal that covers the whole file, or give None when the file has no seal at all.

    That a certificate leads to none that is trusted does not raise: see ``path`` of the result. The certificate must
    have been valid when a time-stamp of a trusted authority (`time_stamp_anchors`, without them `anchors`) saw the
    seal, and without one at the time `at`. Seals within the sealed part are counted and not verified.

    Raises: ProofError when something was changed or added after sealing, the signature is wrong or the seal is
    malformed; DocumentError when the file is damaged; KeyMaterialError when the certificate's key is unusable.
    Source: ETSI EN 319 142-1, section 5; ISO 32000-1, section 12.8.1; RFC 5652, section 5.6.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware time")
    file = PdfFile(pdf)
    found = list(seals(file))
    if not found:
        return None
    covering = [entry for entry in found if covers_all(file, entry)]
    if len(covering) != 1:
        raise ProofError("pdf-changed-after-sealing")
    entry = covering[0]
    if entry.get("SubFilter") != SUBFILTER:
        raise ProofError("pdf-seal-kind-unsupported", type=str(entry.get("SubFilter", "")))
    _, first, second, length = entry["ByteRange"]
    parts = _parsed_content(entry["Contents"])
    return _judge(
        parts,
        pdf[:first],
        pdf[second : second + length],
        at=at,
        anchors=anchors,
        time_stamp_anchors=anchors if time_stamp_anchors is None else time_stamp_anchors,
        claimed_at=read_time(entry.get("M")),
        others=len(found) - 1,
    )


def _judge(
    parts: _Parts,
    before: bytes,
    behind: bytes,
    *,
    at: dt.datetime,
    anchors: Anchors,
    time_stamp_anchors: Anchors,
    claimed_at: dt.datetime | None,
    others: int,
) -> SealedPdf:
    if parts.digest not in _STRONG or parts.signature_digest != parts.digest:
        raise ProofError("pdf-seal-weak")
    digest = hashlib.new(parts.digest, before)
    digest.update(behind)
    if not hmac.compare_digest(digest.digest(), parts.message_digest):
        raise ProofError("signature-wrong")
    signer = next((one for one in parts.certificates if hmac.compare_digest(one.sha256, parts.signer_sha256)), None)
    if signer is None:
        raise ProofError("seal-invalid", reason="seal-no-certificate")
    key = x509.public_key(signer)
    signature, algorithm = _raw_signature(parts, key)
    if not signatures.verify(key, signature, parts.signed, jws_algorithm=algorithm):
        raise ProofError("signature-wrong")
    came_along = [one for one in parts.certificates if one is not signer][: x509.MAX_CHAIN - 1]
    sealed_at, authority, stamp_fault = None, None, None
    if parts.time_stamps:
        try:
            sealed_at, authority = _stamped(parts, came_along, time_stamp_anchors, at)
        except (ProofError, KeyMaterialError) as error:
            stamp_fault = Finding.of(error)
    path, path_fault = None, None
    try:
        path = x509.find_path(signer, came_along, anchors=anchors, at=sealed_at or at, purpose="seal")
    except KeyMaterialError as error:
        path_fault = Finding.of(error)
    unchecked = [Finding("seal-revocation-not-checked")]
    unchecked += [Finding("seal-addition-not-read", {"member": name}) for name in parts.unread]
    return SealedPdf(
        certificate=signer,
        algorithm=key.algorithm,
        digest=parts.digest,
        level="B-T" if sealed_at else "B-B",
        claimed_at=claimed_at,
        sealed_at=sealed_at,
        authority=authority,
        path=path,
        path_fault=path_fault,
        stamp_fault=stamp_fault,
        other_seals=others,
        unchecked=tuple(unchecked),
    )


def _stamped(
    parts: _Parts, came_along: Sequence[Certificate], anchors: Anchors, at: dt.datetime
) -> tuple[dt.datetime, Certificate]:
    stamp = time_stamps.verify(parts.time_stamps[0], parts.signature)
    if stamp.time > at:
        raise ProofError("pdf-stamp-from-the-future")
    others = [*stamp.others, *came_along][: x509.MAX_CHAIN - 1]
    x509.find_path(stamp.authority, others, anchors=anchors, at=at, purpose="time-stamp")
    x509.check_time(stamp.authority, stamp.time)
    return stamp.time, stamp.authority


def _raw_signature(parts: _Parts, key: PublicKey) -> tuple[bytes, str]:
    """This will give the signature as `signatures.verify` takes it, and the algorithm by its name in JWS."""
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    bits = parts.digest.removeprefix("sha")
    if key.algorithm == "RSA" and parts.signature_kind in ("rsassa_pkcs1v15", "rsassa_pss"):
        return parts.signature, f"{'PS' if parts.signature_kind == 'rsassa_pss' else 'RS'}{bits}"
    # With each curve goes one digest here, as in JWS.
    if parts.signature_kind != "ecdsa" or DIGESTS.get(key.algorithm) != parts.digest or key.algorithm == "RSA":
        raise ProofError("pdf-seal-weak")
    size = 32 if key.algorithm == "P-256" else 48
    try:
        r, s = decode_dss_signature(parts.signature)
        return r.to_bytes(size) + s.to_bytes(size), ""
    except (ValueError, OverflowError):
        raise ProofError("signature-wrong") from None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of the signature is needed, read in one go so that nothing malformed is left for later."""

    digest: str
    message_digest: bytes
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    signature_kind: str
    signature_digest: str
    signer_sha256: bytes
    certificates: tuple[Certificate, ...]
    time_stamps: tuple[bytes, ...]
    unread: tuple[str, ...]

    @classmethod
    def of(cls, data: bytes) -> _Parts:
        # asn1crypto loads hundreds of definitions, and few files are sealed.
        from asn1crypto import cms

        outer = cms.ContentInfo.load(data)
        # What follows in the reserved room is filled with zeros, and with nothing else.
        if outer["content_type"].native != "signed_data" or data[len(outer.dump()) :].strip(b"\0"):
            raise ValueError("no signed data")
        content = outer["content"]
        inner = content["encap_content_info"]
        if inner["content_type"].native != "data" or inner["content"].native is not None:
            raise ValueError("content inside")
        (signer,) = content["signer_infos"]
        attributes = _attributes(signer["signed_attrs"])
        if attributes["content_type"].native != "data":
            raise ValueError("other content")
        named = attributes["signing_certificate_v2"]["certs"][0]
        if named["hash_algorithm"]["algorithm"].native != "sha256":
            raise ValueError("other digest of the certificate")
        kind, digest = signer["signature_algorithm"], signer["digest_algorithm"]["algorithm"].native
        without_digest = kind["algorithm"].native == "rsassa_pkcs1v15"
        added = _attributes(signer["unsigned_attrs"]) if len(signer["unsigned_attrs"]) else {}
        stamp = added.pop("signature_time_stamp_token", None)
        found = [entry.chosen.dump() for entry in content["certificates"] if entry.name == "certificate"]
        if len(found) > x509.MAX_CHAIN:
            raise ValueError("too many certificates")
        return cls(
            digest=digest,
            message_digest=attributes["message_digest"].native,
            signed=time_stamps.as_set(signer["signed_attrs"].dump()),
            signature=signer["signature"].native,
            signature_kind=kind.signature_algo,
            signature_digest=digest if without_digest else str(kind.hash_algo),
            signer_sha256=named["cert_hash"].native,
            certificates=tuple(x509.read_certificate(der) for der in found),
            time_stamps=(stamp.dump(),) if stamp is not None else (),
            unread=tuple(sorted(name[:40] for name in added)),
        )


def _attributes(attributes: cms.CMSAttributes) -> dict[str, Any]:
    """This will give the attributes by their names, each of which must stand there once, with one value."""
    found: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute["type"].native
        (value,) = attribute["values"]
        if name in found:
            raise ValueError("attribute twice")
        found[name] = value
    return found


def _parsed_content(data: bytes) -> _Parts:
    if len(data) > MAX_CONTENT_BYTES:
        raise ProofError("pdf-seal-malformed")
    found = x509.parsed(lambda: _Parts.of(data))
    if found is None:
        raise ProofError("pdf-seal-malformed")
    return found
