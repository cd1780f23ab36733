"""Seals of PDF files: made, read by another program, and refused when anything was changed or added."""

import datetime as dt
import hashlib
import io
import pickle
import re
from typing import Any

import pytest
from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509 as cryptography_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats import pdf
from openmcx.credentials.keys import authority
from openmcx.credentials.keys.signer import EcSigner, Ed25519Signer, Signer
from openmcx.credentials.keys.x509 import Anchors, Certificate, Subject, read_certificate
from openmcx.credentials.pdf_files.reading import PdfFile
from openmcx.credentials.proofs import pades, time_stamps
from openmcx.credentials.proofs.pades import SealedPdf, sealing
from tests.credentials.examples import CREDENTIAL, NOW

BEGINS, ENDS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
LONG = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
MUCH_LATER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
ROOT_SIGNER = EcSigner("P-256", (5).to_bytes(32), "")
SIGNER = EcSigner("P-256", (6).to_bytes(32), "")
STAMPER = EcSigner("P-256", (7).to_bytes(32), "")


def certify(name: str, signer: Signer, **given: Any) -> Certificate:
    fields: dict[str, Any] = {"signer": ROOT_SIGNER, "issuer": None, "serial": 7, "begins": BEGINS, "ends": ENDS}
    return authority.certify(Subject(organisation=name, country="FI"), signer.public_key, **{**fields, **given})


ROOT = certify("Root", ROOT_SIGNER, purpose="authority", ends=LONG)
SEAL = certify("Saimaa University", SIGNER, issuer=ROOT)
STAMPING = certify("Clock", STAMPER, issuer=ROOT, serial=8, purpose="time-stamp", ends=LONG)
ANCHORS = Anchors([ROOT])


def stamp(digest: bytes, *, at: dt.datetime = NOW, certificate: Certificate = STAMPING) -> bytes:
    """A time-stamp, as an authority would make it."""
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3.4",
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
            "serial_number": 1,
            "gen_time": at,
        }
    )
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": certificate.sha256}]})
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(info.dump()).digest()]},
            {"type": "signing_certificate_v2", "values": [named]},
        ]
    )
    loaded = asn1_x509.Certificate.load(certificate.der)
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {"issuer_and_serial_number": {"issuer": loaded.issuer, "serial_number": loaded.serial_number}}
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": sealing._as_der(STAMPER.sign(attributes.dump())),
    }
    content = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "tst_info", "content": info},
        "certificates": [loaded],
        "signer_infos": [signer],
    }
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump()
    return made


@pytest.fixture(scope="module")
def plain() -> bytes:
    return pdf.write(pdf.sheet(CREDENTIAL), b'{"a": 1}', created=NOW)


@pytest.fixture(scope="module")
def sealed(plain: bytes) -> bytes:
    return pades.seal(plain, signer=SIGNER, chain=[SEAL], sealed_at=NOW, reason="Issued")


@pytest.fixture(scope="module")
def stamped(plain: bytes) -> bytes:
    return pades.seal(plain, signer=SIGNER, chain=[SEAL], sealed_at=NOW, timestamp=stamp)


def check(data: bytes, at: dt.datetime = LATER, anchors: Anchors = ANCHORS, **given: Any) -> SealedPdf:
    found = pades.verify(data, at=at, anchors=anchors, **given)
    assert found is not None
    return found


def refused(data: bytes, at: dt.datetime = LATER) -> str:
    with pytest.raises(CredentialError) as caught:
        pades.verify(data, at=at, anchors=ANCHORS)
    assert str(caught.value)
    return caught.value.code


def contents(data: bytes) -> tuple[int, int]:
    """Where the signature stands, without its angle brackets."""
    match = re.search(rb"/Contents <([0-9A-Fa-f]+)>", data)
    assert match is not None
    return match.span(1)


def with_signature(data: bytes, changed: bytes) -> bytes:
    start, end = contents(data)
    return data[:start] + changed.hex().encode().ljust(end - start, b"0") + data[end:]


def signature_in(data: bytes) -> cms.ContentInfo:
    start, end = contents(data)
    return cms.ContentInfo.load(bytes.fromhex(data[start:end].decode()))


