"""X.509 certificates: whose key it is, and who vouches for that.

    chain = read_chain(header["x5c"])
    path = find_path(chain[0], chain[1:], anchors=Anchors(trusted), at=moment, purpose="seal")

Whom to trust is the caller's decision: `Anchors` are certificates of authorities (or single certificates), such as a
trusted list names them. Whether a certificate was revoked is not looked up here.

Source: RFC 5280, section 6.1 (path validation); ETSI EN 319 412-1, section 5.1.4 and -3 (certificates for seals);
RFC 3161, section 2.3 (certificates of time-stamp authorities).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys.signer import PublicKey

if TYPE_CHECKING:
    from cryptography import x509

type Purpose = Literal["authority", "seal", "time-stamp"]

MAX_CERTIFICATE_BYTES = 16 * 1024
MAX_CHAIN = 16
"""Certificates in one chain or signature. Every one of them may have to be tried as the issuer of every other."""
MAX_ANCHORS = 2000
"""Certificates that somebody trusts: the trusted lists of the European Union name some hundred authorities."""
_MAX_PATH = 8
_RSA_BITS = 2048
_MAX_SAME_NAME = 32
_MAX_NAME_CHARACTERS = 400
_ORGANISATION_IDENTIFIER = "2.5.4.97"
_BASIC_CONSTRAINTS, _KEY_USAGE, _EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
_QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
_QC_COMPLIANCE = "0.4.0.1862.1.1"
_QC_TYPE = "0.4.0.1862.1.6"
_QC_TYPE_SEAL = "0.4.0.1862.1.6.2"
_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
# Source: RFC 5280, section 4.2.1.12; RFC 9336; what issuers of qualified certificates for seals write besides.
_SEALING = frozenset(
    {
        "2.5.29.37.0",  # any
        "1.3.6.1.5.5.7.3.36",  # signing of documents
        "1.3.6.1.5.5.7.3.4",  # protection of e-mail
        "1.3.6.1.5.5.7.3.2",  # authentication of clients
        "1.3.6.1.4.1.311.10.3.12",  # signing of documents, as Microsoft calls it
        "1.2.840.113583.1.1.5",  # signing of documents, as Adobe calls it
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names. `organisation_id` is the registered identifier, such as ``VATFI-12345678``."""

    name: str = ""
    organisation: str = ""
    organisation_id: str = ""
    country: str = ""  # ISO 3166-1 alpha-2

    def __str__(self) -> str:
        return self.organisation or self.name or self.organisation_id or "—"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and what it says of its subject; that it says so proves nothing before a path is found.

    `qualified` and `for_seals`: its issuer calls it a qualified certificate, and one for electronic seals.
    """

    der: bytes = field(repr=False)
    subject: Subject
    issuer: Subject
    begins: dt.datetime
    ends: dt.datetime
    qualified: bool = False
    for_seals: bool = False

    @property
    def sha256(self) -> bytes:
        """This will give the digest by which the certificate is told from any other."""
        return hashlib.sha256(self.der).digest()


@dataclass(frozen=True, slots=True)
class Path:
    """A path that was validated: the certificate first, the trusted one last."""

    certificates: tuple[Certificate, ...]
    at: dt.datetime

    @property
    def anchor(self) -> Certificate:
        """This will give the certificate that is trusted."""
        return self.certificates[-1]


class Anchors:
    """The certificates somebody trusts, looked up by their subject."""

    def __init__(self, certificates: Iterable[Certificate] = ()) -> None:
        self.certificates = {certificate.der: certificate for certificate in certificates}
        self._by_name: dict[bytes, list[Certificate]] = {}
        for certificate in self.certificates.values():
            self._by_name.setdefault(_load(certificate.der).subject.public_bytes(), []).append(certificate)

    def __contains__(self, certificate: Certificate) -> bool:
        return certificate.der in self.certificates

    def __len__(self) -> int:
        return len(self.certificates)

    def named(self, name: bytes) -> list[Certificate]:
        """This will give the trusted certificates with a subject, given as DER."""
        return self._by_name.get(name, [])


# --- reading ----------------------------------------------------------------------------------------------------------


def read_certificate(der: bytes) -> Certificate:
    """This will read one certificate in DER.

    Raises: KeyMaterialError when it is too large or malformed.
    """
    if len(der) > MAX_CERTIFICATE_BYTES:
        raise KeyMaterialError("certificate-invalid", reason="certificate-too-large", limit=MAX_CERTIFICATE_BYTES)
    certificate = _load(der)
    try:
        statements = _extensions(der).statements
        return Certificate(
            der=der,
            subject=_subject(certificate.subject),
            issuer=_subject(certificate.issuer),
            begins=certificate.not_valid_before_utc,
            ends=certificate.not_valid_after_utc,
            qualified=_QC_COMPLIANCE in statements,
            for_seals=_QC_TYPE_SEAL in statements,
        )
    except ValueError as error:  # parts of a certificate are parsed when they are asked for
        raise KeyMaterialError("certificate-invalid", reason="certificate-malformed") from error


def read_chain(entries: object) -> tuple[Certificate, ...]:
    """This will read the ``x5c`` of a JOSE header: the signer's certificate first, all of them in plain base64.

    Raises: KeyMaterialError when it is no list of 1 to `MAX_CHAIN` certificates.
    Source: RFC 7515, section 4.1.6.
    """
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, str) for entry in entries):
        raise KeyMaterialError("certificate-invalid", reason="certificate-list-malformed")
    if len(entries) > MAX_CHAIN:
        raise KeyMaterialError("certificate-invalid", reason="too-many-certificates", limit=MAX_CHAIN)
    return tuple(read_certificate(decode_base64(entry)) for entry in entries)


def read_pem(data: bytes, *, limit: int = MAX_CHAIN) -> tuple[Certificate, ...]:
    """This will read the certificates of a PEM file, in their order; anything else in it is passed over.

    Raises: KeyMaterialError when there is none, there are more than `limit`, or one is malformed.
    Source: RFC 7468, section 5.
    """
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    if data.count(begin) > limit:
        raise KeyMaterialError("certificate-invalid", reason="too-many-certificates", limit=limit)
    found = []
    for part in data.split(begin)[1:]:
        text, closed, _ = part.partition(end)
        if not closed:
            raise KeyMaterialError("certificate-invalid", reason="certificate-malformed")
        found.append(read_certificate(decode_base64(b"".join(text.split()).decode("ascii", errors="replace"))))
    if not found:
        raise KeyMaterialError("certificate-invalid", reason="no-certificate")
    return tuple(found)


def write_pem(certificates: Iterable[Certificate]) -> bytes:
    """This will write certificates as PEM."""
    lines = []
    for certificate in certificates:
        text = base64.b64encode(certificate.der).decode()
        lines += ["-----BEGIN CERTIFICATE-----", *(text[i : i + 64] for i in range(0, len(text), 64))]
        lines.append("-----END CERTIFICATE-----")
    return "\n".join([*lines, ""]).encode()


def decode_base64(text: str) -> bytes:
    """This will read base64 with padding, strictly.

    Raises: KeyMaterialError when it is malformed or stands for more than one certificate may have.
    Source: RFC 4648, section 4.
    """
    if len(text) > 2 * MAX_CERTIFICATE_BYTES:
        raise KeyMaterialError("certificate-invalid", reason="certificate-too-large", limit=MAX_CERTIFICATE_BYTES)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyMaterialError("certificate-invalid", reason="certificate-no-base64") from error


def public_key(certificate: Certificate) -> PublicKey:
    """This will give the key that a certificate is about.

    Raises: KeyMaterialError when the key is malformed, too short or of a kind that is not supported.
    """
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        key = _load(certificate.der).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyMaterialError("certificate-invalid", reason="certificate-key-unusable") from error
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < _RSA_BITS:
            raise KeyMaterialError("certificate-invalid", reason="certificate-key-unusable")
        return PublicKey("RSA", key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    if isinstance(key, ed25519.Ed25519PublicKey):
        return PublicKey("Ed25519", key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1):
        value = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return PublicKey("P-256" if isinstance(key.curve, ec.SECP256R1) else "P-384", value)
    raise KeyMaterialError("key-type-unsupported", found=type(key).__name__.removesuffix("PublicKey"))


# --- paths ------------------------------------------------------------------------------------------------------------


def find_path(
    certificate: Certificate,
    others: Sequence[Certificate],
    *,
    anchors: Anchors,
    at: dt.datetime,
    purpose: Purpose,
) -> Path:
    """This will find a path from a certificate to a trusted one and validate it for the time `at`.

    `others` are certificates that came along; they are trusted in nothing. The shortest path is taken.

    Raises: KeyMaterialError when there is none, or one of its certificates was not valid then or not meant for this.
    Source: RFC 5280, section 6.1.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware time")
    if len(others) >= MAX_CHAIN:
        raise KeyMaterialError("certificate-invalid", reason="too-many-certificates", limit=MAX_CHAIN)
    check_purpose(certificate, purpose)
    check_time(certificate, at)
    public_key(certificate)
    if certificate in anchors:
        return Path((certificate,), at)
    found = _shortest(certificate, others, anchors)
    if found is None:
        raise KeyMaterialError(
            "certificate-not-trusted", subject=str(certificate.subject), issuer=str(certificate.issuer)
        )
    for entry in found[1:]:
        check_time(entry, at)
    _validate(found, at)
    return Path(found, at)


