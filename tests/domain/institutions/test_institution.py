"""Institutions: what they say about themselves, and who may change it."""

import datetime as dt
from typing import Any

import pytest
from django.utils.translation import override

from openmcx.credentials.model import Identifier, LangText
from openmcx.institutions import operations, queries, rules
from openmcx.institutions.models import Institution
from openmcx.institutions.operations import Audit
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from tests.cast import Cast
from tests.factories import institutions

AT = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)


def refused(code: str, **changes: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        institutions.institution("newcomer", **changes)
    assert refusal.value.code == code
    assert "%(" not in str(refusal.value)


def test_an_institution_comes_with_a_key_and_a_did(db: None) -> None:
    institution = institutions.institution("lakeside")
    assert institution.did == "did:web:testserver:institutions:lakeside"
    assert queries.active_key(institution.pk).verification_method == f"{institution.did}#key-1"
    assert list(AuditRecord.objects.order_by("number").values_list("action", flat=True)) == [
        Audit.ADDED,
        Audit.KEY_CREATED,
    ]


@pytest.mark.parametrize("who", ["rita", "anna", "ada", "otto", "leon", "mallory", None])
def test_only_a_coordinator_adds_institutions(cast: Cast, who: str | None) -> None:
    with pytest.raises(NotPermitted):
        operations.add_institution(
            by=cast.actor(getattr(cast, who) if who else None), at=AT, slug="newcomer", profile=institutions.profile()
        )
    profile = institutions.profile("Newcomer")
    added = operations.add_institution(by=cast.actor(cast.carla), at=AT, slug="newcomer", profile=profile)
    assert added.slug == "newcomer"


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("", "slug-malformed"),
        ("a", "slug-malformed"),
        ("A-b", "slug-malformed"),
        ("a--b", "slug-malformed"),
        ("-ab", "slug-malformed"),
        ("a.b", "slug-malformed"),
        ("../etc", "slug-malformed"),
        ("a\n", "slug-malformed"),
        ("ü-uni", "slug-malformed"),
        ("x" * 61, "slug-malformed"),
        ("claims", "slug-reserved"),
        ("invitations", "slug-reserved"),
    ],
)
def test_a_short_name_that_does_not_fit_addresses_is_refused(db: None, slug: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        institutions.institution(slug)
    assert refusal.value.code == code


def test_a_short_name_is_given_once(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        institutions.institution("lakeside")
    assert refusal.value.code == "slug-taken"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"country": "XX"}, "country-unknown"),
        ({"country": "fi"}, "country-unknown"),
        ({"kind": "casino"}, "kind-unknown"),
        ({"accreditation_status": "gold"}, "accreditation-unknown"),
        ({"website": "javascript:alert(1)"}, "address-malformed"),
        ({"accreditation_evidence": "ftp://x.example/"}, "address-malformed"),
        ({"email": "nobody"}, "address-malformed"),
        ({"address": "x" * 301}, "text-too-long"),
        ({"identifiers": {"ror": "https://ror.org/05a28rw59"}}, "identifier-checksum"),
        ({"identifiers": {"isni": "1"}}, "identifier-scheme"),
        ({"accredited_from": dt.date(2026, 2, 1), "accredited_until": dt.date(2026, 1, 1)}, "accreditation-dates"),
    ],
)
def test_a_wrong_profile_is_refused(db: None, changes: dict[str, Any], code: str) -> None:
    refused(code, **changes)
    assert Institution.objects.count() == 0


def test_a_name_is_needed_in_at_least_one_language(db: None) -> None:
    with pytest.raises(Refusal) as refusal:
        operations.add_institution(by=Actor.system(), at=AT, slug="x-uni", profile=institutions.profile(name=" "))
    assert refusal.value.code == "name-missing"


