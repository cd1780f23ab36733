"""Presentations: who shows a credential, to whom, and that nobody shows it again."""

import copy
import datetime as dt
import json
from typing import Any

import pytest

from openmcx.credentials import (
    ContextError,
    CredentialError,
    DataLossError,
    FormatError,
    Signer,
    Verdict,
    issue,
    verify,
)
from openmcx.credentials.jsonld.contexts import VC_V1, VC_V2
from openmcx.credentials.keys import PublicKey, did_jwk, did_web, signer_for
from openmcx.credentials.keys.multikey import encode_public_key
from openmcx.credentials.keys.resolve import Unreachable
from openmcx.credentials.present import MAX_CREDENTIALS, present, verify_presentation
from openmcx.credentials.proofs import data_integrity
from tests.credentials.examples import CREDENTIAL, NOW, SIGNED_AT, SIGNER
from tests.credentials.signers import ED25519, P256, P384

CHALLENGE, DOMAIN = "3182bdea-63d9-11ea-b6de-3b7c1404d57f", "https://verifier.example"
BADGE = issue(CREDENTIAL, signer=SIGNER, created=SIGNED_AT)
HOLDER = did_jwk.did_jwk(P256.public_key)
HOLDER_SIGNER = signer_for("P-256", bytes(range(1, 33)), did_jwk.verification_method(P256.public_key))


def shown(*credentials: Any, signer: Signer = HOLDER_SIGNER, **more: Any) -> dict[str, Any]:
    given = {"challenge": CHALLENGE, "domain": DOMAIN, "created": NOW, **more}
    return present(credentials or (BADGE,), holder_signer=signer, **given)


def checked(presentation: Any, **more: Any) -> Any:
    return verify_presentation(presentation, **{"at": NOW, "challenge": CHALLENGE, "domain": DOMAIN, **more})


def refusal_of(presentation: Any, **more: Any) -> CredentialError:
    with pytest.raises(CredentialError) as refusal:
        checked(presentation, **more)
    assert str(refusal.value)
    return refusal.value


class TestShowing:
    def test_the_holder_and_the_credentials_come_out(self) -> None:
        presentation = shown()
        assert (presentation["holder"], presentation["type"]) == (HOLDER, ["VerifiablePresentation"])
        proof = presentation["proof"]
        assert (proof["proofPurpose"], proof["challenge"], proof["domain"]) == ("authentication", CHALLENGE, DOMAIN)
        result = checked(json.loads(json.dumps(presentation)))
        assert (result.holder, result.credentials) == (HOLDER, (BADGE,))
        assert verify(result.credentials[0], at=NOW).verdict is not Verdict.NOT_VERIFIED

    @pytest.mark.parametrize(
        ("signer", "suite"), [(ED25519, "eddsa-rdfc-2022"), (P256, "ecdsa-rdfc-2019"), (P384, "ecdsa-rdfc-2019")]
    )
    def test_the_cryptosuite_is_that_of_the_key(self, signer: Signer, suite: str) -> None:
        presentation = shown(signer=signer)
        assert presentation["proof"]["cryptosuite"] == suite
        assert checked(presentation).proof.cryptosuite == suite

    def test_the_json_itself_can_be_signed_too(self) -> None:
        assert checked(shown(cryptosuite="ecdsa-jcs-2019")).credentials == (BADGE,)

    def test_several_credentials_and_none_can_be_shown(self) -> None:
        second = {**copy.deepcopy(BADGE), "id": "urn:uuid:0198f3a2-7c51-7b7e-9f5a-2d1f4b6c8e99"}
        assert checked(shown(BADGE, second)).credentials == (BADGE, second)
        empty = present([], holder_signer=P256, created=NOW, challenge=CHALLENGE, domain=DOMAIN)
        assert checked(empty).credentials == ()

    def test_a_part_of_a_credential_can_be_shown(self) -> None:
        document = {key: value for key, value in BADGE.items() if key != "proof"}
        signed = data_integrity.sign(
            document, signer=P256, created=SIGNED_AT, cryptosuite="ecdsa-sd-2023", mandatory_pointers=["/issuer/id"]
        )
        part = data_integrity.derive(signed, selective_pointers=["/credentialSubject/achievement/name"])
        (credential,) = checked(shown(part)).credentials
        assert credential == part

    def test_credentials_of_version_1_can_be_shown(self) -> None:
        old = data_integrity.sign(
            {
                "@context": [VC_V1],
                "type": ["VerifiableCredential"],
                "issuer": "did:example:i",
                "issuanceDate": "2026-07-01T00:00:00Z",
                "credentialSubject": {"id": "did:example:s"},
            },
            signer=ED25519,
            created=SIGNED_AT,
        )
        presentation = shown(old)
        assert presentation["@context"][0] == VC_V1
        assert checked(presentation).credentials == (old,)
        with pytest.raises(CredentialError) as refusal:
            shown(old, BADGE)
        assert refusal.value.code == "presentation-mixed"

    def test_an_enveloped_credential_can_be_shown(self) -> None:
        enveloped = {
            "@context": VC_V2,
            "type": "EnvelopedVerifiableCredential",
            "id": "data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AA",
        }
        assert checked(shown(enveloped)).credentials == (enveloped,)

    def test_challenge_and_domain_have_to_be_given(self) -> None:
        for missing in ({"challenge": ""}, {"domain": ""}):
            with pytest.raises(ValueError, match="must be given"):
                shown(**missing)
            with pytest.raises(ValueError, match="must be given"):
                checked(shown(), **missing)

    def test_there_may_not_be_too_many(self) -> None:
        with pytest.raises(CredentialError) as refusal:
            shown(*[BADGE] * (MAX_CREDENTIALS + 1))
        assert refusal.value.code == "presentation-too-many"

    def test_what_is_no_credential_is_not_shown(self) -> None:
        with pytest.raises((CredentialError, AttributeError)):
            shown("eyJhbGciOiJFUzI1NiJ9.e30.AA")
        with pytest.raises(DataLossError):
            shown({**BADGE, "nickname": "x"})