class TestSealing:
    def test_a_sealed_file_says_who_sealed_it(self, plain: bytes, sealed: bytes) -> None:
        found = check(sealed)
        assert sealed.startswith(plain)
        assert found.certificate == SEAL
        assert (found.level, found.algorithm, found.digest, found.claimed_at) == ("B-B", "P-256", "sha256", NOW)
        assert found.path is not None
        assert found.path.anchor == ROOT
        assert (found.path_fault, found.other_seals) == (None, 0)
        assert [one.code for one in found.unchecked] == ["seal-revocation-not-checked"]

    def test_the_attachment_and_the_claims_of_the_file_stay(self, sealed: bytes) -> None:
        assert pdf.extract(sealed) == pdf.Attached("credential.json", b'{"a": 1}')
        file = PdfFile(sealed)
        catalog = file.resolve(file.trailer["Root"])
        metadata = file.unpack(file.resolve(catalog["Metadata"])).decode()
        assert "<pdfaid:part>3</pdfaid:part>" in metadata
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert catalog["Lang"] == b"en"
        assert sealed.count(b"/Type/Metadata") + sealed.count(b"/Type /Metadata") == 1  # not written anew

    @pytest.mark.parametrize("with_stamp", [False, True])
    def test_another_program_judges_it_valid(self, plain: bytes, with_stamp: bool) -> None:
        made = pades.seal(plain, signer=SIGNER, chain=[SEAL], sealed_at=NOW, timestamp=stamp if with_stamp else None)
        (embedded,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
        roots = [asn1_x509.Certificate.load(ROOT.der)]
        status = validate_pdf_signature(embedded, ValidationContext(trust_roots=roots, moment=NOW))
        assert status.bottom_line
        assert status.coverage.name == "ENTIRE_FILE"
        assert str(embedded.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
        assert (status.timestamp_validity is not None) is with_stamp
        assert embedded.docmdp_level.name == "NO_CHANGES"

    @pytest.mark.parametrize("algorithm", ["P-256", "P-384"])
    def test_keys_of_both_curves_seal(self, plain: bytes, algorithm: Any) -> None:
        signer = EcSigner(algorithm, (9).to_bytes(32 if algorithm == "P-256" else 48), "")
        made = pades.seal(plain, signer=signer, chain=[certify("U", signer, issuer=ROOT)], sealed_at=NOW)
        assert check(made).algorithm == algorithm

    def test_a_time_stamp_makes_it_level_b_t(self, stamped: bytes) -> None:
        found = check(stamped)
        assert (found.level, found.sealed_at, found.authority, found.stamp_fault) == ("B-T", NOW, STAMPING, None)

    def test_a_seal_outlives_its_certificate_only_with_a_time_stamp(self, sealed: bytes, stamped: bytes) -> None:
        fault = check(sealed, MUCH_LATER).path_fault
        assert fault is not None
        assert fault.code == "certificate-not-valid-then"
        assert check(stamped, MUCH_LATER).path is not None
        distrusted = check(stamped, MUCH_LATER, time_stamp_anchors=Anchors([]))
        assert (distrusted.level, distrusted.path) == ("B-B", None)
        assert distrusted.stamp_fault is not None

    def test_only_who_is_trusted_is_trusted(self, sealed: bytes) -> None:
        found = check(sealed, anchors=Anchors([]))
        assert found.path is None
        assert found.path_fault is not None
        assert found.path_fault.code == "certificate-not-trusted"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"signer": STAMPER}, "seal-invalid"),
            ({"signer": STAMPER, "chain": [STAMPING]}, "certificate-for-something-else"),
            ({"sealed_at": MUCH_LATER}, "certificate-not-valid-then"),
            ({"timestamp": lambda _: stamp(b"\0" * 32)}, "timestamp-invalid"),
            ({"timestamp": lambda _: b"none"}, "timestamp-invalid"),
        ],
    )
    def test_what_would_make_no_right_seal_is_refused(self, plain: bytes, given: dict[str, Any], code: str) -> None:
        with pytest.raises(CredentialError) as caught:
            pades.seal(plain, **{"signer": SIGNER, "chain": [SEAL], "sealed_at": NOW, **given})
        assert caught.value.code == code

    def test_ed25519_seals_no_pdf(self, plain: bytes) -> None:
        signer = Ed25519Signer(bytes(32), "")
        with pytest.raises(CredentialError, match="Ed25519"):
            pades.seal(plain, signer=signer, chain=[certify("U", signer, issuer=ROOT)], sealed_at=NOW)

    def test_a_sealed_file_is_not_sealed_again(self, sealed: bytes) -> None:
        with pytest.raises(CredentialError, match="sealed already"):
            pades.seal(sealed, signer=SIGNER, chain=[SEAL], sealed_at=NOW)

    def test_times_are_aware(self, plain: bytes) -> None:
        naive = dt.datetime(2026, 8, 1)  # noqa: DTZ001 - what is refused
        with pytest.raises(ValueError, match="aware"):
            pades.seal(plain, signer=SIGNER, chain=[SEAL], sealed_at=naive)
        with pytest.raises(ValueError, match="aware"):
            pades.verify(plain, at=naive, anchors=ANCHORS)


