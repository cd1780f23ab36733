"""Making a seal: pyHanko adds it to the file, the signature itself is put together here."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.keys import x509
from openmcx.credentials.pdf_files.reading import PdfFile
from openmcx.credentials.proofs import time_stamps
from openmcx.credentials.proofs.pades.field import DIGESTS, seals

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Signer
    from openmcx.credentials.keys.x509 import Certificate

type Timestamp = Callable[[bytes], bytes]
"""Gets a time-stamp (a token of RFC 3161 in DER) on a SHA-256 digest from an authority."""

_FIELD = "Seal"
_OTHER_BYTES = 4 * 1024  # of a signature, besides its certificates and its time-stamp
_STAMP_BYTES = 16 * 1024
_SEQUENCE, _SET, _OCTETS, _TAGGED_0, _TAGGED_1 = 0x30, 0x31, 0x04, 0xA0, 0xA1
_VERSION_1 = b"\2\1\1"
# Source: RFC 5652, sections 4, 5.1, 11.1 and 11.2; RFC 5035, section 3; RFC 3161, appendix A.
_DATA, _SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2, _TIME_STAMP = "1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.16.2.14"


def seal(
    pdf: bytes,
    *,
    signer: Signer,
    chain: Sequence[Certificate],
    sealed_at: dt.datetime,
    timestamp: Timestamp | None = None,
    reason: str = "",
) -> bytes:
    """This will seal a PDF file: level B-B, or B-T when `timestamp` gets time-stamps.

    The bytes of the file stay as they are; the seal is added behind them, and readers are told that nothing may be
    changed afterwards. `chain` begins with the certificate of the signer's key; the trusted one may be left out.

    Raises: DocumentError when the file is damaged; ProofError when it has a seal already, the certificate is of another
    key or the time-stamp is not for this seal; KeyMaterialError when the certificate is not for seals or not valid.
    Source: ETSI EN 319 142-1, section 6.3.
    """
    if sealed_at.tzinfo is None:
        raise ValueError("`sealed_at` must be an aware time")
    if any(True for _ in seals(PdfFile(pdf))):
        raise ProofError("pdf-sealed-already")
    certificate = chain[0]
    if x509.public_key(certificate) != signer.public_key:
        raise ProofError("seal-invalid", reason="seal-of-another")
    if signer.algorithm not in DIGESTS:
        raise KeyMaterialError("key-type-unsupported", found=signer.algorithm)
    x509.check_purpose(certificate, "seal")
    x509.check_time(certificate, sealed_at)
    return _write(pdf, signer, chain, sealed_at, timestamp, reason)


def _write(
    pdf: bytes,
    signer: Signer,
    chain: Sequence[Certificate],
    sealed_at: dt.datetime,
    timestamp: Timestamp | None,
    reason: str,
) -> bytes:
    # pyHanko and what it brings take half a second to load, and only sealing needs them.
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import cms_embedder
    from pyhanko.sign.signers.pdf_byterange import PdfSignedData

    digest = DIGESTS[signer.algorithm]
    reserved = sum(len(entry.der) for entry in chain) + (_STAMP_BYTES if timestamp else 0) + _OTHER_BYTES

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """The time of the last change is what the file says already: no clock is read, no metadata rewritten."""

    writer = Writer(io.BytesIO(pdf))
    steps = cms_embedder.PdfCMSEmbedder().write_cms(field_name=_FIELD, writer=writer)
    next(steps)
    placeholder = PdfSignedData(
        generic.NameObject("/Sig"),
        subfilter=SigSeedSubFilter.PADES,
        timestamp=sealed_at.astimezone(dt.UTC),
        bytes_reserved=2 * reserved,
    )
    for member, text in (("/Name", str(chain[0].subject)), ("/Reason", reason)):
        if text:
            placeholder[generic.NameObject(member)] = generic.TextStringObject(text)
    restriction = cms_embedder.SigMDPSetup(
        md_algorithm=digest, certify=True, docmdp_perms=MDPPerm.NO_CHANGES, field_lock=None
    )
    steps.send(cms_embedder.SigObjSetup(sig_placeholder=placeholder, mdp_setup=restriction))
    prepared, output = steps.send(cms_embedder.SigIOSetup(md_algorithm=digest))
    steps.send(_content(signer, chain, prepared.document_digest, digest, timestamp))
    made: bytes = output.getvalue()
    return made


def _content(
    signer: Signer, chain: Sequence[Certificate], document_digest: bytes, digest: str, timestamp: Timestamp | None
) -> bytes:
    """This will make the signature as CMS, with the attributes that PAdES asks for and no time of its own.

    It is put together from its parts: asn1crypto takes exponential time to write what nests as deeply as a time-stamp.

    Source: ETSI EN 319 142-1, section 6.3, table 1; RFC 5652, sections 5.1 to 5.4; RFC 5035, section 3; RFC 3161,
    appendix A.
    """
    from asn1crypto import algos, core
    from asn1crypto import x509 as asn1_x509

    def oid(dotted: str) -> bytes:
        return bytes(core.ObjectIdentifier(dotted).dump())

    def attribute(dotted: str, value: bytes) -> bytes:
        return _der(_SEQUENCE, oid(dotted), _der(_SET, value))

    named = _der(_SEQUENCE, _der(_SEQUENCE, _der(_SEQUENCE, _der(_OCTETS, chain[0].sha256))))
    attributes = sorted(
        (
            attribute(_CONTENT_TYPE, oid(_DATA)),
            attribute(_MESSAGE_DIGEST, _der(_OCTETS, document_digest)),
            attribute(_SIGNING_CERTIFICATE_V2, named),
        )
    )
    signature = signer.sign(_der(_SET, *attributes))
    if signer.algorithm != "RSA":
        signature = _as_der(signature)
    kind = "rsassa_pkcs1v15" if signer.algorithm == "RSA" else f"{digest}_ecdsa"
    own = asn1_x509.Certificate.load(chain[0].der)
    digest_algorithm = algos.DigestAlgorithm({"algorithm": digest}).dump()
    info = [
        _VERSION_1,
        _der(_SEQUENCE, own.issuer.dump(), core.Integer(own.serial_number).dump()),
        digest_algorithm,
        _der(_TAGGED_0, *attributes),
        algos.SignedDigestAlgorithm({"algorithm": kind}).dump(),
        _der(_OCTETS, signature),
    ]
    if timestamp is not None:
        info.append(_der(_TAGGED_1, attribute(_TIME_STAMP, _time_stamp(signature, timestamp))))
    content = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SET, digest_algorithm),
        _der(_SEQUENCE, oid(_DATA)),
        _der(_TAGGED_0, *(entry.der for entry in chain)),
        _der(_SET, _der(_SEQUENCE, *info)),
    )
    return _der(_SEQUENCE, oid(_SIGNED_DATA), _der(_TAGGED_0, content))


def _time_stamp(signature: bytes, timestamp: Timestamp) -> bytes:
    token = timestamp(hashlib.sha256(signature).digest())
    time_stamps.verify(token, signature)
    if len(token) > _STAMP_BYTES:
        raise ProofError("timestamp-invalid", reason="timestamp-too-large", limit=_STAMP_BYTES)
    return token


def _der(tag: int, *parts: bytes) -> bytes:
    """This will put parts into one value of DER. Source: ITU-T X.690, sections 8.1 and 10.1."""
    content = b"".join(parts)
    if len(content) < 128:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8)
    return bytes((tag, 128 + len(length))) + length + content


def _as_der(signature: bytes) -> bytes:
    """This will write an ECDSA signature, r followed by s, as certificates and CMS have it."""
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
