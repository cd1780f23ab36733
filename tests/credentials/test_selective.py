"""Selective disclosure (ecdsa-sd-2023): what is shown holds, what is hidden stays hidden, and nothing can be mixed."""

import base64
import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.credentials import CredentialError, DataLossError, ProofError, base64url
from openmcx.credentials.formats import open_badges
from openmcx.credentials.jsonld import canonical_nquads, rdfc10
from openmcx.credentials.jsonld.contexts import OPEN_BADGES_V3, VC_V2
from openmcx.credentials.keys.resolve import KeyResolver
from openmcx.credentials.proofs.data_integrity import add_proof, decisive_pointers, derive, sign, statements, verify
from openmcx.credentials.proofs.selective import values
from tests.credentials.examples import CREDENTIAL, SIGNED_AT
from tests.credentials.signers import ED25519, OTHER_P256, P256, P384
from tests.credentials.test_data_integrity import DOCUMENT, with_proof

SD = "ecdsa-sd-2023"
MANDATORY = ["/issuer", "/validFrom"]
BADGE = {
    "@context": [VC_V2, OPEN_BADGES_V3],
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:saimaa.example", "type": ["Profile"], "name": "Saimaa"},
    "validFrom": "2026-06-30T10:00:00Z",
    "name": "Robotics",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "creditsEarned": 2.5,
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": "Aino", "identityType": "name"},
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "aino@x.example",
                "identityType": "emailAddress",
            },
        ],
        "achievement": {
            "id": "urn:a",
            "type": ["Achievement"],
            "name": "Robots",
            "description": "What robots do",
            "criteria": {"narrative": "Build one"},
        },
    },
    "evidence": [
        {"type": ["Evidence"], "name": "Essay", "narrative": "On robots"},
        {"type": ["Evidence"], "name": "Film", "narrative": "Of robots"},
    ],
}


def base(document=BADGE, *, mandatory=MANDATORY, signer=P256):
    return sign(document, signer=signer, created=SIGNED_AT, cryptosuite=SD, mandatory_pointers=mandatory)


def verified(document):
    return verify(document, public_key_for=KeyResolver(None).public_key, allowed_cryptosuites={SD})


def refusal_of(document):
    with pytest.raises(CredentialError) as refusal:
        verified(document)
    assert str(refusal.value)
    return refusal.value


def unsecured(document):
    return {key: value for key, value in document.items() if key != "proof"}


def changed_value(document, change):
    """The derived document with its proof value read, changed and written again."""
    proof = change(values.read_derived(document["proof"]["proofValue"], "/proof"))
    return with_proof(document, proofValue=values.write_derived(proof))


def pointers_in(value, path=""):
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inside:
        if key != "@context":
            pointer = f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield pointer
            yield from pointers_in(member, pointer)


BASE = base()
POINTERS = list(pointers_in(BADGE))


