"""Verifying: the right verdict and the right sentence, whatever comes."""

import copy
import dataclasses
import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmcx.credentials import (
    SENTENCES,
    KnownIssuer,
    Outcome,
    Report,
    Verdict,
    issue,
    issue_status_list,
    jsonld,
    verify,
)
from openmcx.credentials.formats import open_badges
from openmcx.credentials.keys import Ed25519Signer, Signer, did_web
from openmcx.credentials.model import Achievement, Credential, LangText, LearningOutcome, Organisation, StatusEntry
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.report import CHECKS
from openmcx.credentials.status import bitstring
from tests.credentials.examples import (
    CREDENTIAL,
    DID,
    ISSUER,
    NOW,
    OTHER_PUBLIC,
    OTHER_SECRET,
    OTHER_SIGNER,
    PUBLIC,
    SECRET,
    SIGNED_AT,
    SIGNER,
)

LIST_URL = CREDENTIAL.status[0].list_url
INDEX = CREDENTIAL.status[0].index
KNOWN = {DID: KnownIssuer(name=ISSUER.name, country="FI")}
WEB = did_web.did_web("https://saimaa.example", "institutions/saimaa")
WEB_SIGNER = Ed25519Signer(SECRET, f"{WEB}#key-1")
WEB_DOCUMENT = did_web.did_document(WEB, keys=[("key-1", PUBLIC)])
WEB_ISSUER = dataclasses.replace(ISSUER, id=WEB)
WEB_CREDENTIAL = dataclasses.replace(
    CREDENTIAL,
    issuer=WEB_ISSUER,
    status=(),
    achievement=dataclasses.replace(CREDENTIAL.achievement, awarding_body=WEB_ISSUER),
)


def status_list(
    *, revoked: int | None = None, signer: Signer = SIGNER, signed_at: dt.datetime = SIGNED_AT, **change: Any
) -> bytes:
    bits = bitstring.new_bits()
    if revoked is not None:
        bitstring.put(bits, revoked, True)
    given: dict[str, Any] = {"id": LIST_URL, "issuer": signer.verification_method.partition("#")[0], **change}
    document = bitstring.status_list_credential(bits=bits, valid_from=signed_at, **given)
    return json.dumps(issue_status_list(document, signer=signer, created=signed_at)).encode()


GOOD_LIST = status_list()


class World:
    """What there is to fetch; remembers what was asked for."""

    def __init__(self, **documents: bytes) -> None:
        self.documents = {LIST_URL: GOOD_LIST, did_web.document_url(WEB): json.dumps(WEB_DOCUMENT).encode()}
        self.documents.update({url.replace("_list", LIST_URL): data for url, data in documents.items()})
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.documents:
            raise TimeoutError("no answer")
        return self.documents[url]


def check(document: Any, **given: Any) -> Report:
    arguments: dict[str, Any] = {"at": NOW, "fetch": World(), "issuer_directory": KNOWN.get, **given}
    return verify(document, **arguments)


def signed(credential: Credential = CREDENTIAL, signer: Signer = SIGNER, **given: Any) -> dict[str, Any]:
    return issue(credential, signer=signer, created=SIGNED_AT, **given)


def outcomes(report: Report) -> dict[str, str]:
    return {entry.name: entry.code for entry in report.checks if entry.outcome is not Outcome.PASSED}


class TestVerified:
    @pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_a_genuine_credential_of_a_known_issuer(self, cryptosuite: Any) -> None:
        report = check(json.dumps(signed(cryptosuite=cryptosuite)).encode())
        assert outcomes(report) == {}
        assert report.verdict is Verdict.VERIFIED
        assert report.headline.sentence == "Genuine and valid: issued by Saimaa University, unchanged since."
        assert report.credential == CREDENTIAL
        assert report.issuer is not None
        assert report.issuer.name == "Saimaa University"

    def test_bytes_text_and_json_give_the_same_report(self) -> None:
        document = signed()
        text = json.dumps(document, ensure_ascii=False)
        reports = [check(form).as_dict() for form in (document, text, text.encode())]
        assert reports[0] == reports[1] == reports[2]

    def test_a_web_address_establishes_its_domain_without_a_directory(self) -> None:
        report = check(signed(WEB_CREDENTIAL, WEB_SIGNER), issuer_directory=None)
        assert (report.verdict, report.check("issuer").code) == (Verdict.VERIFIED, "issuer-is-address")
        assert report.issuer is not None
        assert (report.issuer.name, report.issuer.domain) == ("saimaa.example", "saimaa.example")

    def test_every_check_is_reported_in_order(self) -> None:
        assert tuple(entry.name for entry in check(signed()).checks) == CHECKS

    def test_a_report_is_neither_true_nor_false(self) -> None:
        with pytest.raises(TypeError, match="verdict"):
            bool(check(signed()))

    def test_a_report_can_be_written_as_json(self) -> None:
        written = json.loads(json.dumps(check(signed()).as_dict()))
        assert written["verdict"] == "verified"
        assert written["credential"]["specification"]["title"] == CREDENTIAL.achievement.title.as_dict()
        assert [entry["name"] for entry in written["checks"]] == list(CHECKS)


