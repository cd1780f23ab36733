"""Proof sets and chains: who signed what, and on top of whose signature."""

import datetime as dt

import pytest

from openmcx.credentials import CredentialError, ProofError
from openmcx.credentials.jsonld import canonical_nquads, rdfc10
from openmcx.credentials.jsonld.limits import DEFAULT, Limits
from openmcx.credentials.keys.resolve import KeyResolver
from openmcx.credentials.proofs.data_integrity import CRYPTOSUITES, add_proof, sign, statements, verify
from openmcx.credentials.proofs.times import time_fault
from tests.credentials.examples import SIGNED_AT
from tests.credentials.signers import ED25519, OTHER_P256, P256, P384, WAY_NAMES, WAYS
from tests.credentials.test_data_integrity import DOCUMENT

FIRST, SECOND, THIRD = (f"urn:uuid:0198f3a2-7c51-7b7e-9f5a-2d1f4b6c8e0{number}" for number in (1, 2, 3))
every_way = pytest.mark.parametrize(("suite", "signer"), WAYS, ids=WAY_NAMES)


def first(**more):
    return sign(DOCUMENT, signer=ED25519, created=SIGNED_AT, proof_id=FIRST, **more)


def followed(document=None, *, suite="ecdsa-rdfc-2019", signer=P256, proof_id=SECOND, previous=FIRST, **more):
    return add_proof(
        document or first(),
        signer=signer,
        created=SIGNED_AT,
        cryptosuite=suite,
        proof_id=proof_id,
        previous_proof=previous,
        **more,
    )


def verified(document, **more):
    return verify(document, public_key_for=KeyResolver(None).public_key, allowed_cryptosuites=CRYPTOSUITES, **more)


def refusal_of(document, **more):
    with pytest.raises(CredentialError) as refusal:
        verified(document, **more)
    return refusal.value


def with_proofs(document, *proofs):
    return {**document, "proof": list(proofs)}


@every_way
class TestChains:
    def test_a_proof_on_top_of_another_verifies(self, suite, signer):
        document = followed(suite=suite, signer=signer)
        proof = verified(document)
        assert (proof.id, proof.previous, proof.document) == (FIRST, (), DOCUMENT)
        (second,) = proof.others
        assert (second.id, second.previous, second.cryptosuite) == (SECOND, (FIRST,), suite)
        assert (second.document, second.statements) == (DOCUMENT, "")
        assert rdfc10(statements(second)) == canonical_nquads(DOCUMENT)

    def test_it_covers_the_proof_below(self, suite, signer):
        # The proof below is made anew over the same document: it verifies, but is not the one that was followed.
        document = followed(suite=suite, signer=signer)
        replaced = first(expires=SIGNED_AT + dt.timedelta(days=900))["proof"]
        refusal = refusal_of(with_proofs(document, replaced, document["proof"][1]))
        assert (refusal.code, refusal.where) == ("signature-wrong", "/proof/1")

    def test_it_does_not_verify_without_the_proof_below(self, suite, signer):
        document = followed(suite=suite, signer=signer)
        refusal = refusal_of({**document, "proof": document["proof"][1]})
        assert (refusal.code, refusal.where) == ("previous-proof-missing", "/proof/previousProof")
        lone = {key: value for key, value in document["proof"][1].items() if key != "previousProof"}
        assert refusal_of({**document, "proof": lone}).code == "signature-wrong"

    def test_a_proof_that_did_not_follow_cannot_be_made_to(self, suite, signer):
        document = add_proof(first(), signer=signer, created=SIGNED_AT, cryptosuite=suite, proof_id=SECOND)
        assert verified(document)
        claiming = {**document["proof"][1], "previousProof": FIRST}
        assert refusal_of(with_proofs(document, document["proof"][0], claiming)).code == "signature-wrong"

    def test_the_order_of_the_proofs_says_nothing(self, suite, signer):
        document = followed(suite=suite, signer=signer)
        assert verified(with_proofs(document, *reversed(document["proof"]))).id == SECOND


