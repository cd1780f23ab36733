"""Nobody can be shown less than was signed: the same statements in other words, contexts and brackets."""

import copy
import dataclasses
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmcx.credentials import FormatError, Outcome, Verdict, jsonld
from openmcx.credentials.formats import open_badges
from openmcx.credentials.formats.open_badges import statements, terms
from openmcx.credentials.jsonld import contexts, processor
from openmcx.credentials.jsonld.limits import DEFAULT, Meter
from openmcx.credentials.multibase import encode_base58btc
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.data_integrity import hashing, verifying
from openmcx.credentials.status import bitstring
from tests.credentials.examples import CREDENTIAL, DID, NOW, SIGNED_AT, SIGNER
from tests.credentials.test_verify import INDEX, LIST_URL, World, check, signed, status_list

STATUS_V1 = "https://www.w3.org/ns/credentials/status/v1"
EDDSA = ("eddsa-jcs-2022", "eddsa-rdfc-2022")
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
AFTER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
V2 = [terms.VC_CONTEXT, terms.OB_CONTEXT, terms.OB_EXTENSIONS_CONTEXT]
# The terms of version 1.1 have the same IRIs, written there with a prefix.
V1 = [contexts.VC_V1, terms.OB_CONTEXT, terms.OB_EXTENSIONS_CONTEXT, contexts.DATA_INTEGRITY_V2, STATUS_V1]
MIXED = [*V2, STATUS_V1]
DECISIVE = {
    "issuer": "https://www.w3.org/2018/credentials#issuer",
    "validFrom": "https://www.w3.org/2018/credentials#validFrom",
    "validUntil": "https://www.w3.org/2018/credentials#validUntil",
    "credentialStatus": "https://www.w3.org/2018/credentials#credentialStatus",
    "credentialSubject": "https://www.w3.org/2018/credentials#credentialSubject",
    "credentialSchema": "https://www.w3.org/2018/credentials#credentialSchema",
    "evidence": "https://www.w3.org/2018/credentials#evidence",
    "awardedDate": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#awardedDate",
}
HASHED = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed"


def unsecured(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


def plain(**change: Any) -> dict[str, Any]:
    document = {
        "@context": [contexts.VC_V2],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "did:example:leon"},
        "credentialStatus": {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(INDEX),
            "statusListCredential": LIST_URL,
        },
        **change,
    }
    return data_integrity.sign(document, signer=SIGNER, created=SIGNED_AT)


def revoked() -> World:
    return World(_list=status_list(revoked=INDEX))


class TestTermsWrittenAsIris:
    def test_a_revoked_and_expired_credential_under_other_contexts(self) -> None:
        genuine = signed()
        assert check(genuine, fetch=revoked(), at=AFTER).verdict is Verdict.NOT_VERIFIED
        forged = {**genuine, "@context": V1}
        forged[DECISIVE["credentialStatus"]] = forged.pop("credentialStatus")
        forged[DECISIVE["validUntil"]] = {"@value": forged.pop("validUntil"), "@type": DATE_TIME}
        # The attack is real: the statements are those that were signed.
        assert jsonld.canonical_nquads(unsecured(forged)) == jsonld.canonical_nquads(unsecured(genuine))
        report = check(forged, fetch=revoked(), at=AFTER)
        assert (report.verdict, report.check("structure").code) == (Verdict.NOT_VERIFIED, "signed-term-hidden")

    @pytest.mark.parametrize("listed", [V1, V2, MIXED], ids=["v1", "v2", "mixed"])
    @pytest.mark.parametrize("member", sorted(DECISIVE))
    def test_no_decisive_member_can_be_written_as_its_iri(self, member: str, listed: list[str]) -> None:
        forged = {**signed(), "@context": listed}
        value = forged.pop(member)
        is_date = isinstance(value, str) and member != "issuer"
        forged[DECISIVE[member]] = {"@value": value, "@type": DATE_TIME} if is_date else value
        report = check(forged)
        assert report.verdict is Verdict.NOT_VERIFIED
        assert report.check("structure").outcome is Outcome.FAILED

    @pytest.mark.parametrize(
        "kind", ["https://www.w3.org/ns/credentials/status#BitstringStatusListEntry", "cred:Entry"]
    )
    def test_a_type_cannot_be_written_as_its_iri(self, kind: str) -> None:
        forged = signed()
        forged["credentialStatus"]["type"] = kind
        assert check(forged, fetch=revoked()).check("structure").code == "signed-term-hidden"

    @pytest.mark.parametrize(
        "url",
        [
            STATUS_V1,
            contexts.DATA_INTEGRITY_V2,
            pytest.param(contexts.VC_V1, marks=pytest.mark.slow),
            pytest.param(contexts.VC_V2, marks=pytest.mark.slow),
        ],
    )
    def test_the_iris_are_those_that_the_reference_processor_finds(self, url: str) -> None:
        found: set[str] = set()
        meter = Meter(dataclasses.replace(DEFAULT, max_context_definitions=10**9))

        def collect(active: Any, seen: frozenset[str]) -> None:
            for name, mapping in active["mappings"].items():
                if not mapping or not mapping["@id"]:
                    continue
                found.add(mapping["@id"])
                scoped = mapping.get("@context")
                if scoped and name not in seen:
                    collect(processor.process(active, scoped, meter, override_protected=True), seen | {name})

        collect(processor.process(processor.initial(), url, meter), frozenset())
        iris = {iri for iri in found if not iri.startswith("@")}
        assert len(iris) > 5
        assert iris - statements.term_iris() - statements.OWN_IRIS == set()

    def test_what_our_writer_writes_is_not_refused(self) -> None:
        open_badges.check_shape(open_badges.write(CREDENTIAL))

    def test_the_first_context_is_that_of_credentials(self) -> None:
        forged = {**signed(), "@context": list(reversed(V2))}
        assert check(forged).check("structure").outcome is Outcome.FAILED