def check_purpose(certificate: Certificate, purpose: Purpose) -> None:
    """This will refuse a certificate whose own words say that it is for something else.

    Raises: KeyMaterialError.
    Source: RFC 5280, sections 4.2.1.3 and 4.2.1.12; RFC 3161, section 2.3.
    """
    said = _extensions(certificate.der)
    if purpose == "authority":
        fits = said.authority and (said.usage is None or "key_cert_sign" in said.usage)
    else:
        signs = said.usage is None or not said.usage.isdisjoint(("digital_signature", "non_repudiation"))
        fits = signs and not said.authority
        if purpose == "time-stamp":
            fits = fits and said.extended == frozenset({_TIME_STAMPING}) and said.extended_is_critical
        else:
            fits = fits and (said.extended is None or not said.extended.isdisjoint(_SEALING))
    if not fits:
        raise KeyMaterialError("certificate-for-something-else", subject=str(certificate.subject))


def is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """This will tell whether one certificate is signed with the key of another and names it as its issuer."""
    return _signed_by(_load(certificate.der), _load(issuer.der))


def _shortest(
    certificate: Certificate, others: Sequence[Certificate], anchors: Anchors
) -> tuple[Certificate, ...] | None:
    """This will find the shortest chain of right signatures.

    Every certificate is reached once. Looking for all paths, as general libraries do, takes exponential time when a
    file brings certificates that have signed one another.
    """
    loaded = {entry.der: (_load(entry.der), entry) for entry in (certificate, *others) if entry not in anchors}
    reached = {certificate.der}
    waiting: deque[tuple[Certificate, ...]] = deque([(certificate,)])
    while waiting:
        path = waiting.popleft()
        current = loaded[path[-1].der][0]
        issuer_name = current.issuer.public_bytes()
        for anchor in anchors.named(issuer_name)[:_MAX_SAME_NAME]:
            if _signed_by(current, _load(anchor.der)):
                return (*path, anchor)
        if len(path) >= _MAX_PATH:
            continue
        for der, (candidate, entry) in loaded.items():
            if (
                der not in reached
                and candidate.subject.public_bytes() == issuer_name
                and _signed_by(current, candidate)
            ):
                reached.add(der)
                waiting.append((*path, entry))
    return None