class TestCaution:
    def test_an_unknown_issuer_is_a_caution_and_keeps_its_did_as_name(self) -> None:
        report = check(signed(), issuer_directory=lambda did: None)
        assert (report.verdict, report.headline.code) == (Verdict.CAUTION, "headline-issuer-unknown")
        assert report.issuer is not None
        assert report.issuer.name == DID
        assert "Saimaa" not in report.headline.sentence

    def test_a_borrowed_name_is_shown_beside_the_established_one(self) -> None:
        known = {DID: KnownIssuer(name=LangText({"en": "Mallory College"}))}
        report = check(signed(), issuer_directory=known.get)
        assert (report.verdict, report.headline.code) == (Verdict.CAUTION, "headline-issuer-named-otherwise")
        assert report.headline.sentence == (
            "Unchanged and valid, but the file calls its issuer “Saimaa University”, "
            "while it comes from Mallory College."
        )

    @pytest.mark.parametrize(
        ("known", "code"),
        [
            ({"en": "Saimaa University"}, "issuer-known"),
            ({"und": " SAIMAA  university"}, "issuer-known"),
            ({}, "issuer-known"),
            ({"en": "Saimaa University", "fi": "Toinen yliopisto"}, "issuer-named-otherwise"),
            ({"sv": "Saimens universitet"}, "issuer-named-otherwise"),
        ],
    )
    def test_names_are_compared_language_by_language(self, known: dict[str, str], code: str) -> None:
        directory = {DID: KnownIssuer(name=LangText(known))}
        assert check(signed(), issuer_directory=directory.get).check("issuer").code == code

    @pytest.mark.parametrize("fetch", [None, World(_list=b"")])
    def test_a_list_that_cannot_be_had(self, fetch: World | None) -> None:
        if fetch is not None:
            del fetch.documents[LIST_URL]
        report = check(signed(), fetch=fetch)
        assert (report.verdict, report.check("status").outcome) == (Verdict.CAUTION, Outcome.NOT_CHECKABLE)
        assert report.headline.code == "headline-status-not-checkable"

    def test_a_list_that_is_out_of_date(self) -> None:
        world = World(_list=status_list(valid_until=NOW - dt.timedelta(days=1)))
        report = check(signed(), fetch=world)
        assert (report.verdict, report.check("status").code) == (Verdict.CAUTION, "status-list-outdated")

    def test_a_status_of_a_kind_that_is_not_known(self) -> None:
        document = open_badges.write(CREDENTIAL)
        document["@context"].append("https://w3id.org/vc/status-list/2021/v1")
        document["credentialStatus"] = {"id": "https://x.example/r", "type": "StatusList2021Entry"}
        report = check(data_integrity.sign(document, signer=SIGNER, created=SIGNED_AT))
        assert (report.verdict, report.check("status").code) == (Verdict.CAUTION, "status-kind-unsupported")