class TestStatementsOutOfSight:
    def hidden(self, document: dict[str, Any], without: str, *, whole: bool = True) -> str:
        shown = {name: value for name, value in document.items() if name != without}
        with pytest.raises(FormatError) as caught:
            open_badges.check_statements(shown, jsonld.to_nquads(document), whole=whole)
        assert caught.value.code == "signed-term-hidden"
        return str(caught.value.params["term"])

    @pytest.mark.parametrize("member", sorted(DECISIVE))
    def test_a_statement_that_the_json_does_not_show(self, member: str) -> None:
        document = open_badges.write(CREDENTIAL)
        open_badges.check_statements(document, jsonld.to_nquads(document), whole=True)
        if member in ("issuer", "credentialSubject", "credentialStatus"):  # what stands in them is missed as well
            self.hidden(document, member)
            document = unsecured(plain(credentialStatus={"id": "urn:x:1", "type": "BitstringStatusListEntry"}))
        assert self.hidden(document, member) == DECISIVE[member]

    def test_saying_something_else_twice_does_not_make_up_for_it(self) -> None:
        entry = unsecured(plain())["credentialStatus"]
        first, second = {**entry, "id": f"{LIST_URL}#1"}, {**entry, "id": f"{LIST_URL}#2", "statusListIndex": "2"}
        both = unsecured(plain(credentialStatus=[first, second]))
        shown = {**both, "credentialStatus": [first, first]}
        with pytest.raises(FormatError):
            open_badges.check_statements(shown, jsonld.to_nquads(both), whole=False)

    def test_another_name_for_what_we_write_as_an_iri(self) -> None:
        document = open_badges.write(CREDENTIAL)
        assert terms.GIVEN_NAME in document["credentialSubject"]
        shown = copy.deepcopy(document)
        shown["credentialSubject"]["givenName"] = shown["credentialSubject"].pop(terms.GIVEN_NAME)
        with pytest.raises(FormatError) as caught:
            open_badges.check_statements(shown, jsonld.to_nquads(document), whole=True)
        assert caught.value.params["term"] == terms.GIVEN_NAME

    @pytest.mark.parametrize("cryptosuite", EDDSA)
    def test_a_verification_refuses_it_after_the_signature_matched(
        self, monkeypatch: pytest.MonkeyPatch, cryptosuite: data_integrity.Cryptosuite
    ) -> None:
        # As if a context that is bundled one day had a name for it that nobody reads.
        extra = f'<{CREDENTIAL.id}> <{DECISIVE["validUntil"]}> "2027-01-01T00:00:00Z"^^<{DATE_TIME}> .\n'
        lines, text = jsonld.to_nquads, jsonld.canonical_nquads
        monkeypatch.setattr(verifying, "to_nquads", lambda document, **given: [*lines(document, **given), extra])
        monkeypatch.setattr(hashing, "canonical_nquads", lambda document, **given: text(document, **given) + extra)
        document = data_integrity.sign(
            open_badges.write(CREDENTIAL), signer=SIGNER, created=SIGNED_AT, cryptosuite=cryptosuite
        )
        report = check(document)
        assert (report.verdict, report.check("structure").code) == (Verdict.NOT_VERIFIED, "signed-term-hidden")
        assert report.check("status").outcome is Outcome.NOT_CHECKABLE

    @pytest.mark.parametrize("cryptosuite", EDDSA)
    def test_what_is_counted_is_what_was_signed(self, cryptosuite: data_integrity.Cryptosuite) -> None:
        document = open_badges.write(CREDENTIAL)
        document["name"] = "A\u0085<urn:x:1> <urn:x:2> <urn:x:3> .\u2028B"  # separates lines elsewhere, not here
        proof = data_integrity.verify(
            data_integrity.sign(document, signer=SIGNER, created=SIGNED_AT, cryptosuite=cryptosuite),
            public_key_for=lambda method: SIGNER.public_key,
            allowed_cryptosuites={cryptosuite},
        )
        counted = data_integrity.statements(proof)
        assert len(counted) == len(set(counted))
        assert jsonld.rdfc10(counted) == jsonld.canonical_nquads(document)
        assert proof.statements == ("" if cryptosuite == "eddsa-jcs-2022" else jsonld.canonical_nquads(document))

    @pytest.mark.parametrize("value", [None, [], [None], [[]], {"@value": None}, [{"@value": None}]])
    def test_a_member_that_says_nothing_makes_up_for_nothing(self, value: object) -> None:
        document = open_badges.write(CREDENTIAL)
        with pytest.raises(FormatError):
            open_badges.check_statements({**document, "validUntil": value}, jsonld.to_nquads(document), whole=True)

    @pytest.mark.parametrize("value", [[True, "true"], ["true", {"@value": "true"}]])
    def test_one_statement_in_two_ways_of_writing_is_one(self, value: object) -> None:
        line = f'<urn:x:1> <{HASHED}> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n'
        other = line.replace("urn:x:1", "urn:x:2")
        open_badges.check_statements({"id": "urn:x:1", "hashed": value}, [line], whole=True)
        with pytest.raises(FormatError):
            open_badges.check_statements({"id": "urn:x:1", "hashed": value}, [line, other], whole=True)