class TestChangedFiles:
    def test_a_file_without_a_seal_has_none(self, plain: bytes) -> None:
        assert pades.verify(plain, at=NOW, anchors=ANCHORS) is None

    @pytest.mark.parametrize("added", [b"\n", b"%", b"\0" * 20, b"startxref\n0\n%%EOF"])
    def test_nothing_may_be_added(self, sealed: bytes, added: bytes) -> None:
        assert refused(sealed + added) in ("pdf-changed-after-sealing", "pdf-damaged")

    def test_a_later_revision_is_refused_although_the_standard_would_allow_it(self, sealed: bytes) -> None:
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
        writer.root["/Lang"] = writer.root["/Lang"]
        writer.update_root()
        out = io.BytesIO()
        writer.write(out)
        assert refused(out.getvalue()) == "pdf-changed-after-sealing"

    @settings(max_examples=25, deadline=None)
    @given(place=st.integers(0, 10**6))
    def test_no_byte_may_be_changed(self, sealed: bytes, place: int) -> None:
        start, end = contents(sealed)
        used = start + 2 * len(signature_in(sealed).dump())
        covered = [*range(start - 1), *range(start, used), *range(end + 1, len(sealed))]
        at = covered[place % len(covered)]
        changed = bytes([sealed[at] ^ 1])
        data = sealed[:at] + changed + sealed[at + 1 :]
        try:
            found = pades.verify(data, at=LATER, anchors=ANCHORS)
        except CredentialError:
            return
        # What may be reached is a file without a seal; in the signature itself, another certificate that nobody trusts.
        assert found is None or found.path is None

    def test_the_gap_holds_the_signature_and_nothing_else(self, sealed: bytes) -> None:
        start, end = contents(sealed)
        hidden = b"00> /Hidden (x) /X <"
        data = sealed[: end - len(hidden)] + hidden + sealed[end:]
        assert refused(data) == "pdf-changed-after-sealing"
        assert refused(sealed[:start] + sealed[start:end].replace(b"00", b" 0", 1) + sealed[end:]) != ""

    def test_the_room_behind_the_signature_is_empty(self, sealed: bytes) -> None:
        _, end = contents(sealed)
        assert refused(sealed[: end - 2] + b"01" + sealed[end:]) == "pdf-seal-malformed"

    @pytest.mark.parametrize("shift", [(1, 0, 0, 0), (0, -1, 0, 0), (0, 0, 1, -1), (0, 0, 0, -1), (0, 0, -99, 99)])
    def test_other_ranges_are_refused(self, sealed: bytes, shift: tuple[int, ...]) -> None:
        match = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+) *\]", sealed)
        assert match is not None
        ranges = [int(one) + by for one, by in zip(match.groups(), shift, strict=True)]
        text = b"/ByteRange [%d %d %d %d" % tuple(ranges)
        data = sealed[: match.start()] + text.ljust(len(match[0]) - 1) + b"]" + sealed[match.end() :]
        assert refused(data) == "pdf-changed-after-sealing"

    def test_the_signature_is_not_taken_over_by_another_file(self, plain: bytes, sealed: bytes) -> None:
        other = pdf.write(pdf.sheet(CREDENTIAL, language="fi"), b'{"a": 2}', created=NOW)
        made = pades.seal(other, signer=SIGNER, chain=[SEAL], sealed_at=NOW)
        assert refused(with_signature(made, signature_in(sealed).dump())) == "signature-wrong"


