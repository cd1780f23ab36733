"""PAdES: the seal of a PDF file, an advanced electronic seal in the file itself.

    sealed = seal(pdf, signer=signer, chain=chain, sealed_at=now, timestamp=ask_authority)
    found = verify(sealed, at=now, anchors=trusted)
    found.certificate.subject, found.path

Levels B-B and B-T are made. A seal counts here only if it covers the whole file: whatever was added afterwards, even
what the standard would allow, is refused, as nobody can tell by a program what it does to the page. The file is read by
our own reader, which bounds its work (see `formats.pdf.reading`); pyHanko only writes.

Source: ETSI EN 319 142-1, sections 5 and 6 (PAdES baseline signatures); ISO 32000-1, section 12.8; RFC 5652, section 5;
RFC 5035 (signing certificate, version 2).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats.pdf.objects import Parser, Reference
from openmcx.credentials.formats.pdf.reading import PdfFile
from openmcx.credentials.keys import signatures, x509
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.keys.x509 import Anchors, Certificate, Path
from openmcx.credentials.proofs import time_stamps

if TYPE_CHECKING:
    from asn1crypto import cms
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from openmcx.credentials.keys.signer import Algorithm, Signer

type Timestamp = Callable[[bytes], bytes]
"""Gets a time-stamp (a token of RFC 3161 in DER) on a SHA-256 digest from an authority."""

SUBFILTER = "ETSI.CAdES.detached"
_FIELD = "Seal"
_OTHER_BYTES = 4 * 1024  # of a signature, besides its certificates and its time-stamp
_STAMP_BYTES = 16 * 1024
_MAX_CONTENT_BYTES = 128 * 1024
_MAX_FIELDS = 200
_DIGESTS = {"P-256": "sha256", "P-384": "sha384", "RSA": "sha256"}
_SEQUENCE, _SET, _OCTETS, _TAGGED_0, _TAGGED_1 = 0x30, 0x31, 0x04, 0xA0, 0xA1
_VERSION_1 = b"\2\1\1"
# Source: RFC 5652, sections 4, 5.1, 11.1 and 11.2; RFC 5035, section 3; RFC 3161, appendix A.
_DATA, _SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2, _TIME_STAMP = "1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.16.2.14"
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


# --- sealing ----------------------------------------------------------------------------------------------------------


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
    if any(True for _ in _seals(PdfFile(pdf))):
        raise ProofError("pdf-sealed-already")
    certificate = chain[0]
    if x509.public_key(certificate) != signer.public_key:
        raise ProofError("seal-invalid", reason="seal-of-another")
    if signer.algorithm not in _DIGESTS:
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
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 - as said above
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - as said above
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415 - as said above
    from pyhanko.sign.signers import cms_embedder  # noqa: PLC0415 - as said above
    from pyhanko.sign.signers.pdf_byterange import PdfSignedData  # noqa: PLC0415 - as said above

    digest = _DIGESTS[signer.algorithm]
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
    from asn1crypto import algos, core  # noqa: PLC0415 - as in _write
    from asn1crypto import x509 as asn1_x509  # noqa: PLC0415 - as in _write

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
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature  # noqa: PLC0415 - as said above

    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))


class RsaSigner:
    """A signer with an RSA key, such as certificates for seals still have (PKCS #1 v1.5 with SHA-256)."""

    algorithm: Algorithm = "RSA"

    def __init__(self, key: RSAPrivateKey) -> None:
        # Loading OpenSSL's bindings costs more than reading most credentials.
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - as above

        self._key = key
        value = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = PublicKey("RSA", value)
        self.verification_method = ""

    def __repr__(self) -> str:
        """This will show nothing of the secret."""
        return "RsaSigner()"

    def __reduce__(self) -> str:
        """This will refuse to be stored."""
        raise TypeError("an RsaSigner holds a secret and is not stored")

    def sign(self, data: bytes) -> bytes:
        """This will sign data."""
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415 - as above

        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def read_pkcs12(data: bytes, *, passphrase: str) -> tuple[Signer, tuple[Certificate, ...]]:
    """This will read key and certificates of a PKCS #12 file (.p12, .pfx), as providers hand them out.

    Raises: KeyMaterialError when the passphrase is wrong, something is missing or the key is of an unsupported kind.
    Source: RFC 7292.
    """
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415 - as said above
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12  # noqa: PLC0415 - as said above

    from openmcx.credentials.keys.signer import EcSigner  # noqa: PLC0415 - beside its only use

    if len(data) > _MAX_CONTENT_BYTES:
        raise KeyMaterialError("pkcs12-unusable")
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except ValueError:
        raise KeyMaterialError("pkcs12-unusable") from None
    if key is None or certificate is None:
        raise KeyMaterialError("pkcs12-unusable")
    chain = tuple(x509.read_certificate(entry.public_bytes(Encoding.DER)) for entry in (certificate, *others))
    if isinstance(key, rsa.RSAPrivateKey):
        return RsaSigner(key), chain
    algorithm = x509.public_key(chain[0]).algorithm
    if not isinstance(key, ec.EllipticCurvePrivateKey) or algorithm not in _DIGESTS:
        raise KeyMaterialError("key-type-unsupported", found=algorithm)
    size = key.curve.key_size // 8
    return EcSigner(algorithm, key.private_numbers().private_value.to_bytes(size), ""), chain


# --- verifying --------------------------------------------------------------------------------------------------------


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
    found = list(_seals(file))
    if not found:
        return None
    covering = [entry for entry in found if _covers_all(file, entry)]
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
        claimed_at=_time(entry.get("M")),
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
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415 - as said above

    bits = parts.digest.removeprefix("sha")
    if key.algorithm == "RSA" and parts.signature_kind in ("rsassa_pkcs1v15", "rsassa_pss"):
        return parts.signature, f"{'PS' if parts.signature_kind == 'rsassa_pss' else 'RS'}{bits}"
    # With each curve goes one digest here, as in JWS.
    if parts.signature_kind != "ecdsa" or _DIGESTS.get(key.algorithm) != parts.digest or key.algorithm == "RSA":
        raise ProofError("pdf-seal-weak")
    size = 32 if key.algorithm == "P-256" else 48
    try:
        r, s = decode_dss_signature(parts.signature)
        return r.to_bytes(size) + s.to_bytes(size), ""
    except (ValueError, OverflowError):
        raise ProofError("signature-wrong") from None


# --- the file ---------------------------------------------------------------------------------------------------------


def _seals(file: PdfFile) -> Iterator[dict[str, Any]]:
    """This will give the signature dictionaries of the form's fields."""
    catalog = file.resolve(file.trailer.get("Root"))
    form = file.resolve(catalog.get("AcroForm")) if isinstance(catalog, dict) else None
    waiting = _entries(file, form, "Fields") if isinstance(form, dict) else []
    visited, seen = 0, set()
    while waiting:
        visited += 1
        if visited > _MAX_FIELDS:
            raise ProofError("pdf-seal-kind-unsupported", type="AcroForm")
        reference = waiting.pop()
        node = file.resolve(reference)
        if not isinstance(node, dict):
            continue
        waiting += _entries(file, node, "Kids")
        value = file.resolve(node.get("V"))
        named = node.get("V") if isinstance(node.get("V"), Reference) else id(value)
        if isinstance(value, dict) and "ByteRange" in value and named not in seen:
            seen.add(named)
            yield value


def _entries(file: PdfFile, node: dict[str, Any], member: str) -> list[Any]:
    value = file.resolve(node.get(member))
    return list(value[: _MAX_FIELDS + 1]) if isinstance(value, list) else []


def _covers_all(file: PdfFile, entry: dict[str, Any]) -> bool:
    """This will tell whether the signature covers every byte of the file but the place where it stands itself.

    The gap must hold the signature as one hexadecimal string and nothing else, or something else could be put there.
    """
    data, ranges, content = file.data, file.resolve(entry.get("ByteRange")), entry.get("Contents")
    if not isinstance(ranges, list) or len(ranges) != 4 or not isinstance(content, bytes):
        return False
    if not all(type(one) is int and one >= 0 for one in ranges):
        return False
    start, first, second, length = ranges
    if start != 0 or not first < second or second + length != len(data) or second - first > 4 * _MAX_CONTENT_BYTES:
        return False
    entry["ByteRange"] = ranges
    gap = data[first:second]
    if gap[:1] != b"<" or gap[-1:] != b">" or gap[1:2] == b"<":
        return False
    parser = Parser(gap, 0, file.budget)
    return parser.value() == content and parser.position == len(gap)


def _time(value: object) -> dt.datetime | None:
    """This will read a date as PDF writes it, or give None.

    Source: ISO 32000-1, section 7.9.4.
    """
    text = value.decode("latin-1") if isinstance(value, bytes) else ""
    digits, sign, offset = text[2:16], text[16:17], text[17:].replace("'", "")
    if not text.startswith("D:") or len(digits) != 14 or not digits.isdecimal():
        return None
    zone = f"{sign}{offset[:4]}" if sign in ("+", "-") and len(offset) >= 4 else "+0000"
    try:
        return dt.datetime.strptime(digits + zone, "%Y%m%d%H%M%S%z")
    except ValueError:
        return None


# --- the signature ----------------------------------------------------------------------------------------------------


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
        from asn1crypto import cms  # noqa: PLC0415 - as said above

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
            signed=_as_set(signer["signed_attrs"].dump()),
            signature=signer["signature"].native,
            signature_kind=kind.signature_algo,
            signature_digest=digest if without_digest else str(kind.hash_algo),
            signer_sha256=named["cert_hash"].native,
            certificates=tuple(x509.read_certificate(der) for der in found),
            time_stamps=(stamp.dump(),) if stamp is not None else (),
            unread=tuple(sorted(name[:40] for name in added)),
        )


def _as_set(attributes: bytes) -> bytes:
    """This will give the signed attributes as they were signed: as a set; in the file they stand under another tag.

    The bytes are taken as they are: asn1crypto's way to write them anew takes exponential time when they nest.
    """
    if attributes[:1] != b"\xa0":
        raise ValueError("other tag")
    return b"\x31" + attributes[1:]


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
    if len(data) > _MAX_CONTENT_BYTES:
        raise ProofError("pdf-seal-malformed")
    found = x509.parsed(lambda: _Parts.of(data))
    if found is None:
        raise ProofError("pdf-seal-malformed")
    return found
