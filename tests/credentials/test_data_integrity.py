"""Data Integrity proofs: what is signed, what is refused, and several proofs at once."""

import copy
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmcx.credentials import ContextError, CredentialError, DataLossError, KeyMaterialError, ProofError
from openmcx.credentials.jsonld import Limits, canonical_nquads, load
from openmcx.credentials.jsonld.contexts import DATA_INTEGRITY_V2, OPEN_BADGES_V3, VC_V1, VC_V2
from openmcx.credentials.keys import PublicKey
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc
from openmcx.credentials.proofs.data_integrity import CRYPTOSUITES, VerifiedProof, hash_data, sign, verify
from tests.credentials.examples import OTHER_PUBLIC, OTHER_SIGNER, PUBLIC, SIGNER

AT = datetime(2026, 7, 1, 9, 30, 15, 987654, tzinfo=timezone(timedelta(hours=2)))
DOCUMENT = {
    "@context": [VC_V2, OPEN_BADGES_V3],
    "id": "urn:uuid:0198f3a2-7c51-7b7e-9f5a-2d1f4b6c8e01",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:saimaa.example", "type": ["Profile"], "name": "Saimaa"},
    "validFrom": "2026-06-30T10:00:00Z",
    "name": 'Ä badge “with” "quotes" \\ and\nlines',
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "creditsEarned": 2.5,
        "achievement": {
            "id": "urn:a",
            "type": ["Achievement"],
            "name": "A",
            "description": "B",
            "criteria": {"narrative": "C"},
        },
    },
}
KEYS = {SIGNER.verification_method: PUBLIC, OTHER_SIGNER.verification_method: OTHER_PUBLIC}
RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"
both_suites = pytest.mark.parametrize("suite", [RDFC, JCS])


def signed(document=None, *, signer=SIGNER, suite=RDFC, **options):
    return sign(document or DOCUMENT, signer=signer, created=AT, cryptosuite=suite, **options)


def verified(document, *, allowed=CRYPTOSUITES, **options):
    return verify(document, public_key_for=KEYS.__getitem__, allowed_cryptosuites=allowed, **options)


def with_proof(document, **members):
    """The document with members of its proof replaced (``...`` takes one away)."""
    proof = {key: value for key, value in {**document["proof"], **members}.items() if value is not ...}
    return {**document, "proof": proof}


def refusal_of(document, **options):
    with pytest.raises(CredentialError) as refusal:
        verified(document, **options)
    assert str(refusal.value)
    return refusal.value