class TestForgedSignatures:
    def forged(self, sealed: bytes, change: Any) -> bytes:
        content = cms.ContentInfo.load(signature_in(sealed).dump())
        change(content["content"])
        return with_signature(sealed, content.dump(force=True))

    def test_another_certificate_does_not_take_the_place_of_the_signers(self, sealed: bytes) -> None:
        other = asn1_x509.Certificate.load(STAMPING.der)

        def swap(data: Any) -> None:
            data["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", other)])

        assert refused(self.forged(sealed, swap)) == "seal-invalid"

    def test_another_certificate_of_the_same_key_neither(self, sealed: bytes) -> None:
        same_key = certify("Mallory College", SIGNER, issuer=ROOT, serial=99)

        def swap(data: Any) -> None:
            loaded = asn1_x509.Certificate.load(same_key.der)
            data["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", loaded)])

        assert refused(self.forged(sealed, swap)) == "seal-invalid"

    @pytest.mark.parametrize(
        ("member", "value", "code"),
        [
            ("digest_algorithm", {"algorithm": "sha1"}, "pdf-seal-weak"),
            ("digest_algorithm", {"algorithm": "sha512"}, "pdf-seal-weak"),
            ("signature_algorithm", {"algorithm": "sha384_ecdsa"}, "pdf-seal-weak"),
            ("signature_algorithm", {"algorithm": "sha256_rsa"}, "pdf-seal-weak"),
            ("signature", b"none", "signature-wrong"),
            ("signature", b"0\6\2\1\1\2\1\1", "signature-wrong"),
        ],
    )
    def test_algorithms_are_not_mixed(self, sealed: bytes, member: str, value: Any, code: str) -> None:
        def change(data: Any) -> None:
            data["signer_infos"][0][member] = value

        assert refused(self.forged(sealed, change)) == code

    def test_attributes_stand_there_once(self, sealed: bytes) -> None:
        def twice(data: Any) -> None:
            info = data["signer_infos"][0]
            info["signed_attrs"] = cms.CMSAttributes([*info["signed_attrs"], info["signed_attrs"][1].copy()])

        assert refused(self.forged(sealed, twice)) == "pdf-seal-malformed"

        def without_name(data: Any) -> None:
            info = data["signer_infos"][0]
            kept = [one for one in info["signed_attrs"] if one["type"].native != "signing_certificate_v2"]
            info["signed_attrs"] = cms.CMSAttributes(kept)

        assert refused(self.forged(sealed, without_name)) == "pdf-seal-malformed"

    @pytest.mark.parametrize("data", [b"", b"0", b"0\x80", b"\x30\x03\x06\x01\x00" * 3])
    def test_what_is_no_signature_is_refused(self, sealed: bytes, data: bytes) -> None:
        assert refused(with_signature(sealed, data)) == "pdf-seal-malformed"

    def test_other_forms_of_signatures_are_named(self, sealed: bytes) -> None:
        data = sealed.replace(b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /adbe.pkcs7.detached")
        assert refused(data) == "pdf-seal-kind-unsupported"

    def test_a_time_stamp_of_something_else_counts_for_nothing(
        self, plain: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(time_stamps, "verify", lambda *_: None)
            made = pades.seal(plain, signer=SIGNER, chain=[SEAL], sealed_at=NOW, timestamp=lambda _: stamp(b"\1" * 32))
        found = check(made)
        assert (found.level, found.sealed_at) == ("B-B", None)
        assert found.stamp_fault is not None
        assert found.stamp_fault.code == "timestamp-invalid"

    def test_attributes_are_never_written_anew(self, stamped: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        # asn1crypto does that in a time that doubles with every level, and whoever made the file decides how many.
        written = cms.CMSAttributes.dump

        def dump(self: Any, force: bool = False) -> bytes:
            assert not force
            return bytes(written(self))

        monkeypatch.setattr(cms.CMSAttributes, "dump", dump)
        assert check(stamped).level == "B-T"
        assert time_stamps.as_set(b"\xa0\3abc") == b"\x31\3abc"
        with pytest.raises(ValueError, match="tag"):
            time_stamps.as_set(b"\x31\3abc")

    def test_a_time_stamp_from_the_future_counts_for_nothing(self, plain: bytes) -> None:
        made = pades.seal(plain, signer=SIGNER, chain=[SEAL], sealed_at=NOW, timestamp=lambda one: stamp(one, at=LATER))
        found = check(made, NOW)
        assert found.stamp_fault is not None
        assert found.stamp_fault.code == "pdf-stamp-from-the-future"
        assert check(made, LATER + dt.timedelta(days=1)).sealed_at == LATER


class TestPkcs12:
    @staticmethod
    def written(key: Any, passphrase: bytes) -> bytes:
        name = cryptography_x509.Name([cryptography_x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Saimaa")])
        certificate = (
            cryptography_x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(3)
            .not_valid_before(BEGINS)
            .not_valid_after(ENDS)
            .sign(key, hashes.SHA256())
        )
        lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, lock)

    @pytest.mark.parametrize("kind", ["RSA", "P-256"])
    def test_what_a_provider_hands_out_seals(self, plain: bytes, kind: str) -> None:
        key = rsa.generate_private_key(65537, 2048) if kind == "RSA" else ec.generate_private_key(ec.SECP256R1())
        data = self.written(key, b"secret")
        signer, chain = pades.read_pkcs12(data, passphrase="secret")
        made = pades.seal(plain, signer=signer, chain=chain, sealed_at=NOW)
        found = check(made, anchors=Anchors(chain))
        assert (found.algorithm, found.path is not None) == (kind, True)
        assert read_certificate(found.certificate.der).subject.organisation == "Saimaa"
        with pytest.raises(TypeError):
            pickle.dumps(signer)
        with pytest.raises(CredentialError) as caught:
            pades.read_pkcs12(data, passphrase="wrong")
        assert "wrong" not in str(caught.value)

    @pytest.mark.parametrize("data", [b"", b"none", b"0" * 10**6])
    def test_what_is_none_is_refused(self, data: bytes) -> None:
        with pytest.raises(CredentialError, match="cannot be opened"):
            pades.read_pkcs12(data, passphrase="x")

    def test_other_curves_are_refused(self) -> None:
        data = self.written(ec.generate_private_key(ec.SECP521R1()), b"x")
        with pytest.raises(CredentialError, match="not supported"):
            pades.read_pkcs12(data, passphrase="x")