@pytest.mark.parametrize(
    ("scheme", "given", "kept"),
    [
        ("ror", "https://ror.org/05a28rw58", "https://ror.org/05a28rw58"),  # ETH Zurich
        ("ror", "ror.org/05A28RW58", "https://ror.org/05a28rw58"),
        ("ror", " 03yrm5c26 ", "https://ror.org/03yrm5c26"),  # California Digital Library, the registry's own sample
        ("schac", "Uni.Example", "uni.example"),
        ("eter", "at0023", "AT0023"),
        ("deqarinst", "deqarinst0042", "DEQARINST0042"),
        ("ror", "", ""),
    ],
)
def test_identifiers_are_kept_in_one_form(scheme: str, given: str, kept: str) -> None:
    assert rules.normal_identifier(scheme, given) == kept


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("ror", "05a28rw5"),
        ("ror", "https://evil.example/05a28rw58"),
        ("ror", "05a28ruu8"),
        ("schac", "localhost"),
        ("schac", "-a.example"),
        ("schac", "uni.example\n"),
        ("eter", "0023"),
        ("deqarinst", "42"),
    ],
)
def test_malformed_identifiers_are_refused_with_the_right_form(scheme: str, value: str) -> None:
    if value.endswith("\n"):
        assert rules.normal_identifier(scheme, value) == value.strip()
        return
    with pytest.raises(Refusal) as refusal:
        rules.normal_identifier(scheme, value)
    assert refusal.value.code == "identifier-malformed"
    assert "for instance" in str(refusal.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "UNIVERSITY  of Lakeside"},
        {"name": "Another", "legal_name": "\uff35niversity of Lakeside"},
        # Nobody sees the difference: a soft hyphen, a space of no width, I for l, l for I, another dash.
        {"name": "Univer\u00adsity of\u200b Lakeside"},
        {"name": "University of Iakeside"},
        {"name": "UnlVERSlTY OF LAKESIDE"},
    ],
)
def test_the_name_of_another_member_is_nobody_else_s(cast: Cast, changes: dict[str, Any]) -> None:
    refused("name-taken", **changes)


@pytest.mark.parametrize(
    "name",
    [
        "\u041a\u041e\u0422\u041a\u0410",  # КОТКА in Cyrillic letters
        "\u039a\u039f\u03a4\u039a\u0391",  # ΚΟΤΚΑ in Greek ones
        "K\u00adotka",
        "k0tka",
    ],
)
def test_a_name_is_taken_by_one_that_looks_like_it(db: None, name: str) -> None:
    institutions.institution("kotka", "Kotka")
    refused("name-taken", name=name)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Univer\u0455ity of Lakeside", "Univer\u0455ity"),  # a Cyrillic dze
        ("University \u03bff Lakeside", "\u03bff"),  # a Greek omicron
        ("University of L\uff41k\u0435side", "Lak\u0435side"),  # a wide a, and a Cyrillic ie
    ],
)
def test_no_word_of_a_name_mixes_alphabets(db: None, name: str, word: str) -> None:
    for changes in ({"name": name}, {"legal_name": name}):
        with pytest.raises(Refusal) as refusal:
            institutions.institution("newcomer", **{"name": "Newcomer", **changes})
        assert (refusal.value.code, word in str(refusal.value)) == ("name-mixed-alphabets", True)
    assert not Institution.objects.exists()


def test_names_of_all_alphabets_can_be_written(db: None) -> None:
    names = {
        "el": "Εθνικό Μετσόβιο Πολυτεχνείο (NTUA)",
        "bg": "Софийски университет „Св. Климент Охридски“",
        "ja": "ABC大学",
        "hu": "Gamma-Ω Főiskola",
        "sr": "Универзитет у Новом Саду / Univerzitet u Novom Sadu",
    }
    made = operations.add_institution(
        by=Actor.system(), at=AT, slug="many", profile=operations.Profile(name=LangText(names), country="GR")
    )
    assert made.name.as_dict() == names
    # In small or large letters they are the same; another institution of the same alphabet is not.
    refused("name-taken", name="СОФИЙСКИ УНИВЕРСИТЕТ „СВ. КЛИМЕНТ ОХРИДСКИ“")
    institutions.institution("other", "Софийски технически университет")