@both_suites
class TestSigning:
    def test_it_gives_a_new_document_with_a_proof(self, suite):
        before = copy.deepcopy(DOCUMENT)
        document = signed(suite=suite, proof_purpose="authentication", domain="https://a.example", challenge="c")
        proof = document.pop("proof")
        assert document == DOCUMENT == before
        value = proof.pop("proofValue")
        assert len(decode_base58btc(value, size=64)) == 64
        assert proof == {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": "2026-07-01T07:30:15Z",
            "verificationMethod": SIGNER.verification_method,
            "proofPurpose": "authentication",
            "domain": "https://a.example",
            "challenge": "c",
            **({"@context": DOCUMENT["@context"]} if suite == JCS else {}),
        }

    def test_what_is_signed_is_verified_also_after_being_written_and_read(self, suite):
        document = signed(suite=suite)
        for indent in (None, 2):
            for ascii_only in (True, False):
                read = load(json.dumps(document, indent=indent, ensure_ascii=ascii_only))
                assert verified(read) == VerifiedProof(
                    verification_method=SIGNER.verification_method,
                    cryptosuite=suite,
                    proof_purpose="assertionMethod",
                    document=DOCUMENT,
                    statements="" if suite == JCS else canonical_nquads(DOCUMENT),
                    created=datetime(2026, 7, 1, 7, 30, 15, tzinfo=UTC),
                )

    def test_a_credential_of_version_1_gets_the_context_that_defines_proofs(self, suite):
        old = {
            "@context": VC_V1,
            "type": "VerifiableCredential",
            "issuer": "did:x:i",
            "credentialSubject": {"id": "did:x:s"},
        }
        document = signed({**old, "issuanceDate": "2026-07-01T00:00:00Z"}, suite=suite)
        assert document["@context"] == [VC_V1, DATA_INTEGRITY_V2]
        assert verified(document).document["@context"] == [VC_V1, DATA_INTEGRITY_V2]

    def test_a_proof_that_is_there_is_not_overwritten(self, suite):
        with pytest.raises(ProofError) as refusal:
            signed(signed(suite=suite), suite=suite)
        assert refusal.value.code == "proof-present"

    def test_a_time_without_zone_is_a_mistake_of_the_caller(self, suite):
        with pytest.raises(ValueError, match="aware"):
            sign(DOCUMENT, signer=SIGNER, created=datetime(2026, 7, 1), cryptosuite=suite)  # noqa: DTZ001

    def test_another_kind_of_key_does_not_sign(self, suite):
        class EllipticSigner:
            algorithm = "P-256"
            verification_method = "did:x:i#1"

        with pytest.raises(ProofError) as refusal:
            signed(signer=EllipticSigner(), suite=suite)
        assert refusal.value.code == "proof-key-mismatch"

    def test_a_document_without_context_is_not_signed(self, suite):
        with pytest.raises(ContextError) as refusal:
            signed({"id": "urn:x"}, suite=suite)
        assert refusal.value.code == "context-missing"

    def test_an_unknown_suite_is_refused(self, suite):
        with pytest.raises(ProofError) as refusal:
            signed(suite=suite.upper())
        assert refusal.value.code == "unsupported-cryptosuite"


def test_what_a_signature_would_not_cover_is_not_signed():
    with pytest.raises(DataLossError) as refusal:
        signed({**DOCUMENT, "nickname": "x"})
    assert refusal.value.where == "/nickname"


def members(value, path=()):
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inside:
        yield (*path, key)
        yield from members(member, (*path, key))


@both_suites
class TestTampering:
    def test_any_changed_text_is_found(self, suite):
        document = signed(suite=suite)
        for path in list(members(document)):
            changed = copy.deepcopy(document)
            inside = changed
            for key in path[:-1]:
                inside = inside[key]
            if not isinstance(inside[path[-1]], str):
                continue
            inside[path[-1]] += "x"
            with pytest.raises((CredentialError, KeyError)):
                verified(changed)

    @given(data=st.data())
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_member_taken_away_is_found(self, suite, data):
        document = signed(suite=suite)
        path = data.draw(st.sampled_from([path for path in members(document) if path != ("proof",)]))
        changed = copy.deepcopy(document)
        inside = changed
        for key in path[:-1]:
            inside = inside[key]
        del inside[path[-1]]
        if path == ("proof", "@context"):
            return  # the document's contexts are then covered as they stand, and stand as they were
        refusal_of(changed)

    def test_a_member_added_is_found(self, suite):
        for added in ({"description": "x"}, {"nope": "x"}, {"evidence": {"type": "Evidence"}}):
            refusal_of({**signed(suite=suite), **added})

    def test_members_and_values_in_another_order_are_the_same_document(self, suite):
        document = signed(suite=suite)
        turned = dict(reversed(document.items()))
        turned["proof"] = dict(reversed(document["proof"].items()))
        assert verified(turned).document == DOCUMENT

    def test_the_key_of_somebody_else_does_not_verify(self, suite):
        refusal = refusal_of(with_proof(signed(suite=suite), verificationMethod=OTHER_SIGNER.verification_method))
        assert (refusal.code, refusal.where) == ("signature-wrong", "/proof")

    def test_a_signature_of_another_suite_does_not_verify(self, suite):
        other = JCS if suite == RDFC else RDFC
        assert refusal_of(with_proof(signed(suite=suite), cryptosuite=other)).code == "signature-wrong"


