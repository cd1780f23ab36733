"""Verifying whatever form a credential has: as a token, in a picture, in an envelope; the report is the same."""

import base64
import dataclasses
import datetime as dt
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
import typst

from openmcx.credentials import KnownIssuer, Outcome, Report, Verdict, issue, verify
from openmcx.credentials.formats import clr, elm, open_badges, pdf, sd_jwt_vc
from openmcx.credentials.formats.baking import bake
from openmcx.credentials.keys import did_jwk, did_key, did_web
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.keys.signer import EcSigner
from openmcx.credentials.model import LangText
from openmcx.credentials.present import present
from openmcx.credentials.proofs import cose, data_integrity, envelopes, jades, jose, sd_jwt
from openmcx.credentials.status import bitstring
from openmcx.credentials.status import token as token_status
from tests.credentials import pki
from tests.credentials.examples import CREDENTIAL, DID, ISSUER, NOW, OTHER_SIGNER, SIGNED_AT, SIGNER
from tests.credentials.test_open_badges_2 import ASSERTION, Web

KNOWN = {DID: KnownIssuer(name=ISSUER.name)}
AWARD = dataclasses.replace(CREDENTIAL, status=())
DOCUMENT = open_badges.write(AWARD)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def check(document: Any, **given: Any) -> Report:
    return verify(document, at=given.pop("at", NOW), issuer_directory=given.pop("known", KNOWN).get, **given)


def outcome(report: Report, name: str) -> tuple[Outcome, str]:
    return report.check(name).outcome, report.check(name).code


TOKENS: dict[str, Any] = {
    "credential-jwt": lambda document, signer: jose.sign(document, signer=signer),
    "open-badge-3-jwt": lambda document, signer: jose.sign_open_badge(document, signer=signer),
    "credential-sd-jwt": lambda document, signer: sd_jwt.sign(document, disclosable=[], signer=signer),
    "credential-cose": lambda document, signer: cose.sign(document, signer=signer),
}


class TestTokens:
    @pytest.mark.parametrize("kind", TOKENS)
    def test_a_good_one_is_verified_and_read(self, kind: str) -> None:
        report = check(TOKENS[kind](DOCUMENT, SIGNER))
        assert (report.verdict, report.headline.code) == (Verdict.VERIFIED, "headline-verified")
        assert report.check("format").params == {"kind": kind}
        assert report.credential == AWARD
        assert report.check("proof").evidence["verification_method"] == SIGNER.verification_method

    @pytest.mark.parametrize("kind", TOKENS)
    def test_one_that_somebody_else_signed_is_not(self, kind: str) -> None:
        report = check(TOKENS[kind](DOCUMENT, OTHER_SIGNER))
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-key-not-issuers")

    @pytest.mark.parametrize("kind", TOKENS)
    def test_one_that_was_changed_is_not(self, kind: str) -> None:
        token = TOKENS[kind](DOCUMENT, SIGNER)
        if isinstance(token, bytes):
            changed: Any = token.replace(b"Collaborative", b"Competitive!!")
        else:
            header, payload, signature = token.removesuffix("~").split(".")
            text = base64.urlsafe_b64decode(payload + "==").replace(b"Collaborative", b"Competitive!!")
            payload = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
            changed = ".".join((header, payload, signature)) + ("~" if token.endswith("~") else "")
        report = check(changed)
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-signature-wrong")
        assert report.credential is None

    @pytest.mark.parametrize("kind", TOKENS)
    def test_an_expired_one_has_expired(self, kind: str) -> None:
        ended = dt.datetime(2026, 7, 15, tzinfo=dt.UTC)
        document = open_badges.write(dataclasses.replace(AWARD, valid_until=ended))
        report = check(TOKENS[kind](document, SIGNER))
        assert report.verdict is Verdict.NOT_VERIFIED
        assert outcome(report, "validity") == (Outcome.FAILED, "expired")

    @pytest.mark.parametrize("kind", TOKENS)
    def test_terms_that_nobody_defined_are_refused_here_too(self, kind: str) -> None:
        report = check(TOKENS[kind]({**DOCUMENT, "undefinedTerm": "x"}, SIGNER))
        assert outcome(report, "terms") == (Outcome.FAILED, "undefined-term")
        assert report.verdict is Verdict.NOT_VERIFIED

    @pytest.mark.parametrize("algorithm", ["P-256", "P-384"])
    def test_keys_of_the_nist_curves_sign_as_well(self, algorithm: Any) -> None:
        secret = bytes(range(1, 33)) if algorithm == "P-256" else bytes(range(1, 49))
        public = EcSigner(algorithm, secret, "").public_key
        did = did_key.did_key(public)
        issuer = dataclasses.replace(ISSUER, id=did)
        document = open_badges.write(dataclasses.replace(AWARD, issuer=issuer))
        token = jose.sign(document, signer=EcSigner(algorithm, secret, did_key.verification_method(public)))
        assert check(token, known={did: KnownIssuer(name=ISSUER.name)}).verdict is Verdict.VERIFIED

    def test_a_token_whose_time_has_passed_is_told_apart_from_a_credential_whose_has(self) -> None:
        token = jose.sign(DOCUMENT, signer=SIGNER, claims={"exp": int(SIGNED_AT.timestamp())})
        assert outcome(check(token), "proof") == (Outcome.FAILED, "proof-expired")

    def test_a_token_that_is_not_to_hold_yet_does_not(self) -> None:
        token = jose.sign(DOCUMENT, signer=SIGNER, claims={"nbf": int(NOW.timestamp()) + 86_400})
        assert outcome(check(token), "proof") == (Outcome.FAILED, "proof-not-yet")

    def test_a_presentation_as_token_is_named_and_not_judged(self) -> None:
        presentation = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"}
        token = jose.sign(presentation, signer=SIGNER, kind=jose.PRESENTATION)
        report = check(token)
        assert (report.verdict, report.check("format").params) == (
            Verdict.UNSUPPORTED,
            {"kind": "verifiable-presentation"},
        )