def test_a_former_name_stays_with_whom_it_named(cast: Cast) -> None:
    renamed = institutions.profile("Lakeside Technical University")
    lakeside = operations.change_profile(
        by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk, profile=renamed
    )
    assert queries.former_names(lakeside) == (LangText({"en": "University of Lakeside"}),)
    refused("name-taken", name="University of Lakeside")
    for profile in (institutions.profile(), renamed, institutions.profile()):
        lakeside = operations.change_profile(
            by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk, profile=profile
        )
    assert [name.best() for name in queries.former_names(lakeside)] == [
        "University of Lakeside",
        "Lakeside Technical University",
    ]


def test_a_change_is_audited_with_the_names_of_the_fields_only(cast: Cast) -> None:
    profile = institutions.profile(region="Uusimaa", country="FI")
    operations.change_profile(by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk, profile=profile)
    row = AuditRecord.objects.order_by("number").last()
    assert row is not None
    assert (row.action, row.data, row.actor_id) == (Audit.CHANGED, {"fields": ["region"]}, cast.ada.pk)
    before = AuditRecord.objects.count()
    operations.change_profile(by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk, profile=profile)
    assert AuditRecord.objects.count() == before


@pytest.mark.parametrize("who", ["rita", "anna", "otto", "leon", "mallory", None])
def test_nobody_else_changes_a_profile(cast: Cast, who: str | None) -> None:
    with pytest.raises(NotPermitted):
        operations.change_profile(
            by=cast.actor(getattr(cast, who) if who else None),
            at=AT,
            institution_id=cast.lakeside.pk,
            profile=institutions.profile("Taken over"),
        )


def test_a_program_with_a_token_manages_nothing(cast: Cast) -> None:
    program = Actor(person_id=cast.ada.pk, roles=cast.actor(cast.ada).roles, kind="api")
    for verb in (
        lambda: operations.change_profile(
            by=program, at=AT, institution_id=cast.lakeside.pk, profile=institutions.profile("x")
        ),
        lambda: operations.rotate_key(by=program, at=AT, institution_id=cast.lakeside.pk),
        lambda: operations.invite(
            by=program, at=AT, institution_id=cast.lakeside.pk, email="x@example.org", role="author"
        ),
    ):
        with pytest.raises(NotPermitted):
            verb()


def test_what_credentials_say_of_an_institution(db: None) -> None:
    institution = institutions.institution(
        "lakeside",
        website="https://lakeside.example",
        email="mc@lakeside.example",
        identifiers={"ror": "05a28rw58", "schac": "lakeside.example", "eter": ""},
        accreditation_status="curriculum",
        accrediting_body="FINEEC",
        accredited_until=dt.date(2030, 1, 1),
    )
    organisation = queries.organisation(institution)
    assert organisation.id == institution.did
    assert organisation.identifiers == (
        Identifier(scheme="ror", value="https://ror.org/05a28rw58"),
        Identifier(scheme="schac", value="lakeside.example"),
    )
    (quality,) = organisation.quality_assurance
    assert (quality.kind, quality.agency.best("en"), quality.valid_until) == (
        "programme",
        "FINEEC",
        dt.date(2030, 1, 1),
    )
    assert quality.title["en"] == "Its study programmes are accredited"


def test_what_is_not_stated_is_not_said(cast: Cast) -> None:
    assert queries.organisation(cast.lakeside).quality_assurance == ()
    cast.lakeside.accreditation_status = "none"
    (quality,) = queries.organisation(cast.lakeside).quality_assurance
    assert (quality.kind, quality.title.best("en")) == ("none", "Not accredited")


def test_institutions_are_found_by_words_and_country(cast: Cast) -> None:
    assert list(queries.search("lake univ")) == [cast.lakeside]
    assert list(queries.search("", country="AT")) == [cast.hillside]
    assert list(queries.search("lake", country="AT")) == []
    assert list(queries.search("%")) == []
    institutions.institution("jyu", "Jyväskylä University", region="Keski-Suomi")
    assert [found.slug for found in queries.search("jyväskylä suomi")] == ["jyu"]


def test_a_name_in_the_readers_language(cast: Cast) -> None:
    cast.lakeside.name = LangText({"en": "Lakeside", "de": "Seeufer"})
    with override("de"):
        assert str(cast.lakeside) == "Seeufer"
    with override("es"):
        assert str(cast.lakeside) == "Lakeside"