# A member of the proof replaced (``...``: taken away), the code, and where it stands.
MALFORMED = [
    ({"type": ...}, "proof-member-missing", "/proof"),
    ({"type": "Ed25519Signature2020"}, "unsupported-proof-type", "/proof/type"),
    ({"type": ["DataIntegrityProof"]}, "proof-member-not-text", "/proof/type"),
    ({"cryptosuite": ...}, "proof-member-missing", "/proof"),
    ({"cryptosuite": "eddsa-rdf-2022"}, "unsupported-cryptosuite", "/proof/cryptosuite"),
    ({"cryptosuite": 5}, "proof-member-not-text", "/proof/cryptosuite"),
    ({"proofPurpose": ...}, "proof-member-missing", "/proof"),
    ({"proofPurpose": "authentication"}, "proof-purpose-mismatch", "/proof/proofPurpose"),
    ({"proofPurpose": None}, "proof-member-not-text", "/proof/proofPurpose"),
    ({"verificationMethod": ...}, "proof-member-missing", "/proof"),
    ({"verificationMethod": {"id": "x"}}, "proof-member-not-text", "/proof/verificationMethod"),
    ({"verificationMethod": ""}, "proof-member-not-text", "/proof/verificationMethod"),
    ({"created": "2026-07-01"}, "proof-member-not-time", "/proof/created"),
    ({"created": "2026-13-01T00:00:00Z"}, "proof-member-not-time", "/proof/created"),
    ({"created": "2026-07-01T00:00:00+25:00"}, "proof-member-not-time", "/proof/created"),
    ({"created": "2026-07-01 00:00:00Z"}, "proof-member-not-time", "/proof/created"),
    ({"created": "2026-07-01T00:00:00Z\n"}, "proof-member-not-time", "/proof/created"),
    ({"created": 1767225600}, "proof-member-not-text", "/proof/created"),
    ({"created": None}, "proof-member-not-text", "/proof/created"),
    ({"expires": "soon"}, "proof-member-not-time", "/proof/expires"),
    ({"domain": 5}, "proof-member-not-text", "/proof/domain"),
    ({"domain": ["a", None]}, "proof-member-not-text", "/proof/domain"),
    ({"challenge": ["c"]}, "proof-member-not-text", "/proof/challenge"),
    ({"previousProof": "urn:x"}, "previous-proof-missing", "/proof/previousProof"),
    ({"previousProof": []}, "proof-member-not-text", "/proof/previousProof"),
    ({"previousProof": ["urn:x", 5]}, "proof-member-not-text", "/proof/previousProof"),
    ({"previousProof": ["urn:x", "urn:x"]}, "previous-proof-twice", "/proof/previousProof"),
    ({"id": 5}, "proof-member-not-text", "/proof/id"),
    ({"proofValue": ...}, "proof-member-missing", "/proof"),
    ({"proofValue": None}, "proof-member-not-text", "/proof/proofValue"),
    ({"proofValue": "z"}, "proof-value-malformed", "/proof/proofValue"),
    ({"proofValue": "u" + "A" * 86}, "proof-value-malformed", "/proof/proofValue"),
    ({"proofValue": encode_base58btc(bytes(63))}, "proof-value-malformed", "/proof/proofValue"),
    ({"proofValue": encode_base58btc(bytes(65))}, "proof-value-malformed", "/proof/proofValue"),
    ({"proofValue": "z" + "1" * 10**6}, "proof-value-malformed", "/proof/proofValue"),
    ({"proofValue": encode_base58btc(bytes(64))}, "signature-wrong", "/proof"),
    ({"proofValue": encode_base58btc(b"\xff" * 64)}, "signature-wrong", "/proof"),
]


@both_suites
@pytest.mark.parametrize(
    ("replaced", "code", "where"), MALFORMED, ids=[str(replaced)[:50] for replaced, *_ in MALFORMED]
)
def test_a_malformed_proof_is_refused_with_its_place(suite, replaced, code, where):
    refusal = refusal_of(with_proof(signed(suite=suite), **replaced))
    assert (refusal.code, refusal.where) == (code, where)
    assert type(refusal) is ProofError