class TestNotVerified:
    def test_one_changed_character(self) -> None:
        text = json.dumps(signed(), ensure_ascii=False)
        report = check(text.replace("Leon", "Leom"))
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-signature-wrong")
        assert report.headline.sentence.startswith("Not genuine: it was changed after it was signed")
        assert report.issuer is None

    @pytest.mark.parametrize(
        ("at", "code", "sentence"),
        [
            (dt.datetime(2028, 7, 1, tzinfo=dt.UTC), "headline-expired", "Expired on 2028-07-01"),
            (dt.datetime(2026, 6, 30, tzinfo=dt.UTC), "headline-not-yet-valid", "Not valid yet"),
        ],
    )
    def test_outside_its_dates(self, at: dt.datetime, code: str, sentence: str) -> None:
        # Signed before it becomes valid, as is usual for a batch.
        early = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
        document = issue(CREDENTIAL, signer=SIGNER, created=early)
        report = check(document, at=at, fetch=World(_list=status_list(signed_at=early)))
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, code)
        assert report.headline.sentence.startswith(sentence)
        assert list(outcomes(report)) == ["validity"]

    def test_revoked(self) -> None:
        report = check(signed(), fetch=World(_list=status_list(revoked=INDEX)))
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-revoked")
        assert report.headline.sentence == "Revoked: Saimaa University has withdrawn this credential."

    def test_a_neighbour_that_is_revoked_does_not_matter(self) -> None:
        report = check(signed(), fetch=World(_list=status_list(revoked=INDEX + 1)))
        assert report.verdict is Verdict.VERIFIED

    def test_suspended_by_the_second_of_two_lists(self) -> None:
        second = "https://saimaa.example/status/2"
        entries = (*CREDENTIAL.status, StatusEntry(list_url=second, index=5, purpose="suspension"))
        world = World()
        world.documents[second] = status_list(revoked=5, id=second, purpose="suspension")
        report = check(signed(dataclasses.replace(CREDENTIAL, status=entries)), fetch=world)
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-suspended")

    @pytest.mark.parametrize(
        ("listed", "code"),
        [
            (status_list(signer=OTHER_SIGNER), "status-list-other-issuer"),
            (status_list().replace(b'"purpose"', b'"x"').replace(b"revocation", b"suspension"), "status-list-wrong"),
            (status_list(purpose="suspension"), "status-list-wrong"),
            (status_list(id="https://saimaa.example/status/9"), "status-list-wrong"),
            (b"<html>", "status-list-wrong"),
            (b"{}", "status-list-wrong"),
            (b"{" * 5_000_000, "status-list-wrong"),
            (json.dumps(signed()).encode(), "status-list-wrong"),
        ],
    )
    def test_a_list_that_is_not_the_issuers_own(self, listed: bytes, code: str) -> None:
        report = check(signed(), fetch=World(_list=listed))
        assert (report.verdict, report.check("status").code) == (Verdict.NOT_VERIFIED, code)

    def test_an_index_beyond_the_list(self) -> None:
        entry = dataclasses.replace(CREDENTIAL.status[0], index=bitstring.MINIMUM_ENTRIES)
        report = check(signed(dataclasses.replace(CREDENTIAL, status=(entry,))))
        assert (report.verdict, report.check("status").code) == (Verdict.NOT_VERIFIED, "status-list-wrong")

    def test_signed_by_somebody_else(self) -> None:
        document = data_integrity.sign(open_badges.write(CREDENTIAL), signer=OTHER_SIGNER, created=SIGNED_AT)
        report = check(document)
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-key-not-issuers")

    def test_not_signed(self) -> None:
        report = check(open_badges.write(CREDENTIAL))
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-proof-missing")
        assert report.credential == CREDENTIAL

    def test_a_key_that_cannot_be_fetched(self) -> None:
        report = check(signed(WEB_CREDENTIAL, WEB_SIGNER), fetch=None)
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-key-not-reachable")
        assert report.check("proof").outcome is Outcome.NOT_CHECKABLE

    def with_document(self, document: Any, created: dt.datetime = SIGNED_AT) -> Report:
        world = World()
        world.documents[did_web.document_url(WEB)] = json.dumps(document).encode()
        credential = issue(WEB_CREDENTIAL, signer=WEB_SIGNER, created=created)
        return check(credential, fetch=world, issuer_directory=None)

    def test_a_key_that_was_revoked(self) -> None:
        revoked = did_web.did_document(WEB, keys=[("key-1", PUBLIC)], revoked={"key-1": NOW})
        assert self.with_document(revoked).headline.code == "headline-key-revoked"

    def test_a_key_that_was_retired_before_or_after(self) -> None:
        retired = did_web.did_document(WEB, keys=[("key-1", PUBLIC)], expired={"key-1": SIGNED_AT})
        assert self.with_document(retired).verdict is Verdict.VERIFIED
        report = self.with_document(retired, SIGNED_AT + dt.timedelta(seconds=1))
        assert (report.verdict, report.check("issuer-key").code) == (Verdict.NOT_VERIFIED, "key-expired")

    @pytest.mark.parametrize(
        "document",
        [
            did_web.did_document(WEB, keys=[("key-1", OTHER_PUBLIC)]),
            did_web.did_document(WEB, keys=[("key-2", PUBLIC)]),
            did_web.did_document("did:web:other.example", keys=[("key-1", PUBLIC)]),
            {**WEB_DOCUMENT, "assertionMethod": []},
            [],
        ],
    )
    def test_a_did_document_that_does_not_vouch_for_the_key(self, document: Any) -> None:
        report = self.with_document(document)
        assert (report.verdict, report.check("proof").outcome) == (Verdict.NOT_VERIFIED, Outcome.FAILED)

    def test_signed_in_the_future(self) -> None:
        report = check(signed(), at=SIGNED_AT - dt.timedelta(minutes=6))
        assert (report.verdict, report.check("proof").code) == (Verdict.NOT_VERIFIED, "proof-from-the-future")

    @pytest.mark.parametrize(
        ("change", "name", "code"),
        [
            ({"@context": ["https://www.w3.org/ns/credentials/v2", "https://x.example/c"]}, "terms", "unknown-context"),
            ({"nonsense": "x"}, "terms", "undefined-term"),
            ({"issuer": 7}, "structure", "format-member-missing"),
            ({"validUntil": "soon"}, "structure", "format-member-invalid"),
            ({"proof": None}, "proof", "proof-missing"),
            ({"proof": []}, "proof", "proof-missing"),
            ({"proof": "x"}, "proof", "proof-not-an-object"),
            ({"proof": [{}] * 100}, "proof", "too-many-proofs"),
        ],
    )
    def test_documents_that_are_wrong(self, change: dict[str, Any], name: str, code: str) -> None:
        report = check({**signed(), **change})
        assert (report.verdict, report.check(name).outcome) == (Verdict.NOT_VERIFIED, Outcome.FAILED)
        assert report.check(name).code == code

    def test_a_jcs_signature_over_terms_that_mean_nothing(self) -> None:
        document = {**open_badges.write(CREDENTIAL), "nonsense": "x"}
        report = check(data_integrity.sign(document, signer=SIGNER, created=SIGNED_AT, cryptosuite="eddsa-jcs-2022"))
        assert (report.verdict, report.check("terms").code) == (Verdict.NOT_VERIFIED, "undefined-term")

    @pytest.mark.shared
    @pytest.mark.parametrize("name", ["simple.json", "complete.json"])
    def test_a_key_that_stands_in_the_file_itself(self, name: str, data_from_outside: Path) -> None:
        report = check((data_from_outside / "openbadges-v3" / name).read_bytes())
        assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-key-in-address")
        assert report.check("proof").outcome is Outcome.PASSED
        assert report.credential is not None
        assert report.issuer is None