def _validate(path: tuple[Certificate, ...], at: dt.datetime) -> None:
    """This will check what a path must keep to besides right signatures: constraints, critical extensions, strength."""
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography import x509
    from cryptography.x509 import verification

    for entry in path[1:]:
        check_purpose(entry, "authority")
    agnostic = verification.Criticality.AGNOSTIC
    authority = (
        verification.ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, agnostic, None)
        .may_be_present(x509.KeyUsage, agnostic, None)
    )
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([_load(path[-1].der)]))
        .time(at)
        .max_chain_depth(_MAX_PATH)
        .extension_policies(ca_policy=authority, ee_policy=verification.ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        verifier.verify(_load(path[0].der), [_load(entry.der) for entry in path[1:-1]])
    except verification.VerificationError as error:
        raise KeyMaterialError("certificate-path-invalid", subject=str(path[0].subject), detail=str(error)) from error


def check_time(certificate: Certificate, at: dt.datetime) -> None:
    """This will refuse a certificate that was not valid at a time. Raises: KeyMaterialError."""
    if not certificate.begins <= at <= certificate.ends:
        raise KeyMaterialError(
            "certificate-not-valid-then",
            subject=str(certificate.subject),
            begins=certificate.begins.date().isoformat(),
            ends=certificate.ends.date().isoformat(),
            date=at.date().isoformat(),
        )


def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


# --- what a certificate says ------------------------------------------------------------------------------------------


def _load(der: bytes) -> x509.Certificate:
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion) as error:
        raise KeyMaterialError("certificate-invalid", reason="certificate-malformed") from error