def test_an_undefined_member_of_a_proof_is_refused_since_it_would_not_be_covered():
    refusal = refusal_of(with_proof(signed(), nickname="x"))
    assert (type(refusal), refusal.code, refusal.where) == (DataLossError, "undefined-term", "/proof/nickname")
    assert refusal_of(with_proof(signed(suite=JCS), nickname="x")).code == "signature-wrong"


@pytest.mark.parametrize("proof", [None, [], {}, "", 0])
def test_no_proof_is_no_proof(proof):
    assert refusal_of({**DOCUMENT, "proof": proof}).code == "proof-missing"
    assert refusal_of(DOCUMENT).code == "proof-missing"


@pytest.mark.parametrize("proof", ["urn:proof", 5, True, ["urn:proof"], [[]], [None]])
def test_what_is_no_proof_is_refused(proof):
    assert refusal_of({**DOCUMENT, "proof": proof}).code == "proof-not-an-object"


class TestWhatTheCallerAllows:
    def test_a_suite_has_to_be_named(self):
        with pytest.raises(TypeError):
            verify(signed(), public_key_for=KEYS.__getitem__)
        refusal = refusal_of(signed(suite=JCS), allowed={RDFC})
        assert (refusal.code, refusal.params) == ("cryptosuite-not-allowed", {"cryptosuite": JCS, "allowed": RDFC})

    def test_another_purpose_has_to_be_named(self):
        document = signed(proof_purpose="authentication")
        assert refusal_of(document).code == "proof-purpose-mismatch"
        assert verified(document, expected_purpose="authentication").proof_purpose == "authentication"

    def test_domain_and_challenge_are_compared_when_given(self):
        document = signed(domain="https://a.example", challenge="c1")
        assert verified(document, domain="https://a.example", challenge="c1").challenge == "c1"
        assert verified(document).domain == ("https://a.example",)
        assert refusal_of(document, domain="https://b.example").code == "proof-domain-mismatch"
        assert refusal_of(document, challenge="c2").code == "proof-challenge-mismatch"
        assert refusal_of(signed(), challenge="c2").code == "proof-challenge-mismatch"
        assert refusal_of(signed(), domain="https://a.example").code == "proof-domain-mismatch"

    def test_times_are_given_to_the_caller(self):
        document = DOCUMENT | {}
        proof = {
            "type": "DataIntegrityProof",
            "cryptosuite": RDFC,
            "created": "2026-07-01T10:00:00.5+02:00",
            "expires": "2026-08-01T00:00:00",
            "verificationMethod": SIGNER.verification_method,
            "proofPurpose": "assertionMethod",
            "domain": ["https://a.example", "https://b.example"],
        }
        proof["proofValue"] = encode_base58btc(SIGNER.sign(hash_data(document, proof, RDFC)))
        found = verified({**document, "proof": proof}, domain="https://b.example")
        assert found.created == datetime(2026, 7, 1, 8, 0, 0, 500_000, tzinfo=UTC)
        assert found.expires == datetime(2026, 8, 1, tzinfo=UTC)
        assert found.domain == ("https://a.example", "https://b.example")

    def test_the_key_has_to_be_of_the_right_kind_and_sound(self):
        def verified_with(key):
            return verify(signed(), public_key_for=lambda method: key, allowed_cryptosuites={RDFC})

        with pytest.raises(ProofError) as refusal:
            verified_with(PublicKey("P-256", b"\x02" + bytes(32)))
        assert refusal.value.code == "proof-key-mismatch"
        with pytest.raises(KeyMaterialError) as unsafe:
            verified_with(PublicKey("Ed25519", bytes(32)))
        assert unsafe.value.code == "ed25519-key-unsafe"

    def test_what_the_key_source_raises_reaches_the_caller(self):
        with pytest.raises(KeyError):
            verify(signed(), public_key_for={}.__getitem__, allowed_cryptosuites={RDFC})

    def test_limits_are_the_callers(self):
        assert refusal_of(signed(), limits=Limits(max_quads=5)).code == "too-many-statements"


def test_the_document_does_not_show_in_a_proofs_representation():
    assert "badge" not in repr(verified(signed()))