class TestUnreadable:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "document-empty"),
            (b"hello", "document-not-json"),
            (b"[]", "document-not-an-object"),
            (b'{"a": 1, "a": 2}', "duplicate-key"),
            (b"\xef\xbb\xbf{}", "document-has-byte-order-mark"),
            (b'{"a": "\xff"}', "document-not-utf8"),
            (b'{"a":' * 100 + b"1" + b"}" * 100, "document-too-deep"),
            (b" " * 50_000_000, "document-too-large"),
            ("\ud800", "lone-surrogate"),
            ({"a": {1, 2}}, "data-not-json"),
            ({"a": float("nan")}, "data-not-json"),
        ],
    )
    def test_what_is_no_document(self, data: Any, code: str) -> None:
        report = check(data)
        assert (report.verdict, report.check("document").code) == (Verdict.UNREADABLE, code)
        assert report.headline.code == "headline-unreadable"

    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"<?xml version='1.0'?><europassCredential/>", "xml"),
            (b"eyJhbGciOiJF.eyJpc3MiOiJk.c2ln\n", "jwt"),
            (b"eyJhbGciOiJF.eyJpc3MiOiJk.c2ln~ZGlzYw~", "sd-jwt"),
            ({"payload": "eyJhIjogMX0", "signatures": []}, "jws-json"),
            (
                {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"},
                "verifiable-presentation",
            ),
        ],
    )
    def test_what_cannot_be_verified_yet_is_named(self, data: Any, kind: str) -> None:
        report = check(data)
        assert report.verdict is Verdict.UNSUPPORTED
        assert report.headline.code == "headline-format-unsupported"
        assert report.headline.params == {"issuer": "", "kind": kind}
        assert [
            (name, report.check(name).outcome, report.check(name).code) for name in ("document", "format", "proof")
        ] == [
            ("document", Outcome.PASSED, "document-readable"),
            ("format", Outcome.PASSED, "format-recognised"),
            ("proof", Outcome.NOT_CHECKABLE, "format-unsupported"),
        ]

    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"\x89PNG\r\n\x1a\n....", "png"),
            (b"<svg/>", "svg"),
            (b"\xff\xd8\xff", "picture"),
            (b"<!DOCTYPE html><html>", "web-page"),
            (b"PK\x03\x04....", "zip"),
        ],
    )
    def test_what_never_carries_a_seal_is_not_promised_a_check(self, data: bytes, kind: str) -> None:
        report = check(data)
        assert (report.verdict, report.headline.code) == (Verdict.UNSUPPORTED, "headline-format-never-sealed")
        assert (report.check("format").params, report.check("proof").code) == ({"kind": kind}, "format-never-sealed")

    def test_a_credential_without_seal_or_signature_is_not_verified(self) -> None:
        edc = {"@context": "https://www.w3.org/ns/credentials/v2", "type": ["EuropeanDigitalCredential"]}
        for bare in (edc, {"credential": edc}):
            report = check(bare)
            assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-proof-missing")
        for sealed in (edc | {"proof": {}}, {"credential": edc | {"proof": {}}}):
            assert check(sealed).verdict is Verdict.UNSUPPORTED

    def test_json_that_is_no_credential(self) -> None:
        report = check({"hello": "world"})
        assert (report.verdict, report.check("format").code) == (Verdict.UNREADABLE, "format-unknown")
        assert report.headline.code == "headline-format-unknown"

    @pytest.mark.parametrize(
        "inside",
        [
            {},
            {"hello": "world"},
            {"credential": {"@context": "https://www.w3.org/ns/credentials/v2", "type": ["VerifiableCredential"]}},
            {"credential": {"credential": {}}},
        ],
    )
    def test_a_wrapper_around_no_credential_is_none(self, inside: dict[str, Any]) -> None:
        for wrapper in ({"credential": inside}, {"credential": inside, "proof": {}}):
            report = check(wrapper)
            assert (report.verdict, report.headline.code) == (Verdict.UNREADABLE, "headline-format-unknown")

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=200) | st.text(max_size=200))
    def test_whatever_comes_gives_a_report(self, data: bytes | str) -> None:
        report = check(data)
        assert report.verdict in {Verdict.UNREADABLE, Verdict.UNSUPPORTED}  # "<" begins an XML document
        assert json.dumps(report.as_dict())

    json_values = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data(), value=json_values)
    def test_whatever_stands_in_a_credentials_place_gives_a_report(self, data: st.DataObject, value: Any) -> None:
        document = signed()
        path = data.draw(st.sampled_from(list(_paths(document))))
        report = check(_changed(document, path, lambda _: value))
        assert json.dumps(report.as_dict())
        assert report.headline.sentence


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from _paths(member, (*path, key))