class TestReplayAndTheft:
    def test_it_answers_one_challenge_of_one_verifier(self) -> None:
        assert refusal_of(shown(), challenge="another").code == "proof-challenge-mismatch"
        assert refusal_of(shown(), domain="https://another.example").code == "proof-domain-mismatch"

    def test_the_challenge_cannot_be_put_in_afterwards(self) -> None:
        presentation = shown(challenge="old")
        presentation["proof"]["challenge"] = CHALLENGE
        assert refusal_of(presentation).code == "signature-wrong"

    def test_a_proof_for_signing_credentials_is_none_of_a_holder(self) -> None:
        presentation = shown()
        del presentation["proof"]
        forged = data_integrity.sign(
            presentation, signer=P256, created=NOW, cryptosuite="ecdsa-rdfc-2019", challenge=CHALLENGE, domain=DOMAIN
        )
        assert refusal_of(forged).code == "proof-purpose-mismatch"

    def test_somebody_elses_presentation_is_not_ones_own(self) -> None:
        presentation = shown(signer=P384)
        presentation["holder"] = HOLDER
        assert refusal_of(presentation).code == "signature-wrong"
        del presentation["proof"]
        signed = data_integrity.sign(
            presentation,
            signer=P384,
            created=NOW,
            cryptosuite="ecdsa-rdfc-2019",
            proof_purpose="authentication",
            challenge=CHALLENGE,
            domain=DOMAIN,
        )
        assert refusal_of(signed).code == "presentation-holder-differs"

    def test_two_holders_are_none(self) -> None:
        presentation = shown()
        both = data_integrity.add_proof(
            presentation,
            signer=ED25519,
            created=NOW,
            proof_purpose="authentication",
            challenge=CHALLENGE,
            domain=DOMAIN,
        )
        assert refusal_of(both).code == "presentation-holder-differs"

    def test_a_presentation_that_names_no_holder_is_its_signers(self) -> None:
        presentation = shown()
        del presentation["proof"], presentation["holder"]
        signed = data_integrity.sign(
            presentation,
            signer=P384,
            created=NOW,
            cryptosuite="ecdsa-jcs-2019",
            proof_purpose="authentication",
            challenge=CHALLENGE,
            domain=DOMAIN,
        )
        assert checked(signed).holder == P384.verification_method.partition("#")[0]

    def test_credentials_cannot_be_exchanged_added_or_taken_away(self) -> None:
        other = {**copy.deepcopy(BADGE), "id": "urn:x"}
        for held in ([other], [BADGE, other], [], BADGE["proof"]):
            assert refusal_of({**shown(), "verifiableCredential": held})

    def test_one_that_has_expired_or_is_of_the_future_is_refused(self) -> None:
        later, day = NOW + dt.timedelta(days=2), dt.timedelta(days=1)
        assert checked(shown(expires=NOW + day))
        assert refusal_of(shown(expires=NOW + day), at=later).code == "presentation-out-of-time"
        assert refusal_of(shown(created=later)).code == "presentation-out-of-time"

    def test_unsigned_and_other_documents_are_refused(self) -> None:
        presentation = shown()
        unsigned = {key: value for key, value in presentation.items() if key != "proof"}
        assert refusal_of(unsigned).code == "proof-missing"
        assert isinstance(refusal_of(BADGE), FormatError)
        assert isinstance(
            refusal_of({**presentation, "@context": "https://evil.example/context"}), ContextError | FormatError
        )

    @pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
    def test_undefined_terms_are_refused_also_when_they_are_signed(self, suite: data_integrity.Cryptosuite) -> None:
        presentation = shown(cryptosuite="ecdsa-jcs-2019")
        del presentation["proof"]
        presentation["nickname"] = "x"
        options = {"proof_purpose": "authentication", "challenge": CHALLENGE, "domain": DOMAIN}
        if suite == "ecdsa-rdfc-2019":
            with pytest.raises(DataLossError):
                data_integrity.sign(presentation, signer=P256, created=NOW, cryptosuite=suite, **options)  # type: ignore[arg-type]
            return
        signed = data_integrity.sign(presentation, signer=HOLDER_SIGNER, created=NOW, cryptosuite=suite, **options)  # type: ignore[arg-type]
        assert isinstance(refusal_of(signed), DataLossError)

    def test_a_key_in_an_address_is_nobodys(self) -> None:
        method = f"https://wallet.example/me#{encode_public_key(P256.public_key)}"
        assert (
            refusal_of(shown(signer=signer_for("P-256", bytes(range(1, 33)), method))).code
            == "presentation-key-unproven"
        )

    def test_more_credentials_than_are_looked_at_are_refused(self) -> None:
        presentation = shown()
        del presentation["proof"]
        presentation["verifiableCredential"] = [
            {"@context": VC_V2, "type": "EnvelopedVerifiableCredential", "id": f"data:text/plain,{number}"}
            for number in range(MAX_CREDENTIALS + 1)
        ]
        signed = data_integrity.sign(
            presentation,
            signer=HOLDER_SIGNER,
            created=NOW,
            cryptosuite="ecdsa-rdfc-2019",
            proof_purpose="authentication",
            challenge=CHALLENGE,
            domain=DOMAIN,
        )
        assert refusal_of(signed).code == "presentation-too-many"