class TestStatusEntries:
    def test_saying_the_same_five_times_changes_nothing(self) -> None:
        document = signed()
        document["credentialStatus"] = [document["credentialStatus"]] * 5
        assert jsonld.canonical_nquads(unsecured(document)) == jsonld.canonical_nquads(unsecured(signed()))
        assert check(document, fetch=revoked()).headline.code == "headline-revoked"
        assert check(document).verdict is Verdict.VERIFIED

    def test_more_lists_than_are_asked(self) -> None:
        entries = [dataclasses.replace(CREDENTIAL.status[0], index=index) for index in range(5)]
        world = World()
        report = check(signed(dataclasses.replace(CREDENTIAL, status=tuple(entries))), fetch=world)
        assert (report.verdict, report.check("status").outcome) == (Verdict.NOT_VERIFIED, Outcome.FAILED)
        assert world.asked == []

    @pytest.mark.parametrize("member", ["type", "statusPurpose", "statusListIndex", "statusListCredential"])
    def test_brackets_change_nothing(self, member: str) -> None:
        document = signed()
        document["credentialStatus"][member] = [document["credentialStatus"][member]]
        assert jsonld.canonical_nquads(unsecured(document)) == jsonld.canonical_nquads(unsecured(signed()))
        assert check(document, fetch=revoked()).headline.code == "headline-revoked"
        report = check(document)
        assert (report.verdict, report.credential) == (Verdict.VERIFIED, CREDENTIAL)

    @pytest.mark.parametrize("purpose", [["revocation"], {"@value": "revocation"}])
    def test_a_purpose_in_brackets(self, purpose: Any) -> None:
        entry = {**unsecured(plain())["credentialStatus"], "statusPurpose": purpose}
        assert check(plain(credentialStatus=entry), fetch=revoked()).check("status").code == "revoked"
        assert check(plain(credentialStatus=entry)).check("status").code == "status-good"

    def test_a_purpose_that_is_no_text(self) -> None:
        entry = {**unsecured(plain())["credentialStatus"], "statusPurpose": ["revocation", "suspension"]}
        assert check(plain(credentialStatus=entry)).check("status").outcome is Outcome.FAILED

    scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=4) | st.just("revocation")
    values = st.recursive(
        scalars | st.sampled_from(["https://saimaa.example/status/1", "BitstringStatusListEntry", "1", "0"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["@value", "id", "type", "statusPurpose", "name"]), inner, max_size=2)
        ),
        max_leaves=4,
    )
    members = st.sampled_from(
        ["id", "type", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage"]
    )

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(changes=st.dictionaries(members, values, max_size=3), more=st.lists(values, max_size=2))
    def test_whatever_a_signed_status_says_gives_a_report(self, changes: dict[str, Any], more: list[Any]) -> None:
        entry = {**unsecured(plain())["credentialStatus"], **changes}
        # Signed over the JSON, so that whatever stands there reaches the check of the status.
        document = {**unsecured(plain()), "credentialStatus": [entry, *more] if more else entry}
        document = {name: value for name, value in document.items() if name != "proof"}
        for cryptosuite in EDDSA:
            try:
                forged = data_integrity.sign(document, signer=SIGNER, created=SIGNED_AT, cryptosuite=cryptosuite)  # type: ignore[arg-type]
            except Exception:  # what cannot be signed cannot arrive
                continue
            report = check(forged, fetch=revoked())
            assert json.dumps(report.as_dict())


class TestListsThatAreReplayed:
    def listed(self, created: dt.datetime, *, expires: str = "", revoked: bool = False, **change: Any) -> World:
        bits = bitstring.new_bits()
        bitstring.put(bits, INDEX, revoked)
        given = {"valid_from": created, "valid_until": None, **change}
        document = bitstring.status_list_credential(id=LIST_URL, issuer=DID, bits=bits, **given)
        listed = data_integrity.sign(document, signer=SIGNER, created=created)
        if expires:
            proof = {name: value for name, value in listed["proof"].items() if name != "proofValue"}
            proof["expires"] = expires
            data = data_integrity.hash_data(unsecured(listed), proof, "eddsa-rdfc-2022")
            listed["proof"] = {**proof, "proofValue": encode_base58btc(SIGNER.sign(data))}
        return World(_list=json.dumps(listed).encode())

    def test_a_list_whose_signature_has_run_out(self) -> None:
        report = check(signed(), fetch=self.listed(SIGNED_AT, expires="2026-07-02T00:00:00Z"))
        assert (report.verdict, report.check("status").code) == (Verdict.CAUTION, "status-list-outdated")
        assert check(signed(), fetch=self.listed(SIGNED_AT, expires="2026-09-02T00:00:00Z")).verdict is Verdict.VERIFIED

    def test_a_list_that_has_run_out_and_names_the_credential(self) -> None:
        report = check(signed(), fetch=self.listed(SIGNED_AT, expires="2026-07-02T00:00:00Z", revoked=True))
        assert report.headline.code == "headline-revoked"

    @pytest.mark.parametrize("member", ["created", "valid_from"])
    def test_a_list_from_the_future(self, member: str) -> None:
        times = {"created": SIGNED_AT, "valid_from": SIGNED_AT, member: NOW + dt.timedelta(minutes=6)}
        report = check(signed(), fetch=self.listed(**times))
        assert (report.verdict, report.check("status").code) == (Verdict.NOT_VERIFIED, "status-list-wrong")
        times[member] = NOW + dt.timedelta(minutes=4)
        assert check(signed(), fetch=self.listed(**times)).verdict is Verdict.VERIFIED

    def test_brackets_around_the_types_and_the_subject_of_a_list(self) -> None:
        document = bitstring.status_list_credential(
            id=LIST_URL, issuer=DID, bits=bitstring.new_bits(), valid_from=SIGNED_AT
        )
        subject: Any = document["credentialSubject"]
        document["credentialSubject"] = [{**subject, "type": ["BitstringStatusList"]}]
        listed = data_integrity.sign(document, signer=SIGNER, created=SIGNED_AT)
        assert check(signed(), fetch=World(_list=json.dumps(listed).encode())).verdict is Verdict.VERIFIED