class TestKeysThatTokensBring:
    def test_a_key_in_the_header_proves_nothing_about_the_issuer(self) -> None:
        web = did_web.did_web("https://saimaa.example")
        document = open_badges.write(dataclasses.replace(AWARD, issuer=dataclasses.replace(ISSUER, id=web)))
        report = check(jose.sign_open_badge(document, signer=OTHER_SIGNER, embed_key=True))
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-key-in-file")

    def test_unless_the_issuer_is_that_key(self) -> None:
        assert check(jose.sign_open_badge(DOCUMENT, signer=SIGNER, embed_key=True)).verdict is Verdict.VERIFIED

    def test_or_the_issuer_is_that_key_as_jwk(self) -> None:
        did = did_jwk.did_jwk(SIGNER.public_key)
        document = open_badges.write(dataclasses.replace(AWARD, issuer=dataclasses.replace(ISSUER, id=did)))
        token = jose.sign_open_badge(document, signer=SIGNER, embed_key=True)
        assert check(token, known={did: KnownIssuer(name=ISSUER.name)}).verdict is Verdict.VERIFIED

    @pytest.mark.parametrize(
        ("issuer", "verdict", "code"),
        [
            ("https://saimaa.example/issuer", Verdict.VERIFIED, "key-is-issuers"),
            ("https://other.example/issuer", Verdict.NOT_VERIFIED, "key-not-issuers"),
            ("http://saimaa.example/issuer", Verdict.NOT_VERIFIED, "key-not-issuers"),
            ("https://saimaa.example.evil.example/", Verdict.NOT_VERIFIED, "key-not-issuers"),
            ("https://saimaa.example@evil.example/", Verdict.NOT_VERIFIED, "key-not-issuers"),
        ],
    )
    def test_a_key_at_an_address_is_that_of_issuers_on_the_same_server(
        self, issuer: str, verdict: Verdict, code: str
    ) -> None:
        keys = "https://saimaa.example/keys.json"
        document = open_badges.write(dataclasses.replace(AWARD, issuer=dataclasses.replace(ISSUER, id=issuer)))
        signer = type(SIGNER)(bytes(range(32)), f"{keys}#key-1")
        served = {keys: json.dumps({"keys": [{**write_jwk(SIGNER.public_key), "kid": "key-1"}]}).encode()}
        report = verify(jose.sign_open_badge(document, signer=signer), at=NOW, fetch=served.__getitem__)
        assert (report.check("issuer-key").code, report.verdict) == (code, verdict)
        if verdict is Verdict.VERIFIED:
            assert report.issuer is not None
            assert report.issuer.name == "saimaa.example"