class TestHoldersOnTheWeb:
    DID = "did:web:wallet.example:me"

    def document(self, *, purpose: str = "authentication", **member: str) -> bytes:
        document = did_web.did_document(self.DID, keys=[("key-1", self.key())])
        del document["assertionMethod"]
        methods: Any = document["verificationMethod"]
        methods[0].update(member)
        return json.dumps({**document, purpose: [f"{self.DID}#key-1"]}).encode()

    def key(self) -> PublicKey:
        return P256.public_key

    def shown(self) -> dict[str, Any]:
        return shown(signer=signer_for("P-256", bytes(range(1, 33)), f"{self.DID}#key-1"))

    def test_a_key_listed_for_authentication_shows_who_it_is(self) -> None:
        assert checked(self.shown(), fetch=lambda address: self.document()).holder == self.DID

    def test_a_key_listed_for_something_else_does_not(self) -> None:
        refusal = refusal_of(self.shown(), fetch=lambda address: self.document(purpose="assertionMethod"))
        assert refusal.code == "key-not-in-document"

    @pytest.mark.parametrize("member", ["revoked", "expires"])
    def test_a_key_that_is_over_does_not(self, member: str) -> None:
        before, after = (NOW - dt.timedelta(days=1)).isoformat(), (NOW + dt.timedelta(days=1)).isoformat()
        assert checked(self.shown(), fetch=lambda address: self.document(**{member: after}))
        refusal = refusal_of(self.shown(), fetch=lambda address: self.document(**{member: before}))
        assert refusal.code == "presentation-key-over"

    def test_what_cannot_be_fetched_is_not_known(self) -> None:
        assert isinstance(refusal_of(self.shown()), Unreachable)


def test_credentials_do_not_show_in_the_representation() -> None:
    assert "Robot" not in repr(checked(shown()))
