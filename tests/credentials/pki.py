"""A small authority, a seal and a time-stamp authority to test with; nobody else trusts them."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from openmcx.credentials.keys import authority
from openmcx.credentials.keys.signer import EcSigner
from openmcx.credentials.keys.x509 import Anchors, Certificate, Subject

# Files of the Commission, sealed with test certificates.
SAMPLES = Path(__file__).parent / "vectors" / "european-digital-credentials"

BEGINS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ENDS = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
SEALED_AT = dt.datetime(2026, 7, 1, 9, 0, 5, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2028, 6, 1, tzinfo=dt.UTC)  # when the certificate of the seal has ended

ROOT_SIGNER, ISSUING_SIGNER, SEAL_SIGNER, STAMP_SIGNER, OTHER_SIGNER = (
    EcSigner("P-256", bytes([number]) * 32, "") for number in range(1, 6)
)
SEALER = Subject(
    name="Saimaa University seal",
    organisation="Saimaa University",
    organisation_id="VATFI-12345678",
    country="FI",
)


def certify(
    subject: Subject, signer: EcSigner, by: EcSigner, issuer: Certificate | None, **options: Any
) -> Certificate:
    given = {"serial": 7, "begins": BEGINS, "ends": ENDS, **options}
    return authority.certify(subject, signer.public_key, signer=by, issuer=issuer, **given)


ROOT = certify(
    Subject(organisation="Test root", country="FI"),
    ROOT_SIGNER,
    ROOT_SIGNER,
    None,
    purpose="authority",
    ends=dt.datetime(2040, 1, 1, tzinfo=dt.UTC),
)
ISSUING = certify(
    Subject(organisation="Test trust services", country="FI"),
    ISSUING_SIGNER,
    ROOT_SIGNER,
    ROOT,
    purpose="authority",
    ends=dt.datetime(2036, 1, 1, tzinfo=dt.UTC),
)
SEAL = certify(SEALER, SEAL_SIGNER, ISSUING_SIGNER, ISSUING)
STAMP = certify(
    Subject(organisation="Test time-stamps", country="FI"),
    STAMP_SIGNER,
    ISSUING_SIGNER,
    ISSUING,
    purpose="time-stamp",
    ends=dt.datetime(2034, 1, 1, tzinfo=dt.UTC),
)
CHAIN = (SEAL, ISSUING)
ANCHORS = Anchors([ROOT])


def stamp(
    digest: bytes,
    *,
    at: dt.datetime = SEALED_AT,
    signer: EcSigner = STAMP_SIGNER,
    certificate: Certificate = STAMP,
    named: Certificate | None = None,
    certificates: tuple[Certificate, ...] = (STAMP, ISSUING),
    content: bytes | None = None,
    imprint: str = "sha256",
) -> bytes:
    """A time-stamp of RFC 3161 on a digest, as an authority would send it. `named` is another certificate it names."""
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3.4",
            "message_imprint": {"hash_algorithm": {"algorithm": imprint}, "hashed_message": digest},
            "serial_number": 5,
            "gen_time": at.replace(microsecond=0),
        }
    ).dump()
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
            {
                "type": "signing_certificate_v2",
                "values": [{"certs": [{"cert_hash": (named or certificate).sha256}]}],
            },
        ]
    )
    raw = signer.sign(attributes.dump())
    half = len(raw) // 2
    loaded = asn1.Certificate.load(certificate.der)
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content or info),
            },
            "certificates": [asn1.Certificate.load(entry.der) for entry in certificates],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.IssuerAndSerialNumber({"issuer": loaded.issuer, "serial_number": loaded.serial_number}),
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                    "signature": encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:])),
                }
            ],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def response(token: bytes | None, *, status: str = "granted") -> bytes:
    """The answer of a time-stamp authority."""
    parts = tsp.PKIStatusInfo({"status": status}).dump() + (token or b"")
    return b"\x30\x82" + len(parts).to_bytes(2) + parts if len(parts) > 127 else b"\x30" + bytes([len(parts)]) + parts