class TestCarriers:
    @pytest.mark.parametrize(("picture", "kind"), [(png(), "png-with-badge"), (SVG, "svg-with-badge")])
    def test_a_badge_in_a_picture_is_judged(self, picture: bytes, kind: str) -> None:
        signed = issue(AWARD, signer=SIGNER, created=SIGNED_AT)
        report = check(bake(picture, signed))
        assert report.verdict is Verdict.VERIFIED
        assert report.check("format").params == {"kind": "open-badge-3", "carrier": kind}
        assert report.check("format").evidence == {"carried_in": [kind]}
        assert check(bake(picture, {**signed, "name": "Another"})).headline.code == "headline-signature-wrong"

    @pytest.mark.parametrize("picture", [png(), SVG])
    def test_a_jwt_in_a_picture_is_judged(self, picture: bytes) -> None:
        report = check(bake(picture, jose.sign_open_badge(DOCUMENT, signer=SIGNER)))
        assert (report.verdict, report.check("format").params["kind"]) == (Verdict.VERIFIED, "open-badge-3-jwt")

    def test_a_credential_in_a_pdf_is_judged(self) -> None:
        signed = json.dumps(issue(AWARD, signer=SIGNER, created=SIGNED_AT)).encode()
        printed = pdf.write(pdf.sheet(AWARD), signed, created=SIGNED_AT)
        report = check(printed)
        assert (report.verdict, report.credential) == (Verdict.VERIFIED, AWARD)
        assert report.check("format").params == {"kind": "open-badge-3", "carrier": "pdf"}
        forged = pdf.write(pdf.sheet(AWARD), signed.replace(b"Leon", b"Mall"), created=SIGNED_AT)
        assert check(forged).headline.code == "headline-signature-wrong"

    def test_a_pdf_without_a_credential_is_told_from_one_that_cannot_be_read(self) -> None:
        report = check(typst.compile(b"A certificate, as anybody could write one."))
        assert (report.verdict, report.headline.code) == (Verdict.UNSUPPORTED, "headline-format-never-sealed")
        assert report.check("format").params == {"kind": "pdf"}
        assert check(b"%PDF-1.7 ...").verdict is Verdict.UNREADABLE

    @pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n....openbadgecredential", b"<svg xmlns:openbadges='x'/>"])
    def test_a_damaged_or_empty_picture_is_no_document(self, data: bytes) -> None:
        assert check(data).verdict is Verdict.UNREADABLE

    @pytest.mark.parametrize(
        ("media_type", "make"),
        [("vc+jwt", "credential-jwt"), ("vc+sd-jwt", "credential-sd-jwt"), ("vc+cose", "credential-cose")],
    )
    def test_an_envelope_is_opened(self, media_type: str, make: str) -> None:
        envelope = envelopes.wrap(TOKENS[make](DOCUMENT, SIGNER), media_type)
        report = check(envelope)
        assert (report.verdict, report.check("format").params) == (
            Verdict.VERIFIED,
            {"kind": make, "carrier": "enveloped-credential"},
        )

    def test_a_wrapper_is_opened_and_proves_nothing(self) -> None:
        signed = issue(AWARD, signer=SIGNER, created=SIGNED_AT)
        assert check({"credential": signed, "note": "from the archive"}).verdict is Verdict.VERIFIED
        changed = {**signed, "name": "Another"}
        assert check({"credential": changed}).headline.code == "headline-signature-wrong"

    def test_a_wrapper_in_a_picture_is_opened_and_one_in_a_wrapper_is_not(self) -> None:
        wrapper = {"credential": issue(AWARD, signer=SIGNER, created=SIGNED_AT)}
        report = check(bake(png(), wrapper))
        assert report.check("format").evidence == {"carried_in": ["png-with-badge", "wrapped-credential"]}
        assert report.verdict is Verdict.VERIFIED
        assert check({"credential": wrapper}).verdict is Verdict.UNREADABLE


LIST = CREDENTIAL.status[0].list_url
INDEX = CREDENTIAL.status[0].index