class TestTargets:
    def test_several_can_be_followed_at_once(self):
        both = add_proof(first(), signer=OTHER_P256, created=SIGNED_AT, cryptosuite="ecdsa-jcs-2019", proof_id=SECOND)
        document = followed(both, signer=P384, suite="ecdsa-jcs-2019", proof_id=THIRD, previous=[SECOND, FIRST])
        assert document["proof"][2]["previousProof"] == [SECOND, FIRST]
        assert [proof.id for proof in (verified(document), *verified(document).others)] == [FIRST, SECOND, THIRD]
        for left_out in (0, 1):
            fewer = [proof for number, proof in enumerate(document["proof"]) if number != left_out]
            assert refusal_of(with_proofs(document, *fewer)).code == "previous-proof-missing"

    def test_a_chain_of_three_verifies_and_each_link_counts(self):
        document = followed(followed(), signer=P384, proof_id=THIRD, previous=SECOND)
        assert len(verified(document).others) == 2
        for broken in range(3):
            proofs = [
                {**proof, "created": "2026-07-02T00:00:00Z"} if number == broken else proof
                for number, proof in enumerate(document["proof"])
            ]
            assert refusal_of(with_proofs(document, *proofs)).code == "signature-wrong"

    def test_two_proofs_of_the_same_id_are_no_target(self):
        document = followed()
        twin = first(expires=SIGNED_AT + dt.timedelta(days=900))["proof"]
        refusal = refusal_of(with_proofs(document, *document["proof"], twin))
        assert (refusal.code, refusal.where) == ("previous-proof-twice", "/proof/1/previousProof")

    def test_two_proofs_of_the_same_id_do_not_matter_where_none_follows_them(self):
        one, other = first(), first(expires=SIGNED_AT + dt.timedelta(days=900))
        assert verified(with_proofs(one, one["proof"], other["proof"]))

    @pytest.mark.parametrize("previous", [THIRD, [FIRST, THIRD], [THIRD]])
    def test_nothing_follows_what_is_not_there(self, previous):
        with pytest.raises(ProofError) as refusal:
            followed(previous=previous)
        assert refusal.value.code == "previous-proof-missing"

    @pytest.mark.parametrize(
        ("previous", "code"),
        [
            ([], "proof-member-not-text"),
            ("", "proof-member-not-text"),
            (None, "proof-member-not-text"),
            ([FIRST, None], "proof-member-not-text"),
            ({"id": FIRST}, "proof-member-not-text"),
            ([FIRST, FIRST], "previous-proof-twice"),
            ([[FIRST]], "proof-member-not-text"),
        ],
    )
    def test_what_names_no_proof_is_refused(self, previous, code):
        document = followed()
        changed = {**document["proof"][1], "previousProof": previous}
        assert refusal_of(with_proofs(document, document["proof"][0], changed)).code == code

    def test_a_proof_that_follows_itself_does_not_verify(self):
        document = followed()
        circular = {**document["proof"][1], "previousProof": SECOND}
        assert refusal_of(with_proofs(document, document["proof"][0], circular)).code == "signature-wrong"

    def test_selective_disclosure_stands_in_no_chain(self):
        with pytest.raises(ProofError) as refusal:
            followed(suite="ecdsa-sd-2023", mandatory_pointers=["/issuer"])
        assert refusal.value.code == "proof-chain-unsupported"
        base = sign(DOCUMENT, signer=P256, created=SIGNED_AT, cryptosuite="ecdsa-sd-2023")["proof"]
        document = with_proofs(first(), first()["proof"], {**base, "previousProof": FIRST})
        assert refusal_of(document).code == "proof-chain-unsupported"


class TestSets:
    def test_a_proof_more_leaves_the_others_as_they_are(self):
        one = first()
        document = add_proof(one, signer=P384, created=SIGNED_AT, cryptosuite="ecdsa-rdfc-2019")
        assert document["proof"][0] == one["proof"]
        assert {key: value for key, value in document.items() if key != "proof"} == DOCUMENT
        assert [entry.cryptosuite for entry in (verified(document), *verified(document).others)] == [
            "eddsa-rdfc-2022",
            "ecdsa-rdfc-2019",
        ]

    def test_there_may_not_be_too_many(self):
        document = first()
        for _ in range(7):
            document = add_proof(document, signer=ED25519, created=SIGNED_AT)
        with pytest.raises(ProofError) as refusal:
            add_proof(document, signer=ED25519, created=SIGNED_AT)
        assert (refusal.value.code, refusal.value.params) == ("too-many-proofs", {"count": 9, "limit": 8})

    def test_the_expiry_of_any_proof_is_for_the_caller_to_see(self):
        at = SIGNED_AT + dt.timedelta(days=2)
        document = followed(expires=SIGNED_AT + dt.timedelta(days=1))
        assert document["proof"][1]["expires"] == "2026-07-02T09:00:00Z"
        proof = verified(document)
        assert time_fault(proof, SIGNED_AT) is None
        assert time_fault(proof, at).code == "proof-expired"

    def test_many_proofs_do_not_multiply_the_work(self):
        # Look-alikes cost steps of a budget that all forms of the document share.
        alike = [{"type": ["Evidence"], "name": "same", "genre": "g"} for _ in range(12)]
        lone = {**DOCUMENT, "evidence": alike}
        document = sign(lone, signer=ED25519, created=SIGNED_AT, proof_id=FIRST)
        for number in range(4):
            document = followed(document, suite="eddsa-rdfc-2022", signer=ED25519, proof_id=f"urn:x:{number}")
        steps = _steps(lone)
        assert verified(document, limits=Limits(max_n_degree_steps=6 * steps + 100))
        refusal = refusal_of(document, limits=Limits(max_n_degree_steps=3 * steps))
        assert refusal.code == "too-many-look-alikes"


def _steps(document):
    """The steps that one canonicalisation takes."""
    from openmcx.credentials.jsonld.limits import Meter

    meter = Meter(DEFAULT)
    canonical_nquads(document, meter=meter)
    return meter.n_degree_steps
