"""ecdsa-rdfc-2019 and ecdsa-jcs-2019: what differs from the EdDSA cryptosuites."""

import copy
import hashlib

import pytest

from openmcx.credentials import CredentialError, ProofError
from openmcx.credentials.jsonld import canonical_nquads, jcs
from openmcx.credentials.keys.resolve import KeyResolver
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc
from openmcx.credentials.proofs.data_integrity import CRYPTOSUITES, hash_data, sign, verify
from tests.credentials.examples import SIGNED_AT
from tests.credentials.signers import ED25519, OTHER_P256, P256, P384
from tests.credentials.test_data_integrity import DOCUMENT, with_proof

SUITES = ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"]
# Three objects without an id that look alike at first: their order depends on the hash.
LOOK_ALIKES = {
    **DOCUMENT,
    "evidence": [
        {"type": ["Evidence"], "name": name, "narrative": "N"} for name in ("one", "two", "three", "four", "five")
    ],
}
SIZES = {"P-256": 64, "P-384": 96}
both_suites = pytest.mark.parametrize("suite", SUITES)
both_curves = pytest.mark.parametrize("signer", [P256, P384], ids=["P-256", "P-384"])


def signed(suite, signer, document=DOCUMENT, **more):
    return sign(document, signer=signer, created=SIGNED_AT, cryptosuite=suite, **more)


def verified(document, *, allowed=CRYPTOSUITES, **more):
    return verify(document, public_key_for=KeyResolver(None).public_key, allowed_cryptosuites=allowed, **more)


def refusal_of(document, **more):
    with pytest.raises(CredentialError) as refusal:
        verified(document, **more)
    return refusal.value


@both_suites
@both_curves
class TestBothCurves:
    def test_what_is_signed_is_verified(self, suite, signer):
        document = signed(suite, signer)
        assert len(decode_base58btc(document["proof"]["proofValue"])) == SIZES[signer.algorithm]
        proof = verified(document)
        assert (proof.cryptosuite, proof.document) == (suite, DOCUMENT)

    def test_a_change_is_found(self, suite, signer):
        changed = signed(suite, signer)
        changed["name"] += "x"
        assert refusal_of(changed).code == "signature-wrong"
        assert refusal_of(with_proof(signed(suite, signer), created="2026-07-02T00:00:00Z")).code == "signature-wrong"

    def test_another_key_of_the_same_kind_does_not_verify(self, suite, signer):
        document = with_proof(signed(suite, signer), verificationMethod=OTHER_P256.verification_method)
        assert refusal_of(document).code in ("signature-wrong", "proof-value-malformed")

    def test_a_signature_of_the_other_curves_size_is_malformed(self, suite, signer):
        other = 160 - SIZES[signer.algorithm]
        for size in (other, 63, 65, 95, 97, 0):
            document = with_proof(signed(suite, signer), proofValue=encode_base58btc(bytes(size)))
            assert refusal_of(document).code == "proof-value-malformed"

    def test_r_and_s_that_are_no_numbers_of_the_curve_are_refused(self, suite, signer):
        half = SIZES[signer.algorithm] // 2
        sound = decode_base58btc(signed(suite, signer)["proof"]["proofValue"])
        for value in (bytes(2 * half), b"\xff" * 2 * half, bytes(half) + sound[half:], sound[:half] + bytes(half)):
            document = with_proof(signed(suite, signer), proofValue=encode_base58btc(value))
            assert refusal_of(document).code == "signature-wrong"


class TestHashes:
    def test_p384_uses_sha384_inside_canonicalisation_too(self):
        inside = canonical_nquads(LOOK_ALIKES, algorithm="sha384")
        assert inside != canonical_nquads(LOOK_ALIKES)  # with one hash for both the test would prove nothing
        document = signed("ecdsa-rdfc-2019", P384, LOOK_ALIKES)
        assert verified(document).statements == inside
        config = {key: value for key, value in document["proof"].items() if key != "proofValue"}
        data = hash_data(LOOK_ALIKES, config, "ecdsa-rdfc-2019", algorithm="sha384")
        assert data[48:] == hashlib.sha384(inside.encode()).digest()

    def test_a_signature_over_the_other_hash_inside_does_not_verify(self):
        document = signed("ecdsa-rdfc-2019", P384, LOOK_ALIKES)
        config = {key: value for key, value in document["proof"].items() if key != "proofValue"}
        right = hash_data(LOOK_ALIKES, config, "ecdsa-rdfc-2019", algorithm="sha384")
        wrong = right[:48] + hashlib.sha384(canonical_nquads(LOOK_ALIKES).encode()).digest()
        assert verified(with_proof(document, proofValue=encode_base58btc(P384.sign(right))))
        refusal = refusal_of(with_proof(document, proofValue=encode_base58btc(P384.sign(wrong))))
        assert refusal.code == "signature-wrong"

    def test_p256_uses_sha256(self):
        document = signed("ecdsa-rdfc-2019", P256, LOOK_ALIKES)
        assert verified(document).statements == canonical_nquads(LOOK_ALIKES)

    def test_jcs_with_p384_uses_sha384(self):
        document = signed("ecdsa-jcs-2019", P384)
        config = {key: value for key, value in document["proof"].items() if key != "proofValue"}
        data = hash_data(DOCUMENT, config, "ecdsa-jcs-2019", algorithm="sha384")
        assert data == hashlib.sha384(jcs(config)).digest() + hashlib.sha384(jcs(DOCUMENT)).digest()


class TestKinds:
    @pytest.mark.parametrize("suite", [*SUITES, "ecdsa-sd-2023"])
    def test_an_ed25519_key_signs_with_no_ecdsa_suite(self, suite):
        with pytest.raises(ProofError) as refusal:
            signed(suite, ED25519)
        assert refusal.value.code == "proof-key-mismatch"

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_an_ecdsa_key_signs_with_no_eddsa_suite(self, suite):
        with pytest.raises(ProofError) as refusal:
            signed(suite, P256)
        assert refusal.value.code == "proof-key-mismatch"

    def test_the_suite_that_is_named_has_to_go_with_the_key(self):
        for suite, signer, named in (
            ("eddsa-jcs-2022", ED25519, "ecdsa-jcs-2019"),
            ("ecdsa-jcs-2019", P256, "eddsa-jcs-2022"),
            ("ecdsa-rdfc-2019", P256, "eddsa-rdfc-2022"),
        ):
            refusal = refusal_of(with_proof(signed(suite, signer), cryptosuite=named))
            assert refusal.code == "proof-key-mismatch"

    def test_a_suite_is_not_accepted_unless_it_is_named(self):
        refusal = refusal_of(signed("ecdsa-rdfc-2019", P256), allowed={"eddsa-rdfc-2022"})
        assert refusal.code == "cryptosuite-not-allowed"

    def test_pointers_are_for_selective_disclosure(self):
        with pytest.raises(ProofError) as refusal:
            signed("ecdsa-rdfc-2019", P256, mandatory_pointers=["/issuer"])
        assert refusal.value.code == "selective-suite-needed"


def test_contexts_added_behind_are_not_covered_by_ecdsa_jcs():
    document = signed("ecdsa-jcs-2019", P384)
    longer = {**copy.deepcopy(document), "@context": [*DOCUMENT["@context"], "https://evil.example/context"]}
    assert verified(longer).document == DOCUMENT
    swapped = {**document, "@context": list(reversed(DOCUMENT["@context"]))}
    assert refusal_of(swapped).code == "proof-context-mismatch"