class TestLists:
    """Where it is kept whether the credential was revoked, in the forms that others use."""

    def bits(self, *set_: int) -> bytearray:
        bits = bitstring.new_bits()
        for index in set_:
            bitstring.put(bits, index, True)
        return bits

    def report(self, entry: dict[str, Any], listed: bytes) -> Report:
        document = open_badges.write(AWARD)
        document["credentialStatus"] = entry
        signed = data_integrity.sign(document, signer=SIGNER, created=SIGNED_AT)
        return check(signed, fetch={LIST: listed}.__getitem__)

    def entry(self, **members: Any) -> dict[str, Any]:
        return {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(INDEX),
            "statusListCredential": LIST,
            **members,
        }

    def document(self, bits: bytearray, purpose: str = "revocation", signer: Any = SIGNER) -> dict[str, Any]:
        issuer = signer.verification_method.partition("#")[0]
        return bitstring.status_list_credential(
            id=LIST, issuer=issuer, bits=bits, valid_from=SIGNED_AT, purpose=purpose
        )

    def listed(self, *args: Any) -> bytes:
        return json.dumps(data_integrity.sign(self.document(*args), signer=SIGNER, created=SIGNED_AT)).encode()

    @pytest.mark.parametrize(("revoked", "code"), [((), "status-good"), ((INDEX,), "revoked")])
    def test_a_list_that_is_a_token(self, revoked: tuple[int, ...], code: str) -> None:
        token = jose.sign(self.document(self.bits(*revoked)), signer=SIGNER)
        assert self.report(self.entry(), token.encode()).check("status").code == code

    def test_a_list_that_is_somebody_elses_token(self) -> None:
        token = jose.sign({**self.document(self.bits()), "issuer": DID}, signer=OTHER_SIGNER)
        report = self.report(self.entry(), token.encode())
        assert (report.verdict, report.check("status").code) == (Verdict.NOT_VERIFIED, "status-list-wrong")

    @pytest.mark.parametrize(
        ("value", "outcome_", "sentence"),
        [
            (0, Outcome.PASSED, "Its issuer says of its state: “in force”."),
            (2, Outcome.CAUTION, "Its issuer says of its state: “under review”."),
        ],
    )
    def test_a_message_is_told(self, value: int, outcome_: Outcome, sentence: str) -> None:
        messages = [{"status": "0x0", "message": "in force"}, {"status": "0x2", "message": "under review"}]
        entry = self.entry(statusPurpose="message", statusSize=2, statusMessage=messages)
        bits = self.bits(*([2 * INDEX] if value == 2 else []))
        found = self.report(entry, self.listed(bits, "message")).check("status")
        assert (found.outcome, found.sentence) == (outcome_, sentence)

    def test_a_message_without_words_is_not_passed_over(self) -> None:
        entry = self.entry(statusPurpose="message", statusSize=2, statusMessage=[{"status": "0x0", "message": "x"}])
        found = self.report(entry, self.listed(self.bits(2 * INDEX + 1), "message")).check("status")
        assert (found.outcome, found.code) == (Outcome.NOT_CHECKABLE, "status-kind-unsupported")

    def test_there_may_be_a_newer_version(self) -> None:
        entry = self.entry(statusPurpose="refresh")
        report = self.report(entry, self.listed(self.bits(INDEX), "refresh"))
        assert (report.verdict, report.check("status").code) == (Verdict.CAUTION, "status-refresh")

    @pytest.mark.parametrize("size", [0, -1, 9, 64, "2 ", 1.5, True, [1, 2]])
    def test_a_size_that_is_none_is_not_checkable(self, size: Any) -> None:
        entry = self.entry(statusSize=size, statusPurpose="message", statusMessage=[{"status": "0x0", "message": "x"}])
        report = self.report(entry, self.listed(self.bits(), "message"))
        assert report.check("status").outcome is not Outcome.PASSED
        assert report.verdict is not Verdict.VERIFIED

    def test_a_revocation_list_of_1edtech(self) -> None:
        entry = {"id": LIST, "type": "1EdTechRevocationList"}

        def listed(*revoked: str) -> bytes:
            entries = [{"id": one, "revoked": True} for one in revoked]
            return json.dumps({"id": LIST, "issuer": DID, "revokedCredentials": entries}).encode()

        assert self.report(entry, listed()).check("status").code == "status-good"
        assert self.report(entry, listed(AWARD.id)).headline.code == "headline-revoked"


