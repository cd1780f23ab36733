"""A small certificate authority: certificates for trying out, and requests for real ones.

    root = certify(Subject(organisation="Test authority", country="FI"), signer.public_key, signer=signer, ...)

A seal that others trust needs a certificate from a trust service provider: `request` writes what to send to one.
What signs may hold its secret anywhere, so nothing here asks for more than a `Signer`.

Source: RFC 5280, section 4 (certificates); RFC 2986 (requests); ETSI EN 319 412-3 and -5 (certificates for seals).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys.signer import PublicKey, Signer
from openmcx.credentials.keys.x509 import Certificate, Purpose, Subject, read_certificate

if TYPE_CHECKING:
    from asn1crypto import keys, x509

_SIGNED_WITH = {"P-256": "sha256_ecdsa", "P-384": "sha384_ecdsa", "Ed25519": "ed25519"}
_CURVES = {"P-256": "secp256r1", "P-384": "secp384r1"}


def certify(
    subject: Subject,
    key: PublicKey,
    *,
    signer: Signer,
    issuer: Certificate | None = None,
    serial: int,
    begins: dt.datetime,
    ends: dt.datetime,
    purpose: Purpose = "seal",
) -> Certificate:
    """This will make a certificate; without `issuer` it is signed by its own subject.

    `signer` holds the issuer's key. `serial` must be new for every certificate of an issuer. A certificate made here
    is not a qualified one, and does not say so.

    Raises: KeyMaterialError when the signer's key is of a kind that signs no certificates, or the time is no period.
    Source: RFC 5280, section 4.1.
    """
    # asn1crypto loads hundreds of definitions, and few make certificates.
    from asn1crypto import x509

    if begins >= ends or begins.tzinfo is None or ends.tzinfo is None:
        raise KeyMaterialError("certificate-invalid", reason="certificate-period-impossible")
    algorithm = {"algorithm": _algorithm(signer)}
    name = _name(subject)
    own, issuers = _key_info(key), _key_info(signer.public_key)
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": algorithm,
            # The bytes of the issuer's own name: written anew they might differ.
            "issuer": x509.Certificate.load(issuer.der).subject if issuer else name,
            "validity": {"not_before": _time(begins), "not_after": _time(ends)},
            "subject": name,
            "subject_public_key_info": own,
            "extensions": _extensions(purpose, own, issuers),
        }
    )
    made = x509.Certificate(
        {"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": _sign(signer, body.dump())}
    )
    return read_certificate(made.dump())


def request(subject: Subject, *, signer: Signer) -> bytes:
    """This will write a request for a certificate for the signer's key, in DER, to be sent to a provider.

    Raises: KeyMaterialError when the signer's key is of a kind that signs no requests.
    Source: RFC 2986, section 4.
    """
    # asn1crypto loads hundreds of definitions, and few make requests.
    from asn1crypto import csr

    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": _name(subject),
            "subject_pk_info": _key_info(signer.public_key),
            "attributes": [],
        }
    )
    made = csr.CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": {"algorithm": _algorithm(signer)},
            "signature": _sign(signer, info.dump()),
        }
    )
    return bytes(made.dump())


def _extensions(purpose: Purpose, own: keys.PublicKeyInfo, issuers: keys.PublicKeyInfo) -> list[dict[str, Any]]:
    authority = purpose == "authority"
    usage = {"key_cert_sign", "crl_sign"} if authority else {"digital_signature", "non_repudiation"}
    found: list[dict[str, Any]] = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": authority}},
        {"extn_id": "key_usage", "critical": True, "extn_value": usage},
        {"extn_id": "key_identifier", "critical": False, "extn_value": _identifier(own)},
        {
            "extn_id": "authority_key_identifier",
            "critical": False,
            "extn_value": {"key_identifier": _identifier(issuers)},
        },
    ]
    if purpose == "time-stamp":
        found.append({"extn_id": "extended_key_usage", "critical": True, "extn_value": ["time_stamping"]})
    return found


def _identifier(key: keys.PublicKeyInfo) -> bytes:
    # Source: RFC 7093, section 2, method 1. It names a key and protects nothing.
    return hashlib.sha256(bytes(key["public_key"])).digest()[:20]


def _name(subject: Subject) -> x509.Name:
    # As above.
    from asn1crypto import x509

    parts = {
        "country_name": subject.country,
        "organization_name": subject.organisation,
        "organization_identifier": subject.organisation_id,
        "common_name": subject.name or subject.organisation,
    }
    return x509.Name.build({part: value for part, value in parts.items() if value}, use_printable=False)


def _key_info(key: PublicKey) -> keys.PublicKeyInfo:
    # As above; and loading OpenSSL's bindings costs more than reading most credentials.
    from asn1crypto import keys
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if key.algorithm == "RSA":
        return keys.PublicKeyInfo.load(key.value)
    if key.algorithm == "Ed25519":
        return keys.PublicKeyInfo({"algorithm": {"algorithm": "ed25519"}, "public_key": key.value})
    curve = ec.SECP256R1() if key.algorithm == "P-256" else ec.SECP384R1()
    point = ec.EllipticCurvePublicKey.from_encoded_point(curve, key.value)
    return keys.PublicKeyInfo.load(point.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _time(moment: dt.datetime) -> dict[str, dt.datetime]:
    # Source: RFC 5280, section 4.1.2.5: from 2050 on the other form.
    moment = moment.astimezone(dt.UTC).replace(microsecond=0)
    return {"utc_time" if moment.year < 2050 else "general_time": moment}


def _algorithm(signer: Signer) -> str:
    if signer.algorithm not in _SIGNED_WITH:
        raise KeyMaterialError("key-type-unsupported", found=signer.algorithm)
    return _SIGNED_WITH[signer.algorithm]


def _sign(signer: Signer, data: bytes) -> bytes:
    signature = signer.sign(data)
    if signer.algorithm == "Ed25519":
        return signature
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
