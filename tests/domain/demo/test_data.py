"""The demonstration's data are what they claim: content in two languages, sums that sum, links that exist."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from openmcx.credentials.class_list import read_class_list
from openmcx.credentials.formats import elm, specification
from openmcx.credentials.model import Achievement, LangText
from openmcx.demo import mapping, operations, queries
from openmcx.institutions import rules
from openmcx.portal.mapping import to_html
from openmcx.portal.models import LegalKind

INSTITUTIONS = {one["slug"]: one for one in queries.data("institutions")}
NAMES = [name for name in operations.specification_names() if "." not in name]
SAMPLE_DIGEST = "2802fcd773fa3f4a2f5edf1d6ed81f763d7f22860ca9ec5beb3527e4be6c2905"
DESCRIPTORS = {"knowledge", "application", "judgement", "communication", "learning"}


def achievement(name: str) -> Achievement:
    return specification.read(queries.data(f"specifications/{name}"))


def own_texts(one: Achievement) -> list[LangText]:
    """What the institution wrote itself; labels of vocabularies exist in the languages the vocabulary has."""
    return [
        *(getattr(one, name) for name in one.__dataclass_fields__ if isinstance(getattr(one, name), LangText)),
        *(outcome.text for outcome in one.outcomes),
        *(part.title for part in one.assessments),
        *(part.description for part in one.assessments),
    ]


def test_there_are_five_universities_and_twelve_micro_credentials() -> None:
    assert sorted(one["country"] for one in INSTITUTIONS.values()) == ["AT", "DE", "ES", "FI", "IE"]
    assert len(NAMES) == 12
    assert {achievement(name).awarding_body.id.rpartition(":")[2] for name in NAMES} == set(INSTITUTIONS)


@pytest.mark.parametrize("name", NAMES)
def test_micro_credential_is_complete(name: str) -> None:
    one = achievement(name)
    assert specification.completeness(one) == []
    assert (one.eqf_level, one.cycle, one.isced_level) == (6, "first", 6)
    assert one.workload_ects is not None
    assert one.workload_hours is not None
    assert one.contact_hours is not None
    assert Decimal(2) <= one.workload_ects <= Decimal(5)
    assert 25 <= one.workload_hours / one.workload_ects <= 30
    assert one.contact_hours < one.workload_hours
    assert 4 <= len(one.outcomes) <= 8
    assert {outcome.descriptor for outcome in one.outcomes} <= DESCRIPTORS
    assert all(outcome.skills for outcome in one.outcomes)
    assert sum(part.weight_percent or 0 for part in one.assessments) == 100
    assert one.supervision
    assert one.participation
    assert one.quality_assurance
    assert one.relations
    assert one.cost_students
    assert one.cost_lifelong
    assert set(one.target_groups) == {"academic", "lifelong"}


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_a_micro_credential_is_in_its_two_languages(name: str) -> None:
    one = achievement(name)
    assert len(one.languages) == 2
    wanted = set(one.languages)
    incomplete = [text for text in own_texts(one) if set(text) != wanted and text]
    assert incomplete == []
    empty = [n for n in one.__dataclass_fields__ if isinstance(getattr(one, n), LangText) and not getattr(one, n)]
    assert empty == []


@pytest.mark.parametrize("name", NAMES)
def test_relations_point_to_other_micro_credentials_of_the_demonstration(name: str) -> None:
    for relation in achievement(name).relations:
        target = relation.iri.removeprefix("https://node.example/catalogue/").strip("/")
        assert target in NAMES
        assert target != name
        assert relation.title == achievement(target).title


@pytest.mark.shared
def test_every_skill_is_an_esco_skill_with_its_label(data_from_outside: Path) -> None:
    archive = data_from_outside / "esco" / "v1.1.1_official" / "ESCO_dataset_v1.1.1_classification_en_csv.zip"
    with zipfile.ZipFile(archive) as files, files.open("skills_en.csv") as body:
        labels = {
            row["conceptUri"]: row["preferredLabel"].strip()
            for row in csv.DictReader(io.TextIOWrapper(body, encoding="utf-8", newline=""))
        }
    skills = {
        skill for name in operations.specification_names() for o in achievement(name).outcomes for skill in o.skills
    }
    assert {skill.iri: skill.label["en"] for skill in skills} == {skill.iri: labels.get(skill.iri) for skill in skills}


def test_the_second_version_differs_in_what_the_demonstration_changes() -> None:
    first, second = achievement(operations.REVISED), achievement(f"{operations.REVISED}.v2")
    differing = {n for n in first.__dataclass_fields__ if getattr(first, n) != getattr(second, n)}
    assert differing == {"description", "outcomes", "contact_hours", "version"}


def test_the_draft_lacks_mandatory_elements() -> None:
    assert specification.completeness(achievement(f"{operations.DRAFT}.draft"))


@pytest.mark.parametrize("slug", INSTITUTIONS)
def test_institutions_are_plainly_fictional_but_well_formed(slug: str) -> None:
    one = INSTITUTIONS[slug]
    rules.check_slug(slug)
    for scheme, value in one["identifiers"].items():
        assert rules.normal_identifier(scheme, value) == value
    assert one["website"].endswith(".example/")
    assert one["email"].endswith(".example")
    assert {person["role"] for person in one["staff"]} == {"registrar", "author", "institution-admin"}
    assert len(one["name"]) == 2


def test_learners_have_names_from_many_places_and_one_address_each() -> None:
    learners = queries.data("learners")
    assert len(learners) == 133
    assert len({one["email"] for one in learners}) == 133
    assert all(re.fullmatch(r"[a-z.]+@learners\.example", one["email"]) for one in learners)
    assert any(one["given_name"] == one["family_name"] for one in learners)  # a single name stands in both columns
    assert sum(not (one["given_name"] + one["family_name"]).isascii() for one in learners) > 60
    assert all(1970 < dt.date.fromisoformat(one["date_of_birth"]).year < 2006 for one in learners)


def test_runs_name_each_learner_once_per_micro_credential() -> None:
    seen: set[tuple[str, int]] = set()
    total = 0
    for run in queries.data("runs"):
        pairs = {(run["specification"], place) for place in run["learners"]}
        assert run["specification"] in NAMES
        assert len(pairs) == len(run["learners"])
        assert not pairs & seen
        seen |= pairs
        total += len(pairs)
    assert total == 330


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_class_list_to_try_has_thirty_learners_and_three_faults(kind: str) -> None:
    rows = mapping.class_list(queries.data("class_list"), awarded_on=dt.date(2026, 5, 4))
    body = mapping.as_csv(rows) if kind == "csv" else mapping.as_xlsx(rows)
    found = read_class_list(body, f"class-list.{kind}", today=dt.date(2026, 5, 5))
    assert len(found.rows) == 30
    assert [(fault.row, fault.column, fault.code) for fault in found.faults] == [
        (8, "D (Date of birth)", "date-impossible"),
        (15, "C (E-mail)", "email-invalid"),
        (26, "D (Date of birth)", "date-two-digit-year"),
    ]


def test_mending_the_three_faults_leaves_thirty_learners() -> None:
    rows = mapping.class_list(queries.data("class_list"), awarded_on=dt.date(2026, 5, 4))
    right = queries.data("class_list")
    rows[mapping.IMPOSSIBLE_DATE][3] = right[mapping.IMPOSSIBLE_DATE]["date_of_birth"]
    rows[mapping.MALFORMED_EMAIL][2] = right[mapping.MALFORMED_EMAIL]["email"]
    rows[mapping.SHORT_YEAR][3] = right[mapping.SHORT_YEAR]["date_of_birth"]
    found = read_class_list(mapping.as_csv(rows), "class-list.csv", today=dt.date(2026, 5, 5))
    assert (len(found.rows), found.faults) == (30, ())


def test_the_sample_to_import_is_the_commission_s_and_lacks_one_element() -> None:
    sample = queries.sample()
    assert hashlib.sha256(sample).hexdigest() == SAMPLE_DIGEST
    one, _notes = elm.read_specification(json.loads(sample))
    assert [finding.code for finding in specification.completeness(one)] == ["missing-quality-assurance"]


def test_the_class_list_to_try_names_nobody_who_holds_a_credential() -> None:
    known = {one["email"] for one in queries.data("learners")}
    assert not known & {one["email"] for one in queries.data("class_list")}


# --- what the network says about itself -------------------------------------------------------------------------------


def test_every_legal_text_is_there_in_every_language_of_the_pages() -> None:
    languages = [code for code, _name in settings.LANGUAGES]
    assert {kind: sorted(texts) for kind, texts in queries.data("legal_texts").items()} == {
        kind.value: sorted(languages) for kind in LegalKind
    }


@pytest.mark.parametrize("kind", LegalKind.values)
def test_a_legal_text_has_the_same_parts_and_links_in_every_language(kind: str) -> None:
    def frame(text: str) -> list[str]:
        html = to_html(text)
        return re.findall(r"<(?:h\d|li|p|strong|ol|ul)\b|href=\"[^\"]*\"", html)

    texts = queries.data("legal_texts")[kind]
    assert {language: frame(text) for language, text in texts.items()} == dict.fromkeys(texts, frame(texts["en"]))
    # What a reader must be able to do or know stands in figures: they are the same, whatever is around them.
    figures = {language: sorted(re.findall(r"\d+", text)) for language, text in texts.items()}
    assert figures == dict.fromkeys(texts, figures["en"])
    assert len(set(texts.values())) == len(texts)
