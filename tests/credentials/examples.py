"""A credential with everything in it, strategies for any other, and keys to sign with."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from openmcx.credentials.formats import vocabularies
from openmcx.credentials.keys import Ed25519Signer, did_key
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Concept,
    Credential,
    Cycle,
    Identifier,
    LangText,
    Learner,
    LearningOutcome,
    LearningType,
    Money,
    Organisation,
    Participation,
    QualityAssurance,
    Relation,
    RelationKind,
    Result,
    Skill,
    StatusEntry,
    Supervision,
    TargetGroup,
)

SECRET = bytes(range(32))
PUBLIC = Ed25519Signer(SECRET, "").public_key
DID = did_key.did_key(PUBLIC)
SIGNER = Ed25519Signer(SECRET, did_key.verification_method(PUBLIC))
OTHER_SECRET = bytes(range(1, 33))
OTHER_PUBLIC = Ed25519Signer(OTHER_SECRET, "").public_key
OTHER_SIGNER = Ed25519Signer(OTHER_SECRET, did_key.verification_method(OTHER_PUBLIC))
SIGNED_AT = dt.datetime(2026, 7, 1, 9, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)

ISSUER = Organisation(
    id=DID,
    name=LangText({"en": "Saimaa University", "fi": "Saimaan yliopisto"}),
    country="FI",
    region="South Karelia",
    address="Yliopistonkatu 1, Lappeenranta",
    url="https://saimaa.example/",
    email="registrar@saimaa.example",
    image_url="https://saimaa.example/logo.png",
    identifiers=(Identifier(scheme="schac", value="saimaa.example"),),
    quality_assurance=(
        QualityAssurance(
            title=LangText({"en": "Audit of quality assurance"}),
            kind="institutional",
            agency=LangText({"en": "Finnish Education Evaluation Centre"}),
            evidence_url="https://agency.example/saimaa",
            valid_from=dt.date(2021, 3, 1),
            valid_until=dt.date(2027, 2, 28),
        ),
    ),
)

ACHIEVEMENT = Achievement(
    id="https://saimaa.example/catalogue/robotics/v2/",
    title=LangText({"en": "Collaborative robotics", "fi": "Yhteistyörobotiikka"}),
    awarding_body=ISSUER,
    description=LangText({"en": "Working beside robots safely.", "fi": "Turvallista työtä robottien rinnalla."}),
    criteria=LangText({"en": "Pass the project and the oral examination."}),
    version="2",
    outcomes=(
        LearningOutcome(
            text=LangText({"en": "Programs a collaborative robot", "fi": "Ohjelmoi yhteistyörobotin"}),
            descriptor="application",
            skills=(
                Skill(iri="http://data.europa.eu/esco/skill/0001", label=LangText({"en": "program robots"}), code="S1"),
                Skill(
                    iri="https://sfia.example/PROG",
                    label=LangText({"en": "Programming"}),
                    framework="SFIA",
                    code="PROG",
                ),
                Skill(iri="http://data.europa.eu/esco/skill/0002", label=LangText({"en": "assess risks"})),
            ),
        ),
        LearningOutcome(text=LangText({"en": "Assesses the risk of a work cell"}), descriptor="judgement"),
    ),
    workload_ects=Decimal("2.5"),
    workload_hours=Decimal("67.5"),
    contact_hours=Decimal(12),
    eqf_level=6,
    nqf_levels=(
        Concept(
            iri="http://data.europa.eu/snb/qdr/c_c392e7a2",
            label=LangText({"en": "RQF Level 6"}),
            scheme="http://data.europa.eu/snb/qdr/25831c2",
        ),
    ),
    cycle=Cycle.FIRST,
    isced_level=6,
    fields_of_study=(
        Concept(
            iri="http://data.europa.eu/snb/isced-f/0714",
            label=LangText({"en": "Electronics and automation"}),
            scheme="http://data.europa.eu/snb/isced-f/25831c2",
        ),
    ),
    assessments=(
        Assessment(
            kind=vocabularies.concepts("assessment")[8],
            title=LangText({"en": "Project in a work cell"}),
            description=LangText({"en": "In pairs."}),
            requirements=LangText({"en": "Safety training."}),
            criteria=LangText({"en": "Function, safety, documentation."}),
            weight_percent=Decimal(60),
        ),
        Assessment(kind=Concept(iri="", label=LangText({"en": "conversation"})), weight_percent=Decimal("40.0")),
    ),
    supervision=Supervision.SUPERVISED_UNVERIFIED,
    grading_scheme=LangText({"en": "1 (sufficient) to 5 (excellent)"}),
    participation=Participation.BLENDED,
    modality_note=LangText({"en": "Two days on site."}),
    learning_type=LearningType.INFORMAL,
    languages=("en", "fi", "de-AT"),
    quality_assurance=(QualityAssurance(title=LangText({"en": "Course approval"}), kind="course"),),
    prerequisites=LangText({"en": "Basic programming."}),
    target_groups=(TargetGroup.LIFELONG, TargetGroup.ACADEMIC),
    target_group_note=LangText({"en": "Technicians."}),
    admission=LangText({"en": "In order of application."}),
    stackable=True,
    stackability=LangText({"en": "Counts towards the degree in automation."}),
    relations=(
        Relation(
            kind=RelationKind.STACKS_INTO,
            title=LangText({"en": "BEng Automation"}),
            iri="https://saimaa.example/beng",
        ),
        Relation(kind=RelationKind.PART_OF, title=LangText({"en": "Industry 4.0"}), iri="https://saimaa.example/i40"),
    ),
    identifiers=(Identifier(scheme="course code_ä", value="CR-2"), Identifier(scheme="", value="77")),
    need=LangText({"en": "Few can set up cobots."}),
    need_evidence=LangText({"en": "Regional survey 2025."}),
    standards=LangText({"en": "ISO 10218"}),
    competences=LangText({"en": "Works safely with robots."}),
    further_information=LangText({"en": "See the page."}),
    monitoring=LangText({"en": "Reviewed each year."}),
    cost_students=Money(amount=Decimal(0), currency="EUR"),
    cost_lifelong=Money(amount=Decimal("249.90"), currency="EUR"),
    homepage="https://saimaa.example/robotics",
    image_url="https://saimaa.example/robotics.png",
    validity_months=24,
)

CREDENTIAL = Credential(
    id="urn:uuid:11111111-1111-4111-8111-111111111111",
    issuer=ISSUER,
    achievement=ACHIEVEMENT,
    learner=Learner(
        given_name="Leon",
        family_name="Läärner",
        date_of_birth=dt.date(2001, 2, 3),
        id="urn:uuid:21111111-1111-4111-8111-111111111111",
        email="leon@mail.example",
        identifiers=(Identifier(scheme="student number", value="0042"), Identifier(scheme="name", value="ll")),
    ),
    awarded_on=dt.date(2026, 6, 30),
    valid_from=dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
    valid_until=dt.datetime(2028, 7, 1, tzinfo=dt.UTC),
    result=Result(grade="4", scheme="1 to 5", percent=Decimal("88.5"), ects_grade="B"),
    status=(StatusEntry(list_url="https://saimaa.example/status/1", index=7777),),
    evidence_url="https://saimaa.example/evidence/1",
)

# --- any credential ---------------------------------------------------------------------------------------------------

_plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    str.strip
)
_text = _plain.map(str.strip)
_maybe_text = st.one_of(st.just(""), _text)
_iri = st.integers(0, 10**6).map(lambda number: f"https://things.example/{number}")
_maybe_iri = st.one_of(st.just(""), _iri)
_tags = st.sampled_from(["en", "de", "fi", "es", "pt-BR", "zh-Hant", "und", "sr-Latn-RS"])
lang_texts = st.dictionaries(_tags, _text, max_size=3).map(LangText)
_some_texts = st.dictionaries(_tags, _text, min_size=1, max_size=3).map(LangText)
_numbers = st.one_of(st.none(), st.decimals(0, 300, places=2), st.integers(0, 300).map(Decimal))
_dates = st.one_of(st.none(), st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
_moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


def _tuples[T](strategy: st.SearchStrategy[T], size: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=size).map(tuple)


def _maybe[T](strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.one_of(st.none(), strategy)


_concepts = st.builds(Concept, iri=_maybe_iri, label=lang_texts, scheme=_maybe_iri)
_identifiers = st.builds(Identifier, scheme=_maybe_text, value=_text)
_assurance = st.builds(
    QualityAssurance,
    title=lang_texts,
    kind=st.sampled_from(["", "institutional", "programme", "course", "professional", "none"]),
    agency=lang_texts,
    evidence_url=_maybe_iri,
    valid_from=_dates,
    valid_until=_dates,
)
organisations = st.builds(
    Organisation,
    id=_iri,
    name=lang_texts,
    country=st.sampled_from(["", "FI", "DE", "XK"]),
    region=_maybe_text,
    address=_maybe_text,
    url=_maybe_iri,
    email=st.sampled_from(["", "a@b.example"]),
    image_url=_maybe_iri,
    identifiers=_tuples(_identifiers),
    quality_assurance=_tuples(_assurance),
)
_skills = st.builds(
    Skill,
    iri=_maybe_iri,
    label=lang_texts,
    framework=st.sampled_from(["ESCO", "SFIA", "https://frameworks.example/x", ""]),
    code=_maybe_text,
)
_outcomes = st.builds(
    LearningOutcome,
    text=lang_texts,
    skills=_tuples(_skills, 4),
    descriptor=st.sampled_from(["", "knowledge", "application"]),
)
_assessments = st.builds(
    Assessment,
    kind=_concepts,
    title=lang_texts,
    description=lang_texts,
    requirements=lang_texts,
    criteria=lang_texts,
    weight_percent=_numbers,
)
_money = st.builds(Money, amount=st.decimals(0, 9999, places=2), currency=st.sampled_from(["EUR", "CHF", "points"]))
achievements = st.builds(
    Achievement,
    id=_iri,
    title=_some_texts,
    awarding_body=organisations,
    outcomes=_tuples(_outcomes, 3),
    version=_maybe_text,
    workload_ects=_numbers,
    workload_hours=_numbers,
    contact_hours=_numbers,
    eqf_level=_maybe(st.integers(1, 8)),
    nqf_levels=_tuples(_concepts),
    cycle=_maybe(st.sampled_from(Cycle)),
    isced_level=_maybe(st.integers(0, 9)),
    fields_of_study=_tuples(_concepts),
    assessments=_tuples(_assessments),
    supervision=_maybe(st.sampled_from(Supervision)),
    participation=_maybe(st.sampled_from(Participation)),
    learning_type=_maybe(st.sampled_from(LearningType)),
    languages=_tuples(st.sampled_from(["en", "fi", "de-AT", "gsw", "zh-Hant"]), 3),
    quality_assurance=_tuples(_assurance),
    target_groups=_tuples(st.sampled_from(TargetGroup)),
    stackable=_maybe(st.booleans()),
    relations=_tuples(
        st.builds(Relation, kind=st.sampled_from(RelationKind), title=lang_texts, iri=_maybe_text | _iri)
    ),
    identifiers=_tuples(_identifiers),
    cost_students=_maybe(_money),
    cost_lifelong=_maybe(_money),
    homepage=_maybe_iri,
    image_url=_maybe_iri,
    validity_months=_maybe(st.integers(1, 999)),
    **dict.fromkeys(
        [
            *("description", "criteria", "grading_scheme", "modality_note", "prerequisites", "target_group_note"),
            *("admission", "stackability", "need", "need_evidence", "standards", "competences"),
            *("further_information", "monitoring"),
        ],
        lang_texts,
    ),
).filter(lambda one: one.id != one.awarding_body.id)  # one id for two things is refused
_results = st.builds(
    Result, grade=_text, scheme=_maybe_text, percent=_numbers, ects_grade=st.sampled_from(["", "A", "E"])
)
credentials = st.builds(
    Credential,
    id=st.uuids().map(lambda value: f"urn:uuid:{value}"),
    issuer=organisations.map(lambda body: ISSUER if body.url else Organisation(id=DID, name=body.name)),
    achievement=achievements,
    learner=st.builds(
        Learner,
        given_name=_text,
        family_name=_maybe_text,
        date_of_birth=_dates,
        id=st.sampled_from(["", "urn:uuid:21111111-1111-4111-8111-111111111111", "did:example:leon"]),
        email=st.sampled_from(["", "a@b.example"]),
        identifiers=_tuples(_identifiers),
    ),
    awarded_on=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    valid_from=_moments,
    valid_until=st.one_of(st.none(), st.just(dt.datetime(2095, 1, 1, tzinfo=dt.UTC))),
    result=_maybe(_results),
    status=_tuples(
        st.builds(
            StatusEntry,
            list_url=_iri,
            index=st.integers(0, 131071),
            purpose=st.sampled_from(["revocation", "suspension"]),
        )
    ),
    evidence_url=_maybe_iri,
)
