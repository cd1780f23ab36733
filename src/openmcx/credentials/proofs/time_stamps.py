"""Time-stamps of RFC 3161: an authority's word that some bytes were there at some time.

    token = read_response(post(request(digest)))
    stamp = verify(token, data)

Fetching is the caller's. Whether the authority is to be trusted is judged apart, by the path of its certificate.

Source: RFC 3161, section 2.4; RFC 5652, sections 5.3 to 5.6 (CMS); RFC 5816 (which certificate signed).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.keys.x509 import MAX_CHAIN, Certificate, parsed, read_certificate

if TYPE_CHECKING:
    from asn1crypto import cms, tsp
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

MAX_TOKEN_BYTES = 64 * 1024
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
# The digest in a certificate's identifier may be SHA-1 still (RFC 5816): its path is validated besides.
_IDENTIFYING = _DIGESTS | {"sha1"}
_GRANTED = ("granted", "granted_with_mods")


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A time-stamp whose signature is right and which was made for the given bytes.

    `authority` signed it; `others` are the certificates it brings along to find a path with.
    """

    time: dt.datetime
    authority: Certificate
    others: tuple[Certificate, ...] = ()
    serial: int = 0


def request(digest: bytes, *, nonce: int | None = None) -> bytes:
    """This will write a request for a time-stamp on a SHA-256 digest, in DER, to be posted to an authority.

    Media type: ``application/timestamp-query``.

    Source: RFC 3161, sections 2.4.1 and 3.4.
    """
    # asn1crypto loads hundreds of definitions, and few ask for time-stamps.
    from asn1crypto import tsp

    fields: dict[str, Any] = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
        "cert_req": True,
    }
    if nonce is not None:
        fields["nonce"] = nonce
    return bytes(tsp.TimeStampReq(fields).dump())


def read_response(data: bytes) -> bytes:
    """This will take the time-stamp out of an authority's answer.

    Raises: ProofError when the authority refused or the answer is malformed.
    Source: RFC 3161, section 2.4.2.
    """
    # As above.
    from asn1crypto import core, tsp

    if len(data) > MAX_TOKEN_BYTES:
        raise ProofError("timestamp-invalid", reason="timestamp-too-large", limit=MAX_TOKEN_BYTES)

    def read() -> tuple[str, bytes]:
        # asn1crypto's own definition has no room for an answer without a time-stamp.
        parts = core.Sequence.load(data, strict=True)
        status = tsp.PKIStatusInfo.load(parts[0].dump())["status"].native
        return status, parts[1].dump() if len(parts) > 1 else b""

    found = parsed(read)
    if found is None:
        raise ProofError("timestamp-invalid", reason="timestamp-malformed")
    status, token = found
    if status not in _GRANTED or not token:
        raise ProofError("timestamp-invalid", reason="timestamp-refused")
    return token


def verify(token: bytes, data: bytes) -> TimeStamp:
    """This will verify that a time-stamp was made for `data` and signed by the certificate that it names.

    Raises: ProofError. The path of that certificate, and that it is one for time-stamps, is for the caller to check.
    Source: RFC 3161, sections 2.4.2 and 2.2; RFC 5652, section 5.6.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise ProofError("timestamp-invalid", reason="timestamp-too-large", limit=MAX_TOKEN_BYTES)
    found = parsed(lambda: _Parts.of(token))
    if found is None:
        raise ProofError("timestamp-invalid", reason="timestamp-malformed")
    if found.imprint_algorithm not in _DIGESTS or found.digest_algorithm not in _DIGESTS:
        raise ProofError("timestamp-invalid", reason="timestamp-digest-weak")
    if not hmac.compare_digest(hashlib.new(found.imprint_algorithm, data).digest(), found.imprint):
        raise ProofError("timestamp-invalid", reason="timestamp-of-something-else")
    content_digest = hashlib.new(found.digest_algorithm, found.content).digest()
    if not hmac.compare_digest(content_digest, found.message_digest):
        raise ProofError("timestamp-invalid", reason="timestamp-signature-wrong")
    certificates = _certificates(found.certificates)
    signer = next((entry for entry in certificates if _names(found.signing_certificates, entry)), None)
    if signer is None:
        raise ProofError("timestamp-invalid", reason="timestamp-certificate-missing")
    if not _signature_is_right(found, signer):
        raise ProofError("timestamp-invalid", reason="timestamp-signature-wrong")
    others = tuple(entry for entry in certificates if entry is not signer)
    return TimeStamp(found.time, signer, others, found.serial)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of a token is needed, read in one go so that nothing malformed is left for later."""

    time: dt.datetime
    serial: int
    imprint_algorithm: str
    imprint: bytes
    content: bytes
    digest_algorithm: str
    message_digest: bytes
    signed: bytes
    signature: bytes
    signature_kind: str
    signature_digest: str
    signing_certificates: tuple[tuple[str, bytes], ...]
    certificates: tuple[bytes, ...]

    @classmethod
    def of(cls, token: bytes) -> _Parts:
        # As above.
        from asn1crypto import cms, tsp

        outer = cms.ContentInfo.load(token, strict=True)
        if outer["content_type"].native != "signed_data":
            raise ValueError("no signed data")
        data = outer["content"]
        inner = data["encap_content_info"]
        if inner["content_type"].native != "tst_info" or len(data["signer_infos"]) != 1:
            raise ValueError("no time-stamp")
        content = bytes(inner["content"])
        info = tsp.TSTInfo.load(content, strict=True)
        signer = data["signer_infos"][0]
        attributes = _attributes(signer)
        if attributes["content_type"][0].native != "tst_info":
            raise ValueError("other content")
        signed = as_set(signer["signed_attrs"].dump())
        kind = signer["signature_algorithm"]
        algorithm = signer["digest_algorithm"]["algorithm"].native
        return cls(
            time=info["gen_time"].native,
            serial=info["serial_number"].native,
            imprint_algorithm=info["message_imprint"]["hash_algorithm"]["algorithm"].native,
            imprint=info["message_imprint"]["hashed_message"].native,
            content=content,
            digest_algorithm=algorithm,
            message_digest=attributes["message_digest"][0].native,
            signed=signed,
            signature=signer["signature"].native,
            signature_kind=kind.signature_algo,
            signature_digest=algorithm if kind["algorithm"].native == "rsassa_pkcs1v15" else _hash_of(kind),
            signing_certificates=tuple(_signing_certificates(attributes)),
            certificates=tuple(entry.chosen.dump() for entry in data["certificates"] if entry.name == "certificate"),
        )