@dataclass(frozen=True, slots=True)
class _Extensions:
    """What a certificate says of its use; None where it says nothing."""

    authority: bool
    usage: frozenset[str] | None
    extended: frozenset[str] | None
    extended_is_critical: bool
    statements: frozenset[str]


def _extensions(der: bytes) -> _Extensions:
    """This will read the extensions that say what a certificate is for.

    Certificates of authorities that are in use have malformed policies; OpenSSL's bindings then read no extension.
    """
    # asn1crypto loads hundreds of definitions, and few credentials have certificates.
    from asn1crypto import x509

    def read() -> _Extensions:
        found: dict[str, tuple[bool, bytes]] = {}
        for entry in x509.Certificate.load(der, strict=True)["tbs_certificate"]["extensions"]:
            name = entry["extn_id"].dotted
            if name in found:
                raise ValueError("extension twice")
            found[name] = entry["critical"].native, entry["extn_value"].contents
        constraints, usage = found.get(_BASIC_CONSTRAINTS), found.get(_KEY_USAGE)
        extended, statements = found.get(_EXTENDED_KEY_USAGE), found.get(_QC_STATEMENTS)
        uses = x509.ExtKeyUsageSyntax.load(extended[1], strict=True) if extended else []
        return _Extensions(
            authority=bool(constraints and x509.BasicConstraints.load(constraints[1], strict=True)["ca"].native),
            usage=frozenset(x509.KeyUsage.load(usage[1], strict=True).native) if usage else None,
            extended=frozenset(use.dotted for use in uses) if extended else None,
            extended_is_critical=bool(extended and extended[0]),
            statements=_statements(statements[1]) if statements else frozenset(),
        )

    found = parsed(read)
    if found is None:
        raise KeyMaterialError("certificate-invalid", reason="certificate-malformed")
    return found


def _subject(name: x509.Name) -> Subject:
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.x509.oid import NameOID

    def first(oid: str) -> str:
        values = [str(entry.value) for entry in name if entry.oid.dotted_string == oid]
        return values[0][:_MAX_NAME_CHARACTERS].strip() if values else ""

    return Subject(
        name=first(NameOID.COMMON_NAME.dotted_string),
        organisation=first(NameOID.ORGANIZATION_NAME.dotted_string),
        organisation_id=first(_ORGANISATION_IDENTIFIER),
        country=first(NameOID.COUNTRY_NAME.dotted_string).upper(),
    )


def _statements(value: bytes) -> frozenset[str]:
    """This will give the statements of a qualified certificate by their identifiers, and the types that it states.

    Source: ETSI EN 319 412-5, sections 4.2.1 and 4.2.3; RFC 3739, section 3.2.6.
    """
    # As above.
    from asn1crypto import core

    found = set()
    for entry in core.SequenceOf.load(value, spec=core.Any, strict=True):
        parts = core.Sequence.load(entry.dump())
        identifier = parts[0].dotted
        found.add(identifier)
        if identifier == _QC_TYPE and len(parts) > 1:
            types = core.Sequence.load(parts[1].dump())
            found |= {types[index].dotted for index in range(len(types))}
    return frozenset(found)


def parsed[T](read: Callable[[], T]) -> T | None:
    """This will give what a reader of ASN.1 reads, or None when it fails, in whichever way it does."""
    try:
        return read()
    # asn1crypto answers malformed bytes with errors of many kinds (RecursionError is one of them).
    except Exception:
        return None
