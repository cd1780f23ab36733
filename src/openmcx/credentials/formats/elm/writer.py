"""Writing a specification in the European Learning Model.

Source: European Learning Model 3, application profiles EDC and LOQ (rdf/ap), context ``edc-ap``.
"""

import itertools
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.elm import names
from openmcx.credentials.formats.open_badges.values import decimal_text, hours
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Concept,
    LangText,
    LearningOutcome,
    Organisation,
    QualityAssurance,
    RelationKind,
    Skill,
)

Node = dict[str, Any]


def losses(achievement: Achievement) -> list[Finding]:
    """This will name what a specification holds and ELM has no place for."""
    lost = [
        name
        for name in ("version", "stackable", "cost_students", "cost_lifelong", "validity_months", "image_url")
        if getattr(achievement, name) not in (None, "")
    ]
    lost += ["relations" for relation in achievement.relations if relation.kind is not RelationKind.PART_OF][:1]
    lost += ["weight_percent" for part in achievement.assessments if part.weight_percent is not None][:1]
    lost += ["descriptor" for outcome in achievement.outcomes if outcome.descriptor][:1]
    return [Finding("elm-not-taken-over", {"member": name}, f"/{name}") for name in lost]


def write_specification(achievement: Achievement) -> dict[str, Any]:
    """This will write a specification as ELM JSON-LD with the context ``edc-ap``; see `losses` for what it cannot hold.

    Raises: FormatError when it has no id or no title.
    """
    if not achievement.id or not achievement.title:
        raise FormatError("format-cannot-write", reason="specification-incomplete")
    return Writer(achievement).specification()