class TestShowing:
    def test_what_is_shown_is_what_was_named_and_what_must_be(self):
        shown = derive(BASE, selective_pointers=["/credentialSubject/achievement/name", "/evidence/1/name"])
        assert unsecured(shown) == {
            "@context": BADGE["@context"],
            "type": BADGE["type"],
            "issuer": BADGE["issuer"],
            "validFrom": BADGE["validFrom"],
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "achievement": {"id": "urn:a", "type": ["Achievement"], "name": "Robots"},
            },
            "evidence": [{"type": ["Evidence"], "name": "Film"}],
        }
        proof = verified(shown)
        assert (proof.cryptosuite, proof.document) == (SD, unsecured(shown))
        assert rdfc10(statements(proof)) == canonical_nquads(unsecured(shown))

    def test_the_base_proof_and_the_document_stay_as_they_are(self):
        before = copy.deepcopy(BASE)
        derive(BASE, selective_pointers=["/name"])
        assert before == BASE
        assert unsecured(BASE) == BADGE

    def test_nothing_hidden_is_in_what_is_shown(self):
        shown = derive(BASE, selective_pointers=["/name"])
        told = json.dumps(shown) + repr(values.read_derived(shown["proof"]["proofValue"], "/proof"))
        for hidden in ("Aino", "a@x.example", "Robots", "Essay", "urn:a", "2.5"):
            assert hidden not in told
        # With the holder's key for the names of blank nodes the number of those hidden could be found out.
        key = values.read_base(BASE["proof"]["proofValue"], "/proof").hmac_key
        assert key not in base64.urlsafe_b64decode(shown["proof"]["proofValue"][1:] + "===")

    @settings(max_examples=12, deadline=None)
    @given(st.lists(st.sampled_from(POINTERS), max_size=4))
    def test_any_part_can_be_shown_and_verifies(self, chosen):
        shown = derive(BASE, selective_pointers=chosen)
        assert verified(shown).document == unsecured(shown)

    @pytest.mark.parametrize("chosen", [[""], POINTERS])
    def test_all_of_it_can_be_shown(self, chosen):
        shown = derive(BASE, selective_pointers=chosen)
        assert unsecured(shown) == BADGE
        assert rdfc10(statements(verified(shown))) == canonical_nquads(BADGE)

    def test_without_pointers_what_must_be_shown_is_shown(self):
        assert unsecured(derive(BASE, selective_pointers=[])).keys() == {"@context", "type", "issuer", "validFrom"}

    def test_everything_can_be_mandatory_and_nothing_can_be(self):
        assert unsecured(derive(base(mandatory=[""]), selective_pointers=[])) == BADGE
        shown = derive(base(mandatory=[]), selective_pointers=["/name"])
        assert unsecured(shown).keys() == {"@context", "type", "name"}
        assert verified(shown)
        with pytest.raises(ProofError) as refusal:
            derive(base(mandatory=[]), selective_pointers=[])
        assert refusal.value.code == "selective-nothing-shown"

    def test_a_whole_badge_can_be_shown_in_part(self):
        document = open_badges.write(CREDENTIAL)
        signed = base(document, mandatory=["/issuer/id"])
        shown = derive(signed, selective_pointers=["/credentialSubject/achievement/name", "/validFrom"])
        assert shown["credentialSubject"]["achievement"]["name"] == document["credentialSubject"]["achievement"]["name"]
        assert "description" not in shown["credentialSubject"]["achievement"]
        assert verified(shown).document == unsecured(shown)

    def test_other_proofs_are_left_out_since_they_would_not_match(self):
        both = add_proof(BASE, signer=ED25519, created=SIGNED_AT)
        assert verified(derive(both, selective_pointers=["/name"])).others == ()

    def test_two_copies_of_a_credential_share_nothing(self):
        one, other = (values.read_base(base()["proof"]["proofValue"], "/proof") for _ in range(2))
        assert one.hmac_key != other.hmac_key
        assert one.public_key != other.public_key
        assert not set(one.signatures) & set(other.signatures)

    def test_what_decides_about_a_credential_can_be_kept_from_being_hidden(self):
        document = open_badges.write(CREDENTIAL)
        pointers = decisive_pointers(document)
        assert pointers == ["/issuer", "/validFrom", "/validUntil", "/credentialStatus", "/credentialSchema"]
        shown = derive(base(document, mandatory=pointers), selective_pointers=[])
        for member in ("issuer", "validFrom", "validUntil", "credentialStatus"):
            assert shown[member] == document[member]
            hidden = {key: value for key, value in shown.items() if key != member}
            assert refusal_of(hidden).code == "signature-wrong"


class TestPointers:
    @pytest.mark.parametrize(
        "pointer",
        [
            "name",
            "/nope",
            "/name/0",
            "/evidence/2",
            "/evidence/-",
            "/evidence/01",
            "/evidence/-1",
            "/evidence/1e0",
            "/evidence/١",
            "/na~2me",
            "/name~",
            "#/name",
            "/credentialSubject/",
            "/",
        ],
    )
    def test_one_that_leads_nowhere_is_refused(self, pointer):
        for attempt in (lambda: derive(BASE, selective_pointers=[pointer]), lambda: base(mandatory=[pointer])):
            with pytest.raises(ProofError) as refusal:
                attempt()
            assert refusal.value.code == "selective-pointer-wrong"

    def test_escapes_are_read(self):
        # An IRI as a key holds slashes.
        document = {**BADGE, "https://x.example/a~b": "value"}
        shown = derive(base(document), selective_pointers=["/https:~1~1x.example~1a~0b"])
        assert shown["https://x.example/a~b"] == "value"
        assert verified(shown)

    def test_too_many_are_refused(self):
        with pytest.raises(ProofError) as refusal:
            base(mandatory=["/issuer"] * 201)
        assert refusal.value.code == "selective-value-malformed"