class TestWallet:
    """An SD-JWT VC, of which the holder shows what they choose."""

    def token(self, credential: Any = AWARD, signer: Any = SIGNER) -> str:
        return sd_jwt_vc.issue(credential, signer=signer, issued_at=SIGNED_AT)

    def test_a_learning_credential_is_verified_and_read(self) -> None:
        report = check(self.token())
        assert (report.verdict, report.check("format").params) == (Verdict.VERIFIED, {"kind": "sd-jwt-vc"})
        assert report.credential is not None
        assert report.credential.learner.family_name == AWARD.learner.family_name
        assert report.credential.achievement.eqf_level == AWARD.achievement.eqf_level

    def test_what_the_holder_does_not_show_stays_hidden_and_the_rest_is_verified(self) -> None:
        shown = sd_jwt.present(self.token(), disclose=[("family_name",)])
        report = check(shown)
        assert report.verdict is Verdict.VERIFIED
        assert report.check("terms").evidence["disclosed"] == ["/family_name"]
        assert report.check("terms").evidence["hidden"] > 0
        assert report.credential is not None
        assert report.credential.learner.given_name == ""

    def test_one_that_somebody_else_signed_is_not(self) -> None:
        assert outcome(check(self.token(signer=OTHER_SIGNER)), "proof") == (Outcome.FAILED, "jws-key-not-issuers")

    def test_an_expired_one_has_expired(self) -> None:
        ended = dt.datetime(2026, 7, 15, tzinfo=dt.UTC)
        report = check(self.token(dataclasses.replace(AWARD, valid_until=ended)))
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-expired")

    @pytest.mark.parametrize(
        ("status", "code"), [(token_status.VALID, "status-good"), (token_status.INVALID, "revoked")]
    )
    def test_its_list_is_asked(self, status: int, code: str) -> None:
        bits = token_status.new_list()
        token_status.put(bits, INDEX, status)
        listed = token_status.sign(bits, address=LIST, signer=SIGNER, issued_at=SIGNED_AT)
        report = check(self.token(CREDENTIAL), fetch={LIST: listed.encode()}.__getitem__)
        assert report.check("status").code == code

    def test_a_list_of_somebody_else_counts_for_nothing(self) -> None:
        listed = token_status.sign(token_status.new_list(), address=LIST, signer=OTHER_SIGNER, issued_at=SIGNED_AT)
        report = check(self.token(CREDENTIAL), fetch={LIST: listed.encode()}.__getitem__)
        assert (report.verdict, report.check("status").code) == (Verdict.NOT_VERIFIED, "status-list-wrong")

    def test_an_issuer_with_a_web_address_is_known_by_it(self) -> None:
        issuer = "https://saimaa.example/issuer"
        metadata = {"issuer": issuer, "jwks": {"keys": [{**write_jwk(SIGNER.public_key), "kid": "key-1"}]}}
        served = {"https://saimaa.example/.well-known/jwt-vc-issuer/issuer": json.dumps(metadata).encode()}
        credential = dataclasses.replace(AWARD, issuer=dataclasses.replace(ISSUER, id=issuer))
        token = self.token(credential, type(SIGNER)(bytes(range(32)), "key-1"))
        report = verify(token, at=NOW, fetch=served.__getitem__)
        assert report.verdict is Verdict.VERIFIED
        assert report.issuer is not None
        assert report.issuer.name == "saimaa.example"
        report = verify(token, at=NOW)
        assert (report.verdict, report.check("proof").code) == (Verdict.NOT_VERIFIED, "key-not-reachable")

    def test_another_type_of_credential_is_judged_though_not_understood(self) -> None:
        claims = {"iss": DID, "iat": int(SIGNED_AT.timestamp()), "vct": "https://other.example/card", "seat": 7}
        token = sd_jwt.issue(claims, disclosable=[], signer=SIGNER, header={"typ": "dc+sd-jwt"})
        report = check(token)
        assert (report.verdict, report.credential) == (Verdict.VERIFIED, None)

    def test_the_two_formats_are_never_taken_for_one_another(self) -> None:
        w3c = sd_jwt.sign(DOCUMENT, disclosable=[], signer=SIGNER)
        assert check(w3c).check("format").params == {"kind": "credential-sd-jwt"}
        claims = {**DOCUMENT, "iss": DID}
        mixed = sd_jwt.issue(claims, disclosable=[], signer=SIGNER, header={"typ": "dc+sd-jwt"})
        assert check(mixed).verdict is Verdict.NOT_VERIFIED