class Writer:
    """Writes one specification. ELM wants an id for every node; nodes without one are numbered by their kind."""

    def __init__(self, achievement: Achievement) -> None:
        self._achievement = achievement
        self._numbers: dict[str, Iterator[int]] = {}

    def _local_id(self, kind: str) -> str:
        number = next(self._numbers.setdefault(kind, itertools.count(1)))
        return f"{names.LOCAL_ID}{kind[0].lower()}{kind[1:]}:{number}"

    def _node(self, kind: str, members: Node, id_: str = "") -> Node:
        id_ = id_ or self._local_id(kind)
        kept = {name: value for name, value in members.items() if value not in (None, "", [], {})}
        return {"id": id_, "type": kind, **kept}

    def specification(self) -> Node:
        node = self._node("LearningAchievementSpecification", self._members(), self._achievement.id)
        if self._is_levelled():
            # Levels and accreditation are properties of its subclass.
            node["type"] = ["LearningAchievementSpecification", "Qualification"]
        return {"@context": list(names.CONTEXTS), **node}

    def _is_levelled(self) -> bool:
        a = self._achievement
        return a.eqf_level is not None or bool(a.nqf_levels or a.quality_assurance)

    def _members(self) -> Node:
        a = self._achievement
        return {
            "title": a.title.as_dict(),
            "description": a.description.as_dict(),
            "identifier": [
                self._node("Identifier", {"schemeName": entry.scheme, "notation": entry.value})
                for entry in a.identifiers
            ],
            "homepage": self._web(a.homepage),
            "thematicArea": [self._concept(field) for field in a.fields_of_study],
            "eqfLevel": self._term("eqf", vocabularies.eqf_iri(a.eqf_level)) if a.eqf_level else None,
            "nqfLevel": [self._concept(level) for level in a.nqf_levels],
            "educationLevel": self._levels(),
            "creditPoint": self._credits(),
            "volumeOfLearning": _duration(a),
            "learningSetting": self._known(
                a.learning_type, vocabularies.LEARNING_TYPE, names.LEARNING_TYPE, "learning-setting"
            ),
            "mode": self._known(a.participation, vocabularies.PARTICIPATION, "", "mode"),
            "language": [self._language(tag) for tag in a.languages],
            "targetGroup": [_iri(f"{names.TARGET_GROUP}{group}", {"en": group.value}) for group in a.target_groups],
            "entryRequirement": self._note(a.prerequisites),
            "learningOutcome": [self._outcome(outcome) for outcome in a.outcomes],
            "learningOutcomeSummary": self._note(a.competences),
            "provenBy": [self._assessment(part) for part in a.assessments],
            "idVerification": self._known(a.supervision, vocabularies.SUPERVISION, names.SUPERVISION, "supervision"),
            "gradingScheme": self._grading(a.grading_scheme),
            "accreditation": [self._accreditation(entry) for entry in a.quality_assurance],
            "influencedBy": self._activity(),
            "isPartOf": self._larger_units(),
            "additionalNote": [
                self._note(getattr(a, name), topic) for topic, name in names.NOTES.items() if getattr(a, name)
            ],
            "awardingOpportunity": self._awarding(),
        }

    def _term(self, vocabulary: vocabularies.Vocabulary, iri: str) -> Node:
        """This will write a term of a vocabulary with the label and the scheme that it has there."""
        return self._concept(vocabularies.concept(vocabulary, iri) or Concept(iri=iri))

    def _concept(self, term: Concept) -> Node:
        return _concept(term)

    def _known(self, value: StrEnum | None, iris: Any, prefix: str, vocabulary: vocabularies.Vocabulary) -> Node | None:
        if value is None:
            return None
        return self._term(vocabulary, iris[value]) if value in iris else _iri(f"{prefix}{value}", {"en": value.value})

    def _language(self, tag: str) -> Node:
        iri = vocabularies.language_iri(tag)
        return self._term("language", iri) if iri else _iri(f"urn:ietf:bcp:47:{tag}")

    def _levels(self) -> list[Node]:
        a = self._achievement
        levels = [_iri(f"{names.CYCLE}{a.cycle}", {"en": f"QF-EHEA {a.cycle} cycle"})] if a.cycle else []
        if a.isced_level is not None:
            levels.append(_iri(f"{names.ISCED_LEVEL}{a.isced_level}", {"en": f"ISCED 2011 level {a.isced_level}"}))
        return levels

    def _credits(self) -> Node | None:
        points = self._achievement.workload_ects
        if points is None:
            return None
        return self._node(
            "CreditPoint", {"framework": self._term("credit", vocabularies.ECTS), "point": decimal_text(points)}
        )

    def _awarding(self) -> Node | None:
        body = self._achievement.awarding_body
        if body == Organisation(id="", name=LangText()):
            return None
        return self._node("AwardingOpportunity", {"awardingBody": self._organisation(body)})

    def _activity(self) -> Node | None:
        contact = self._achievement.contact_hours
        if contact is None:
            return None
        return self._node("LearningActivitySpecification", {"contactHour": decimal_text(contact)})

    def _larger_units(self) -> list[Node]:
        return [
            self._node("LearningAchievementSpecification", {"title": relation.title.as_dict()}, relation.iri)
            for relation in self._achievement.relations
            if relation.kind is RelationKind.PART_OF
        ]

    def _outcome(self, outcome: LearningOutcome) -> Node:
        leading = list(itertools.takewhile(lambda skill: skill.framework == "ESCO", outcome.skills))
        return self._node(
            "LearningOutcome",
            {
                "title": outcome.text.as_dict(),
                "relatedESCOSkill": [self._skill(skill) for skill in leading],
                "relatedSkill": [self._skill(skill) for skill in outcome.skills[len(leading) :]],
            },
        )

    def _skill(self, skill: Skill) -> Node:
        members: Node = {"prefLabel": skill.label.as_dict(), "notation": skill.code}
        if skill.framework:
            members["inScheme"] = {"id": names.framework_iri(skill.framework), "type": "ConceptScheme"}
        return self._node("Concept", members, skill.iri)

    def _assessment(self, part: Assessment) -> Node:
        return self._node(
            "LearningAssessmentSpecification",
            {
                "title": self._assessment_title(part.title, part.kind).as_dict(),
                "dcType": self._concept(part.kind) if part.kind.iri or part.kind.label else None,
                "description": part.description.as_dict(),
                "gradingScheme": self._grading(part.criteria),
                "additionalNote": self._note(part.requirements),
            },
        )

    def _assessment_title(self, title: LangText, kind: Concept) -> LangText:
        return title

    def _grading(self, text: LangText) -> Node | None:
        return self._node("GradingScheme", {"description": text.as_dict()}) if text else None

    def _accreditation(self, entry: QualityAssurance) -> Node:
        kind = next((iri for iri, name in names.ASSURANCE_KINDS.items() if name == entry.kind), "")
        if entry.kind and not kind:
            kind = f"{names.ASSURANCE_KIND}{entry.kind}"
        agent = self._node("Organisation", {"legalName": entry.agency.as_dict()}) if entry.agency else None
        return self._node(
            "Accreditation",
            {
                "title": entry.title.as_dict(),
                "dcType": self._term("accreditation", kind) if kind else None,
                "accreditingAgent": agent,
                "report": self._web(entry.evidence_url),
                "dateIssued": f"{entry.valid_from.isoformat()}T00:00:00Z" if entry.valid_from else None,
                "expiryDate": f"{entry.valid_until.isoformat()}T00:00:00Z" if entry.valid_until else None,
            },
        )

    def _organisation(self, body: Organisation) -> Node:
        return self._node("Organisation", self._organisation_members(body), body.id)

    def _organisation_members(self, body: Organisation) -> Node:
        country = vocabularies.country_iri(body.country) if body.country else None
        address = {
            "countryCode": self._term("country", country) if country else None,
            "fullAddress": self._note(LangText(body.address)) if body.address else None,
        }
        location: Node = {"geographicName": {"und": body.region} if body.region else None}
        if any(address.values()):
            location["address"] = self._node("Address", address)
        email = {"id": f"mailto:{body.email}", "type": "Mailbox"} if body.email else None
        return {
            "legalName": body.name.as_dict(),
            "location": self._node("Location", location) if any(location.values()) else None,
            "homepage": self._web(body.url),
            "contactPoint": self._node("ContactPoint", {"emailAddress": email}) if email else None,
            "logo": self._node("MediaObject", {"contentURL": body.image_url}) if body.image_url else None,
            "identifier": [
                self._node("Identifier", {"schemeName": entry.scheme, "notation": entry.value})
                for entry in body.identifiers
            ],
            "accreditation": [self._accreditation(entry) for entry in body.quality_assurance],
        }

    def _note(self, text: LangText, topic: str = "") -> Node | None:
        if not text:
            return None
        members: Node = {"noteLiteral": text.as_dict()}
        if topic:
            members["subject"] = _iri(f"{names.TOPIC}{topic}")
        return self._node("Note", members)

    def _web(self, url: str) -> Node | None:
        return self._node("WebResource", {"contentURL": url}) if url else None


def _iri(iri: str, label: dict[str, str] | None = None) -> Node:
    node: Node = {"id": iri, "type": "Concept"}
    if label:
        node["prefLabel"] = label
    return node


def _concept(term: Concept) -> Node:
    node: Node = {}
    if term.iri:
        node["id"] = term.iri
    node["type"] = "Concept"
    if term.scheme:
        node["inScheme"] = {"id": term.scheme, "type": "ConceptScheme"}
    if term.label:
        node["prefLabel"] = term.label.as_dict()
    return node


def _duration(achievement: Achievement) -> str | None:
    written = hours(achievement.workload_hours)
    return str(written["@value"]) if written else None