class TestTampering:
    SHOWN = derive(BASE, selective_pointers=["/credentialSubject/achievement", "/evidence", "/name"])

    def test_the_base_proof_is_not_for_showing(self):
        refusal = refusal_of(BASE)
        assert (refusal.code, refusal.where) == ("selective-base-shown", "/proof")

    @pytest.mark.parametrize("pointer", [*pointers_in(unsecured(SHOWN))])
    def test_any_changed_text_is_found(self, pointer):
        changed = copy.deepcopy(self.SHOWN)
        *path, last = pointer[1:].split("/")
        inside = changed
        for step in path:
            inside = inside[int(step) if isinstance(inside, list) else step]
        key = int(last) if isinstance(inside, list) else last
        if not isinstance(inside[key], str):
            del inside[key]
        else:
            inside[key] += "x"
        refusal_of(changed)

    def test_a_changed_proof_is_found(self):
        for change in ({"created": "2026-07-02T00:00:00Z"}, {"expires": "2036-07-02T00:00:00Z"}):
            assert refusal_of(with_proof(self.SHOWN, **change)).code == "signature-wrong"

    def test_another_issuer_does_not_verify(self):
        method = OTHER_P256.verification_method
        assert refusal_of(with_proof(self.SHOWN, verificationMethod=method)).code == "signature-wrong"
        for signer in (ED25519, P384):
            refusal = refusal_of(with_proof(self.SHOWN, verificationMethod=signer.verification_method))
            assert refusal.code == "proof-key-mismatch"

    def test_what_must_be_shown_cannot_be_left_out(self):
        shown = derive(BASE, selective_pointers=["/name"])
        assert refusal_of({key: value for key, value in shown.items() if key != "issuer"}).code == "signature-wrong"
        # Not even when the statements are taken out of the list of those that must be.
        for number in range(4):
            fewer = {key: value for key, value in shown.items() if key != "validFrom"}

            def without(proof, number=number):
                indexes = proof.mandatory_indexes
                return replace(proof, mandatory_indexes=indexes[:number] + indexes[number + 1 :])

            assert refusal_of(changed_value(fewer, without)).code == "signature-wrong"

    def test_a_statement_cannot_be_passed_off_as_one_that_must_be_shown(self):
        def all_mandatory(proof):
            count = len(proof.signatures) + len(proof.mandatory_indexes)
            return replace(proof, signatures=(), mandatory_indexes=tuple(range(count)))

        assert refusal_of(changed_value(self.SHOWN, all_mandatory)).code == "signature-wrong"

    def test_what_must_be_shown_stays_what_must_be(self):
        # A statement that the issuer signed as a part of the whole has no signature of its own.
        def moved(proof):
            return replace(
                proof, mandatory_indexes=proof.mandatory_indexes[1:], signatures=(proof.signature, *proof.signatures)
            )

        assert refusal_of(changed_value(self.SHOWN, moved)).code == "signature-wrong"

    @pytest.mark.parametrize(
        "change",
        [
            lambda proof: replace(proof, signatures=proof.signatures[1:]),
            lambda proof: replace(proof, signatures=(*proof.signatures, proof.signatures[0])),
            lambda proof: replace(proof, signatures=tuple(reversed(proof.signatures))),
            lambda proof: replace(proof, signatures=(proof.signatures[0],) * len(proof.signatures)),
            lambda proof: replace(proof, signatures=(bytes(64), *proof.signatures[1:])),
            lambda proof: replace(proof, signature=bytes(64)),
            lambda proof: replace(proof, mandatory_indexes=(*proof.mandatory_indexes, 999)),
            lambda proof: replace(proof, labels={}),
            lambda proof: replace(proof, labels={number + 1: label for number, label in proof.labels.items()}),
            lambda proof: replace(proof, labels={**proof.labels, 99: b"x" * 32}),
            lambda proof: replace(proof, labels=dict(zip(proof.labels, reversed(proof.labels.values()), strict=True))),
            lambda proof: replace(proof, public_key=OTHER_P256.public_key),
        ],
    )
    def test_a_changed_proof_value_is_found(self, change):
        assert refusal_of(changed_value(self.SHOWN, change)).code == "signature-wrong"

    def test_signatures_of_another_credential_are_no_use(self):
        other = {**BADGE, "name": "Surgery"}
        stolen = values.read_derived(derive(base(other), selective_pointers=["/name"])["proof"]["proofValue"], "/proof")
        shown = derive(BASE, selective_pointers=["/name"])
        mixed = changed_value({**shown, "name": "Surgery"}, lambda proof: replace(proof, signatures=stolen.signatures))
        assert refusal_of(mixed).code == "signature-wrong"

    def test_one_object_cannot_be_shown_as_two(self):
        # Both get the name under which the one was signed: every statement of the two is one that was signed.
        shown = derive(BASE, selective_pointers=["/evidence/0"])
        split = copy.deepcopy(shown)
        split["evidence"] = [
            {"type": ["Evidence"], "name": "Essay"},
            {"type": ["Evidence"], "narrative": "On robots"},
        ]
        signed_under = {line: line.split(" ", 1)[0] for line in verified(shown).statements.split("\n")}
        label = next(name for line, name in signed_under.items() if '"Essay"' in line)[len("_:u") :]
        root = next(name for line, name in signed_under.items() if "credentials#issuer" in line)[len("_:u") :]
        canonical = canonical_nquads(unsecured(split)).split("\n")
        roots = {line.split(" ", 1)[0] for line in canonical if "credentials#issuer" in line}
        labels = {number: base64url.decode(root if f"_:c14n{number}" in roots else label) for number in range(3)}
        attack = changed_value(split, lambda proof: replace(proof, labels=labels))
        assert refusal_of(attack).code == "selective-value-malformed"

    def test_undefined_members_are_refused(self):
        refusal = refusal_of({**self.SHOWN, "nickname": "x"})
        assert (type(refusal), refusal.code) == (DataLossError, "undefined-term")