def _changed(document: dict[str, Any], path: tuple[Any, ...], change: Callable[[Any], Any]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    node: Any = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = change(node[path[-1]])
    return changed


def _without(document: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    node: Any = changed
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return changed


def _mutations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in _paths(document):
        where = "/".join(map(str, path))
        yield f"without {where}", _without(document, path)
        yield f"other {where}", _changed(document, path, _other)
        yield f"text {where}", _changed(document, path, lambda value: "https://mallory.example/")
        yield f"null {where}", _changed(document, path, lambda value: None)


def _other(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case list():
            return [*value, "https://mallory.example/"]
        case dict():
            return {**value, "name": "Mallory"}
    return "x"


# Everything once: mutating a credential with everything in it takes minutes.
SMALL = Achievement(
    id="https://saimaa.example/small",
    title=LangText({"en": "Small"}),
    awarding_body=Organisation(id=DID, name=ISSUER.name, country="FI"),
    outcomes=(LearningOutcome(text=LangText({"en": "Can"}), skills=CREDENTIAL.achievement.outcomes[0].skills[:1]),),
    workload_ects=Decimal(2),
    workload_hours=Decimal(50),
    eqf_level=6,
    languages=("en",),
    grading_scheme=LangText({"en": "1 to 5"}),
)


class TestMutations:
    @pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    # Quickly a sample, always the same one; the slow run takes all.
    @pytest.mark.parametrize("sample", [100, pytest.param(None, marks=pytest.mark.slow)])
    def test_no_mutation_of_any_member_is_verified(self, cryptosuite: Any, sample: int | None) -> None:
        small = dataclasses.replace(CREDENTIAL, achievement=SMALL, issuer=SMALL.awarding_body)
        document = signed(small, cryptosuite=cryptosuite)
        before = jsonld.canonical_nquads({key: value for key, value in document.items() if key != "proof"})
        survivors = []
        mutations = list(_mutations(document))
        assert len(mutations) > 300
        for name, mutant in random.Random(2022).sample(mutations, sample or len(mutations)):
            report = check(mutant)
            if report.verdict in (Verdict.VERIFIED, Verdict.CAUTION):
                # The same statements in other words are the same credential, provided that they are read alike.
                unsecured = {key: value for key, value in mutant.items() if key != "proof"}
                if jsonld.canonical_nquads(unsecured) != before or report.credential != small:
                    survivors.append(name)
        assert survivors == []

    def test_hidden_statements_are_not_verified(self) -> None:
        document = signed()
        for term in ("credentialStatus", "validUntil", "evidence"):
            hidden = copy.deepcopy(document)
            value = hidden.pop(term)
            for keyword in ("@included", "@graph"):
                mutant = {**hidden, keyword: [{"id": document["id"], "type": document["type"], term: value}]}
                assert check(mutant).verdict is Verdict.NOT_VERIFIED
            mutant = {**hidden, f"https://www.w3.org/2018/credentials#{term}": value}
            assert check(mutant).verdict is Verdict.NOT_VERIFIED

    @pytest.mark.parametrize("url", sorted(jsonld.BUNDLED))
    def test_adding_a_context_changes_nothing_that_is_read(self, url: str) -> None:
        document = signed()
        document["@context"] = [*document["@context"], url]
        report = check(document)
        assert report.verdict is not Verdict.VERIFIED or report.credential == CREDENTIAL


def test_a_second_signature_must_match_too() -> None:
    document = signed()
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    second = data_integrity.sign(unsecured, signer=OTHER_SIGNER, created=SIGNED_AT)["proof"]
    both = {**document, "proof": [document["proof"], second]}
    assert check(both).verdict is Verdict.VERIFIED
    broken = {**document, "proof": [document["proof"], {**second, "created": "2026-07-02T00:00:00Z"}]}
    assert check(broken).headline.code == "headline-signature-wrong"


def test_each_document_is_fetched_once() -> None:
    world = World()
    listed = dataclasses.replace(WEB_CREDENTIAL, status=CREDENTIAL.status)
    world.documents[LIST_URL] = status_list(signer=WEB_SIGNER)
    report = check(signed(listed, WEB_SIGNER), fetch=world, issuer_directory=None)
    assert report.verdict is Verdict.VERIFIED
    assert world.asked == [did_web.document_url(WEB), LIST_URL]


def test_nothing_is_fetched_for_a_credential_that_is_changed() -> None:
    world = World()
    text = json.dumps(signed()).replace("Leon", "Leom")
    check(text, fetch=world)
    assert world.asked == []


def test_a_naive_time_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        verify(b"{}", at=dt.datetime(2026, 1, 1))  # noqa: DTZ001


def test_issuing_for_somebody_else_is_refused() -> None:
    with pytest.raises(Exception, match="The key belongs to"):
        issue(CREDENTIAL, signer=Ed25519Signer(OTHER_SECRET, OTHER_SIGNER.verification_method), created=SIGNED_AT)


def test_every_sentence_is_whole() -> None:
    for code, sentence in SENTENCES.items():
        assert sentence[0].isupper() or sentence[0] in "“{", code
        assert sentence.rstrip()[-1] in ".?…}", code