class TestSeveralProofs:
    def two(self, first=RDFC, second=RDFC):
        one, other = signed(suite=first), signed(signer=OTHER_SIGNER, suite=second)
        return {**DOCUMENT, "proof": [one["proof"], other["proof"]]}

    @pytest.mark.parametrize(("first", "second"), [(RDFC, RDFC), (RDFC, JCS), (JCS, RDFC), (JCS, JCS)])
    def test_all_are_verified_and_given(self, first, second):
        proof = verified(self.two(first, second))
        assert (proof.verification_method, proof.cryptosuite) == (SIGNER.verification_method, first)
        assert [(other.verification_method, other.cryptosuite) for other in proof.others] == [
            (OTHER_SIGNER.verification_method, second)
        ]

    @pytest.mark.parametrize("which", [0, 1])
    def test_one_that_is_wrong_is_one_too_many(self, which):
        document = self.two()
        document["proof"][which] = {**document["proof"][which], "created": "2026-07-02T00:00:00Z"}
        refusal = refusal_of(document)
        assert (refusal.code, refusal.where) == ("signature-wrong", f"/proof/{which}")

    @pytest.mark.parametrize("which", [0, 1])
    def test_one_that_is_not_allowed_is_one_too_many(self, which):
        suites = [JCS, RDFC] if which == 0 else [RDFC, JCS]
        assert refusal_of(self.two(*suites), allowed={RDFC}).where == f"/proof/{which}/cryptosuite"

    def test_one_in_a_list_is_one(self):
        document = signed()
        assert verified({**document, "proof": [document["proof"]]}) == verified(document)

    def test_there_may_not_be_too_many(self):
        refusal = refusal_of({**DOCUMENT, "proof": [signed()["proof"]] * 9})
        assert (refusal.code, refusal.params) == ("too-many-proofs", {"count": 9, "limit": 8})


class TestContextsOfProofs:
    def test_jcs_covers_the_contexts_it_names_and_only_these_are_given_back(self):
        document = signed(suite=JCS)
        longer = {**document, "@context": [*DOCUMENT["@context"], "https://evil.example/context"]}
        assert verified(longer).document == DOCUMENT

    @pytest.mark.parametrize(
        "contexts",
        [
            ["https://evil.example/context", *DOCUMENT["@context"]],
            list(reversed(DOCUMENT["@context"])),
            DOCUMENT["@context"][:1],
            DOCUMENT["@context"][0],
            [],
            None,
        ],
    )
    def test_jcs_refuses_contexts_that_do_not_begin_with_the_signed_ones(self, contexts):
        refusal = refusal_of({**signed(suite=JCS), "@context": contexts})
        assert (refusal.code, refusal.where) == ("proof-context-mismatch", "/proof/@context")

    def test_jcs_does_not_take_no_context_for_the_beginning_of_any(self):
        for empty in ([], "", None):
            refusal = refusal_of(with_proof(signed(suite=JCS), **{"@context": empty}))
            assert refusal.code in ("proof-context-mismatch", "signature-wrong")

    def test_rdfc_takes_the_documents_contexts_and_refuses_a_proof_with_others(self):
        assert verified(with_proof(signed(), **{"@context": DOCUMENT["@context"]})).document == DOCUMENT
        for other in ([VC_V2], VC_V2, [*DOCUMENT["@context"], DATA_INTEGRITY_V2], {"created": "urn:evil"}):
            assert refusal_of(with_proof(signed(), **{"@context": other})).code == "proof-context-mismatch"

    def test_rdfc_refuses_a_context_added_behind(self):
        for added in ("https://evil.example/context", {"nope": "urn:x"}):
            document = {**signed(), "@context": [*DOCUMENT["@context"], added]}
            if isinstance(added, str):
                assert refusal_of(document).code == "unknown-context"
            else:  # a context that defines unused terms only changes nothing of what is said
                assert verified(document).document["@context"][-1] == added
                assert refusal_of({**document, "nope": "x"}).code == "signature-wrong"