class TestProofValues:
    SHOWN = derive(BASE, selective_pointers=["/name"])
    VALUE = SHOWN["proof"]["proofValue"]

    def content(self, value):
        return base64.urlsafe_b64decode(value[1:] + "=" * (-(len(value) - 1) % 4))

    @pytest.mark.parametrize(
        "value",
        [
            "u",
            "z" + VALUE[1:],
            VALUE[1:],
            VALUE + "=",
            VALUE + "A",
            VALUE[:-1],
            VALUE[:40],
            VALUE.replace("u", "u ", 1),
            VALUE + "\n",
            "u" + "A" * 200_000,
        ],
        # Signatures of ECDSA differ each time; the names of tests must not.
        ids=["empty", "z", "no-prefix", "padded", "longer", "shorter", "cut-off", "space", "line-end", "huge"],
    )
    def test_text_that_is_none_is_refused(self, value):
        assert refusal_of(with_proof(self.SHOWN, proofValue=value)).code == "selective-value-malformed"

    def test_only_what_has_a_place_there_is_read(self):
        import cbor2

        header, content = self.content(self.VALUE)[:3], cbor2.loads(self.content(self.VALUE)[3:])
        signature, key, signatures, labels, indexes = content
        for wrong in (
            [],
            [signature, key, signatures, labels],
            [*content, 0],
            {0: signature},
            [signature[:63], key, signatures, labels, indexes],
            [signature, key[:34], signatures, labels, indexes],
            [signature, b"\xed\x01" + bytes(32), signatures, labels, indexes],
            [signature, key, [signatures[0][:63], *signatures[1:]], labels, indexes],
            [signature, key, "text", labels, indexes],
            [signature, key, signatures, {f"c14n{number}": label for number, label in labels.items()}, indexes],
            [signature, key, signatures, {-1 - number: label for number, label in labels.items()}, indexes],
            [signature, key, signatures, {number: label[:31] for number, label in labels.items()}, indexes],
            [signature, key, signatures, list(labels.values()), indexes],
            [signature, key, signatures, labels, [-1]],
            [signature, key, signatures, labels, list(reversed(indexes))],
            [signature, key, signatures, labels, [indexes[0], *indexes]],
            [signature, key, signatures, labels, [True]],
            [signature, key, signatures, labels, [1.0]],
            [signature, key, signatures, labels, None],
            [cbor2.CBORTag(64, signature), key, signatures, labels, indexes],
            [signature, key, cbor2.CBORTag(64, signatures), labels, indexes],
            cbor2.CBORTag(55799, content),
        ):
            value = "u" + base64url.encode(header + cbor2.dumps(wrong))
            assert refusal_of(with_proof(self.SHOWN, proofValue=value)).code == "selective-value-malformed", wrong

    def test_what_is_written_is_what_others_write(self):
        import cbor2

        assert cbor2.dumps(cbor2.loads(self.content(self.VALUE)[3:])) == self.content(self.VALUE)[3:]
        assert self.content(self.VALUE)[:3] == b"\xd9\x5d\x01"
        assert self.content(BASE["proof"]["proofValue"])[:3] == b"\xd9\x5d\x00"

    def test_more_than_one_way_to_write_the_same_is_refused(self):
        data = self.content(self.VALUE)
        assert data[3:6] == b"\x85\x58\x40"  # an array of 5, a byte string of 64
        longer = data[:4] + b"\x59\x00\x40" + data[6:]
        for other in (longer, data + b"\x00", data[:3] + b"\x9f" + data[4:] + b"\xff"):
            value = "u" + base64url.encode(other)
            assert refusal_of(with_proof(self.SHOWN, proofValue=value)).code == "selective-value-malformed"

    def test_a_header_of_another_suite_is_refused(self):
        for header in (b"\xd9\x5d\x02", b"\xd9\x5d\x03", b"\xd9\x5e\x01"):
            value = "u" + base64url.encode(header + self.content(self.VALUE)[3:])
            assert refusal_of(with_proof(self.SHOWN, proofValue=value)).code == "selective-value-malformed"