class TestSealed:
    """European Digital Credentials, whose issuer is shown by a certificate."""

    def sealed(self, credential: Any = AWARD, **changes: Any) -> dict[str, Any]:
        document = elm.write_credential(credential, issued=pki.SEALED_AT, sealer=pki.SEALER)
        text = json.dumps({**document, **changes}, ensure_ascii=False)
        return jades.sign(text, signer=pki.SEAL_SIGNER, chain=pki.CHAIN, sealed_at=pki.SEALED_AT)

    def test_one_by_a_trusted_authority_is_its_issuers(self) -> None:
        report = check(self.sealed(), anchors=pki.ANCHORS)
        assert (report.verdict, report.headline.code) == (Verdict.CAUTION, "headline-issuer-certified")
        assert report.issuer is not None
        assert (report.issuer.name, report.issuer.authority) == ("Saimaa University", "Test root")
        assert report.credential is not None
        assert report.credential.achievement.title == AWARD.achievement.title
        open_checks = [one.name for one in report.checks if one.outcome is not Outcome.PASSED]
        assert open_checks == ["issuer"]

    def test_without_a_trusted_authority_it_is_somebodys(self) -> None:
        report = check(self.sealed())
        assert (report.verdict, report.headline.code) == (Verdict.CAUTION, "headline-certificate-unknown")
        assert report.issuer is not None
        assert report.issuer.name == f"urn:sha256:{pki.SEAL.sha256.hex()}"

    def test_whoever_it_names_is_not_said_to_have_issued_it(self) -> None:
        report = check(self.sealed(CREDENTIAL))
        assert report.headline.code == "headline-status-not-checkable"
        assert DID not in report.headline.sentence

    def test_one_that_was_changed_is_not_genuine(self) -> None:
        sealed = self.sealed()
        sealed["payload"] = sealed["payload"].replace("Leon", "Mall")
        report = check(sealed, anchors=pki.ANCHORS)
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-signature-wrong")

    def test_one_in_somebody_elses_name_is_not_theirs(self) -> None:
        other = dataclasses.replace(pki.SEALER, organisation_id="VATFI-99999999")
        document = elm.write_credential(AWARD, issued=pki.SEALED_AT, sealer=other)
        sealed = jades.sign(json.dumps(document), signer=pki.SEAL_SIGNER, chain=pki.CHAIN, sealed_at=pki.SEALED_AT)
        report = check(sealed, anchors=pki.ANCHORS)
        assert (report.verdict, report.check("issuer-key").code) == (Verdict.NOT_VERIFIED, "seal-of-another")

    def test_the_id_of_another_issuer_in_it_makes_nobody_that_issuer(self) -> None:
        # The issuer of the award is known under its DID; that the file names it is nothing that the seal shows.
        report = check(self.sealed(), anchors=pki.ANCHORS, known={DID: KnownIssuer(name=LangText("Known University"))})
        assert report.issuer is not None
        assert (report.issuer.known, report.issuer.name) == (None, "Saimaa University")

    def test_an_expired_one_has_expired(self) -> None:
        ended = dt.datetime(2026, 7, 15, tzinfo=dt.UTC)
        report = check(self.sealed(dataclasses.replace(AWARD, valid_until=ended)), anchors=pki.ANCHORS)
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-expired")

    @pytest.mark.parametrize("name", ["Sample-CertOfPart-signed.jsonld", "Sample-MC-Annex1-signed.jsonld"])
    def test_the_samples_of_the_commission_are_unchanged(self, name: str) -> None:
        report = check((pki.SAMPLES / name).read_bytes())
        assert (report.verdict, report.headline.code) == (Verdict.CAUTION, "headline-certificate-unknown")