def as_set(attributes: bytes) -> bytes:
    """This will give signed attributes as they were signed: as a set; where they stand they have another tag.

    The bytes are taken as they are. asn1crypto writes them anew in a time that doubles with every level of nesting, and
    how deeply they nest is in the hands of whoever made them.

    Raises: ValueError when they do not begin with that tag.
    Source: RFC 5652, section 5.4.
    """
    if attributes[:1] != b"\xa0":
        raise ValueError("other tag")
    return b"\x31" + attributes[1:]


def _attributes(signer: cms.SignerInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in found or not len(attribute["values"]):
            raise ValueError("attribute twice or empty")
        found[name] = attribute["values"]
    if len(found["content_type"]) != 1 or len(found["message_digest"]) != 1:
        raise ValueError("not one value")
    return found


def _hash_of(algorithm: cms.SignedDigestAlgorithm) -> str:
    return str(algorithm.hash_algo) if algorithm.signature_algo != "ed25519" else "sha512"


def _signing_certificates(attributes: dict[str, Any]) -> list[tuple[str, bytes]]:
    """This will give the digests of the certificate that signed, by the names of their algorithms."""
    found = []
    if "signing_certificate_v2" in attributes:
        entry: tsp.ESSCertIDv2 = attributes["signing_certificate_v2"][0]["certs"][0]
        found.append((entry["hash_algorithm"]["algorithm"].native, entry["cert_hash"].native))
    if "signing_certificate" in attributes:
        found.append(("sha1", attributes["signing_certificate"][0]["certs"][0]["cert_hash"].native))
    if not found:
        raise ValueError("no signing certificate")
    return found


def _certificates(found: tuple[bytes, ...]) -> list[Certificate]:
    if len(found) > MAX_CHAIN:
        raise ProofError("timestamp-invalid", reason="too-many-certificates", limit=MAX_CHAIN)
    try:
        return [read_certificate(der) for der in found]
    except KeyMaterialError as error:
        raise ProofError("timestamp-invalid", reason="timestamp-malformed") from error


def _names(identifiers: tuple[tuple[str, bytes], ...], certificate: Certificate) -> bool:
    return all(
        algorithm in _IDENTIFYING
        and hmac.compare_digest(hashlib.new(algorithm, certificate.der, usedforsecurity=False).digest(), digest)
        for algorithm, digest in identifiers
    )


def _signature_is_right(found: _Parts, signer: Certificate) -> bool:
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    digests: dict[str, HashAlgorithm] = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }
    digest = digests.get(found.signature_digest)
    if digest is None:
        raise ProofError("timestamp-invalid", reason="timestamp-digest-weak")
    try:
        key = x509.load_der_x509_certificate(signer.der).public_key()
        if isinstance(key, rsa.RSAPublicKey) and found.signature_kind == "rsassa_pkcs1v15":
            key.verify(found.signature, found.signed, padding.PKCS1v15(), digest)
        elif isinstance(key, rsa.RSAPublicKey) and found.signature_kind == "rsassa_pss":
            scheme = padding.PSS(padding.MGF1(digest), salt_length=padding.PSS.AUTO)
            key.verify(found.signature, found.signed, scheme, digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and found.signature_kind == "ecdsa":
            key.verify(found.signature, found.signed, ec.ECDSA(digest))
        else:
            raise ProofError("timestamp-invalid", reason="timestamp-format-unknown")
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