class TestWhatCannotBe:
    def test_nothing_is_derived_from_a_proof_of_another_suite(self):
        document = sign(BADGE, signer=P256, created=SIGNED_AT, cryptosuite="ecdsa-rdfc-2019")
        with pytest.raises(ProofError) as refusal:
            derive(document, selective_pointers=["/name"])
        assert refusal.value.code == "selective-base-missing"

    def test_nothing_is_derived_from_what_was_derived(self):
        with pytest.raises(ProofError) as refusal:
            derive(derive(BASE, selective_pointers=["/name"]), selective_pointers=["/name"])
        assert refusal.value.code == "selective-value-malformed"

    def test_nothing_is_derived_from_a_changed_document(self):
        with pytest.raises(ProofError) as refusal:
            derive({**BASE, "description": "x"}, selective_pointers=["/name"])
        assert refusal.value.code == "selective-base-differs"
        shown = derive({**BASE, "name": "Surgery"}, selective_pointers=["/name"])  # only the verifier can tell
        assert refusal_of(shown).code == "signature-wrong"

    @pytest.mark.parametrize(
        "changes",
        [
            {"credentialSubject": {"type": ["AchievementSubject"], "https://x.example/l": {"@list": ["a", "b"]}}},
            {"credentialSubject": {"id": "_:b", "type": ["AchievementSubject"], "creditsEarned": 1}},
        ],
        ids=["list", "blank"],
    )
    def test_a_document_that_cannot_be_divided_is_refused_at_signing(self, changes):
        with pytest.raises(ProofError) as refusal:
            base({**BADGE, **changes})
        assert refusal.value.code == "selective-not-possible"

    def test_a_list_of_one_can_be_shown_by_its_pointer(self):
        document = {**BADGE, "evidence": BADGE["evidence"][:1]}
        shown = derive(base(document), selective_pointers=["/evidence/0/name"])
        assert shown["evidence"] == [{"type": ["Evidence"], "name": "Essay"}]
        assert verified(shown)

    def test_a_document_of_too_many_statements_is_refused(self):
        many = {**BADGE, "evidence": [{"type": ["Evidence"], "name": str(number)} for number in range(350)]}
        with pytest.raises(ProofError) as refusal:
            base(many)
        assert (refusal.value.code, refusal.value.params["limit"]) == ("selective-too-many", 500)

    def test_undefined_terms_are_not_signed(self):
        with pytest.raises(DataLossError):
            base({**BADGE, "nickname": "x"})

    def test_look_alikes_can_be_told_apart(self):
        document = {**DOCUMENT, "evidence": [{"type": ["Evidence"], "name": "same"} for _ in range(3)]}
        shown = derive(base(document), selective_pointers=["/evidence/1"])
        assert len(shown["evidence"]) == 1
        assert verified(shown)