class TestHosted:
    """Badges of version 2.0, which are what lies at their issuer's address."""

    def report(self, web: Web, document: Any) -> Report:
        return verify(document, at=NOW, fetch=web.fetch)

    def test_one_that_lies_at_its_address_is_its_hosts(self) -> None:
        web = Web()
        report = self.report(web, web[ASSERTION])
        assert (report.verdict, report.headline.code) == (Verdict.VERIFIED, "headline-verified")
        assert report.issuer is not None
        assert report.issuer.name == "uni.example"

    def test_one_that_says_something_else_is_not(self) -> None:
        web = Web()
        report = self.report(web, {**web[ASSERTION], "issuedOn": "2020-01-01T00:00:00Z"})
        assert (report.verdict, report.check("proof").code) == (Verdict.NOT_VERIFIED, "badge-not-what-is-hosted")

    def test_without_a_way_to_fetch_nothing_is_known(self) -> None:
        report = verify(Web()[ASSERTION], at=NOW)
        assert (report.verdict, report.check("proof").outcome) == (Verdict.NOT_VERIFIED, Outcome.NOT_CHECKABLE)

    def test_one_that_was_revoked_or_has_expired_is_told_apart(self) -> None:
        web = Web()
        web.pages[ASSERTION] |= {"revoked": True}
        assert self.report(web, web[ASSERTION]).headline.code == "headline-revoked"
        web = Web()
        web.pages[ASSERTION] |= {"expires": "2026-02-01T00:00:00Z"}
        assert self.report(web, web[ASSERTION]).headline.code == "headline-expired"

    def test_one_that_is_baked_is_unbaked(self) -> None:
        web = Web()
        chunk = b"openbadges\0\0\0\0\0" + json.dumps(web[ASSERTION]).encode()
        length, crc = struct.pack(">I", len(chunk)), struct.pack(">I", zlib.crc32(b"iTXt" + chunk))
        picture = png()
        baked = picture[:33] + length + b"iTXt" + chunk + crc + picture[33:]
        assert self.report(web, baked).check("format").evidence == {"carried_in": ["png-with-badge"]}
        assert self.report(web, baked).verdict is Verdict.VERIFIED


class TestSeveralInOne:
    def test_the_one_credential_of_a_presentation_is_judged_whoever_shows_it(self) -> None:
        signed = issue(AWARD, signer=SIGNER, created=SIGNED_AT)
        shown = present([signed], holder_signer=OTHER_SIGNER, created=SIGNED_AT, challenge="c", domain="d")
        report = check(shown)
        assert report.verdict is Verdict.VERIFIED
        assert report.check("format").params == {"kind": "open-badge-3", "carrier": "verifiable-presentation"}

    def test_of_several_none_is_picked(self) -> None:
        signed = issue(AWARD, signer=SIGNER, created=SIGNED_AT)
        shown = present([signed, signed], holder_signer=OTHER_SIGNER, created=SIGNED_AT, challenge="c", domain="d")
        assert check(shown).verdict is Verdict.UNSUPPORTED

    @pytest.mark.parametrize("inside", [None, 7, "text", [], {}, [[]], [{}]])
    def test_a_presentation_of_nothing_is_none(self, inside: Any) -> None:
        document = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": inside,
        }
        assert check(document).verdict in (Verdict.UNREADABLE, Verdict.UNSUPPORTED)

    def test_a_learner_record_is_judged_as_a_whole(self) -> None:
        record = clr.LearnerRecord(
            id="urn:uuid:41111111-1111-4111-8111-111111111111",
            name="Leon's learning",
            issuer=ISSUER,
            learner=AWARD.learner,
            valid_from=SIGNED_AT,
            awards=(clr.award(issue(AWARD, signer=SIGNER, created=SIGNED_AT)),),
        )
        signed = data_integrity.sign(clr.write(record), signer=SIGNER, created=SIGNED_AT)
        report = check(signed)
        assert (report.verdict, report.check("format").params) == (
            Verdict.VERIFIED,
            {"kind": "comprehensive-learner-record"},
        )
        assert check({**signed, "name": "Mallory's"}).headline.code == "headline-signature-wrong"


class TestFormerProofs:
    """Ed25519Signature2020, which many badges still bear."""

    SIGNED = json.loads(
        next((Path(__file__).parent / "vectors" / "vc-di-eddsa").rglob("signedEdSig.json")).read_bytes()
    )

    def test_it_is_verified(self) -> None:
        assert outcome(check(self.SIGNED), "proof") == (Outcome.PASSED, "signature-right")

    def test_and_whatever_was_changed_is_not(self) -> None:
        changed = {**self.SIGNED, "name": "Another"}
        assert outcome(check(changed), "proof") == (Outcome.FAILED, "signature-wrong")
