"""Certificates: what they say, and paths from them to those that are trusted."""

import base64
import dataclasses
import datetime as dt
import json

import pytest
from cryptography import x509 as outside
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import Ed25519Signer, KeyMaterialError, PublicKey
from openmcx.credentials.keys import authority
from openmcx.credentials.keys.signer import EcSigner
from openmcx.credentials.keys.x509 import (
    MAX_CHAIN,
    Anchors,
    Subject,
    check_purpose,
    find_path,
    is_issued_by,
    public_key,
    read_certificate,
    read_chain,
    read_pem,
    write_pem,
)
from tests.credentials import pki
from tests.credentials.pki import ANCHORS, CHAIN, ISSUING, ISSUING_SIGNER, NOW, OTHER_SIGNER, ROOT, SEAL, STAMP, certify

NAME = Subject(organisation="Other University", country="FI")


def path(certificate=SEAL, others=(ISSUING,), *, anchors=ANCHORS, at=NOW, purpose="seal"):
    return find_path(certificate, others, anchors=anchors, at=at, purpose=purpose)


def refusal_of(*args, **options):
    with pytest.raises(KeyMaterialError) as refusal:
        path(*args, **options)
    return refusal.value.code


def built(subject, key, issuer, issuer_key, *extensions, digest=None):
    """A certificate with extensions that our own authority does not write."""
    builder = (
        outside.CertificateBuilder()
        .subject_name(outside.Name([outside.NameAttribute(NameOID.ORGANIZATION_NAME, subject)]))
        .issuer_name(outside.Name([outside.NameAttribute(NameOID.ORGANIZATION_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(9)
        .not_valid_before(pki.BEGINS)
        .not_valid_after(pki.ENDS)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return read_certificate(builder.sign(issuer_key, digest or hashes.SHA256()).public_bytes(Encoding.DER))


class TestReading:
    def test_a_certificate_says_whose_it_is(self) -> None:
        assert SEAL.subject == pki.SEALER
        assert (str(SEAL.issuer), SEAL.begins, SEAL.ends) == ("Test trust services", pki.BEGINS, pki.ENDS)
        assert (SEAL.qualified, SEAL.for_seals) == (False, False)

    def test_a_qualified_certificate_for_seals_says_so(self) -> None:
        sealed = json.loads((pki.SAMPLES / "Sample-MC-Annex1-signed.jsonld").read_bytes())
        protected = sealed["signatures"][0]["protected"]
        header = json.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
        (certificate,) = read_chain(header["x5c"])
        assert certificate.subject == Subject("TEST SEAL", "ORGANIZACION TEST", "VATES-A00000000", "ES")
        assert (certificate.qualified, certificate.for_seals) == (True, True)

    @pytest.mark.parametrize("key", [pki.SEAL_SIGNER, EcSigner("P-384", b"\7" * 48, ""), Ed25519Signer(b"\7" * 32, "")])
    def test_the_key_of_a_certificate_is_found(self, key) -> None:
        made = authority.certify(NAME, key.public_key, signer=key, serial=1, begins=pki.BEGINS, ends=pki.ENDS)
        assert public_key(made) == key.public_key
        assert is_issued_by(made, made)

    def test_rsa_is_found_and_other_curves_are_refused(self) -> None:
        key = rsa.generate_private_key(65537, 2048)
        assert public_key(built("A", key, "A", key)).algorithm == "RSA"
        unusual = ec.generate_private_key(ec.SECP521R1())
        with pytest.raises(KeyMaterialError) as refusal:
            public_key(built("A", unusual, "A", unusual))
        assert refusal.value.code == "key-type-unsupported"

    def test_pem_goes_both_ways_whatever_stands_between(self) -> None:
        data = b"words\n" + write_pem([SEAL]) + b"# more\r\n" + write_pem([ISSUING]).replace(b"\n", b"\r\n")
        assert read_pem(data) == (SEAL, ISSUING)
        with pytest.raises(KeyMaterialError):
            read_pem(data, limit=1)

    @pytest.mark.parametrize(
        "data",
        [b"", b"-----BEGIN CERTIFICATE-----\nAAAA", b"-----BEGIN CERTIFICATE-----\n%\n-----END CERTIFICATE-----"],
    )
    def test_what_is_no_pem_is_refused(self, data: bytes) -> None:
        with pytest.raises(KeyMaterialError) as refusal:
            read_pem(data)
        assert refusal.value.code == "certificate-invalid"

    @pytest.mark.parametrize(
        ("entries", "reason"),
        [
            ("x", "certificate-list-malformed"),
            ([], "certificate-list-malformed"),
            ([7], "certificate-list-malformed"),
            (["AAAA"], "certificate-malformed"),
            (["AA\nAA"], "certificate-no-base64"),
            (["AAA"], "certificate-no-base64"),
            (["A" * 40_000], "certificate-too-large"),
            ([base64.b64encode(b"\0" * 17_000).decode()], "certificate-too-large"),
            ([base64.b64encode(SEAL.der + b"\0").decode()], "certificate-malformed"),
            ([base64.b64encode(SEAL.der).decode()] * (MAX_CHAIN + 1), "too-many-certificates"),
        ],
    )
    def test_what_is_no_chain_is_refused(self, entries, reason: str) -> None:
        with pytest.raises(KeyMaterialError) as refusal:
            read_chain(entries)
        assert refusal.value.params["reason"] == reason

    @pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
    @settings(max_examples=150)
    @given(place=st.integers(0, len(SEAL.der) - 1), bit=st.integers(0, 7), length=st.integers(1, len(SEAL.der)))
    def test_a_damaged_certificate_is_refused_or_not_trusted(self, place: int, bit: int, length: int) -> None:
        damaged = bytearray(SEAL.der)
        damaged[place] ^= 1 << bit
        with pytest.raises(KeyMaterialError):
            read_certificate(SEAL.der[: length - 1])
        try:
            read = path(read_certificate(bytes(damaged))).certificates[0]
        except KeyMaterialError:
            return
        # How the signature is packed is not signed itself; all that the certificate says is.
        assert dataclasses.replace(read, der=SEAL.der) == SEAL
        assert public_key(read) == public_key(SEAL)


class TestPaths:
    def test_the_path_leads_to_the_trusted_certificate(self) -> None:
        assert path().certificates == (SEAL, ISSUING, ROOT)
        assert path().anchor == ROOT

    def test_an_authority_below_the_root_may_be_what_is_trusted(self) -> None:
        assert path(others=[], anchors=Anchors([ISSUING])).certificates == (SEAL, ISSUING)

    def test_a_single_certificate_may_be_what_is_trusted(self) -> None:
        assert path(others=[], anchors=Anchors([SEAL])).certificates == (SEAL,)

    def test_what_else_came_along_does_no_harm(self) -> None:
        assert path(others=[STAMP, ROOT, ISSUING, SEAL, STAMP]).certificates == (SEAL, ISSUING, ROOT)

    def test_without_what_lies_between_there_is_no_path(self) -> None:
        assert refusal_of(others=[]) == "certificate-not-trusted"
        assert refusal_of(anchors=Anchors()) == "certificate-not-trusted"

    def test_what_came_along_is_not_trusted_for_coming_along(self) -> None:
        own_root = certify(ROOT.subject, OTHER_SIGNER, OTHER_SIGNER, None, purpose="authority")
        forged = certify(pki.SEALER, OTHER_SIGNER, OTHER_SIGNER, own_root)
        assert refusal_of(forged, [own_root]) == "certificate-not-trusted"

    def test_the_name_of_an_authority_does_not_make_one(self) -> None:
        forged = certify(pki.SEALER, OTHER_SIGNER, OTHER_SIGNER, ISSUING)
        assert refusal_of(forged) == "certificate-not-trusted"

    @pytest.mark.parametrize(
        "at", [pki.BEGINS - dt.timedelta(seconds=1), pki.ENDS + dt.timedelta(seconds=1), pki.LATER]
    )
    def test_a_certificate_is_valid_in_its_time_alone(self, at: dt.datetime) -> None:
        assert refusal_of(at=at) == "certificate-not-valid-then"

    @pytest.mark.parametrize("at", [pki.BEGINS, pki.ENDS])
    def test_the_first_and_last_second_belong_to_it(self, at: dt.datetime) -> None:
        assert path(at=at).at == at

    def test_an_authority_must_be_valid_too(self) -> None:
        ended = certify(
            ISSUING.subject,
            ISSUING_SIGNER,
            pki.ROOT_SIGNER,
            ROOT,
            purpose="authority",
            ends=NOW - dt.timedelta(days=1),
        )
        assert refusal_of(others=[ended]) == "certificate-not-valid-then"

    def test_a_certificate_for_seals_makes_no_authority(self) -> None:
        below = certify(NAME, OTHER_SIGNER, pki.SEAL_SIGNER, SEAL)
        assert refusal_of(below, [SEAL, ISSUING]) == "certificate-for-something-else"

    @pytest.mark.parametrize(
        ("certificate", "purpose"), [(ISSUING, "seal"), (STAMP, "seal"), (SEAL, "time-stamp"), (SEAL, "authority")]
    )
    def test_a_certificate_is_used_for_what_it_was_made_for(self, certificate, purpose: str) -> None:
        assert refusal_of(certificate, purpose=purpose) == "certificate-for-something-else"
        assert refusal_of(certificate, anchors=Anchors([certificate]), purpose=purpose) == (
            "certificate-for-something-else"
        )

    def test_that_for_time_stamps_must_be_critical_and_nothing_else(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        stamping, signing = outside.oid.ExtendedKeyUsageOID.TIME_STAMPING, outside.oid.ExtendedKeyUsageOID.CODE_SIGNING
        for uses, critical in (([stamping], False), ([stamping, signing], True)):
            made = built("A", key, "A", key, (outside.ExtendedKeyUsage(uses), critical))
            with pytest.raises(KeyMaterialError):
                check_purpose(made, "time-stamp")
        check_purpose(built("A", key, "A", key, (outside.ExtendedKeyUsage([stamping]), True)), "time-stamp")

    def test_how_far_an_authority_may_delegate_is_heeded(self) -> None:
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
        root = built("A", keys[0], "A", keys[0], (outside.BasicConstraints(ca=True, path_length=0), True))
        between = built("B", keys[1], "A", keys[0], (outside.BasicConstraints(ca=True, path_length=None), True))
        leaf = built("C", keys[2], "B", keys[1], (outside.BasicConstraints(ca=False, path_length=None), True))
        assert refusal_of(leaf, [between], anchors=Anchors([root])) == "certificate-path-invalid"
        assert path(leaf, [], anchors=Anchors([between])).anchor == between

    def test_what_is_critical_and_unknown_is_refused(self) -> None:
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
        unknown = outside.UnrecognizedExtension(outside.ObjectIdentifier("1.2.3.4.5"), b"\5\0")
        root = built("A", keys[0], "A", keys[0], (outside.BasicConstraints(ca=True, path_length=None), True))
        leaf = built("B", keys[1], "A", keys[0], (unknown, True))
        assert refusal_of(leaf, [], anchors=Anchors([root])) == "certificate-path-invalid"
        harmless = built("B", keys[1], "A", keys[0], (unknown, False))
        assert path(harmless, [], anchors=Anchors([root])).anchor == root

    def test_a_short_key_is_refused(self) -> None:
        root_key, key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 1024)
        root = built("A", root_key, "A", root_key, (outside.BasicConstraints(ca=True, path_length=None), True))
        leaf = built("B", key, "A", root_key)
        assert refusal_of(leaf, [], anchors=Anchors([root])) == "certificate-invalid"
        assert refusal_of(leaf, [], anchors=Anchors([leaf])) == "certificate-invalid"

    def test_certificates_that_signed_one_another_cost_no_more_than_their_number(self) -> None:
        # All have one name and one key, so any may have issued any: there are 14! ways through them.
        ring = [
            certify(NAME, OTHER_SIGNER, OTHER_SIGNER, None, purpose="authority", serial=number)
            for number in range(1, MAX_CHAIN - 1)
        ]
        leaf = certify(pki.SEALER, pki.SEAL_SIGNER, OTHER_SIGNER, ring[0])
        assert refusal_of(leaf, ring) == "certificate-not-trusted"
        with pytest.raises(KeyMaterialError) as refusal:
            path(leaf, [*ring, *ring])
        assert refusal.value.params["reason"] == "too-many-certificates"

    def test_a_time_without_zone_is_a_bug(self) -> None:
        with pytest.raises(ValueError):
            path(at=NOW.replace(tzinfo=None))


class TestAuthority:
    def test_a_request_is_one_that_providers_accept(self) -> None:
        der = authority.request(pki.SEALER, signer=pki.SEAL_SIGNER)
        read = outside.load_der_x509_csr(der)
        assert read.is_signature_valid
        assert {entry.rfc4514_attribute_name: entry.value for entry in read.subject} == {
            "C": "FI",
            "O": "Saimaa University",
            "2.5.4.97": "VATFI-12345678",
            "CN": "Saimaa University seal",
        }

    def test_its_certificates_are_what_others_take_for_certificates(self) -> None:
        read = outside.load_der_x509_certificate(CHAIN[0].der)
        read.verify_directly_issued_by(outside.load_der_x509_certificate(ISSUING.der))
        usage = read.extensions.get_extension_for_class(outside.KeyUsage)
        assert (usage.critical, usage.value.digital_signature, usage.value.key_cert_sign) == (True, True, False)
        key_id = read.extensions.get_extension_for_class(outside.AuthorityKeyIdentifier).value.key_identifier
        own_id = outside.load_der_x509_certificate(ISSUING.der).extensions
        assert key_id == own_id.get_extension_for_class(outside.SubjectKeyIdentifier).value.digest

    def test_a_period_that_is_none_and_a_key_that_signs_none_are_refused(self) -> None:
        with pytest.raises(KeyMaterialError):
            certify(NAME, OTHER_SIGNER, OTHER_SIGNER, None, ends=pki.BEGINS)

        class Elsewhere(EcSigner):
            algorithm = "RSA"

        other = Elsewhere.__new__(Elsewhere)
        other.public_key = PublicKey("Ed25519", b"\1" * 32)
        with pytest.raises(KeyMaterialError) as refusal:
            authority.request(NAME, signer=other)
        assert refusal.value.code == "key-type-unsupported"

    def test_years_from_2050_on_are_written_in_the_other_form(self) -> None:
        made = certify(NAME, OTHER_SIGNER, OTHER_SIGNER, None, ends=dt.datetime(2051, 1, 1, tzinfo=dt.UTC))
        assert made.ends.year == 2051
