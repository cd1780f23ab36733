"""Reading what a specification says of the learning: outcomes, workload, level, assessment, form, languages.

Source: European Learning Model 3, application profiles EDC and LOQ (rdf/ap), context ``edc-ap``.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.elm import names
from openmcx.credentials.formats.elm.nodes import (
    Document,
    Node,
    Path,
    first_text,
    id_of,
    label,
    lasting_id,
    read_concept,
    texts,
)
from openmcx.credentials.formats.open_badges.values import read_decimal, read_hours
from openmcx.credentials.model import (
    Assessment,
    Concept,
    LangText,
    LearningOutcome,
    Participation,
    Skill,
    Supervision,
    TargetGroup,
)


class Elements(Document):
    """Reads the elements of a specification one by one."""

    def _outcome(self, node: Node, path: Path) -> LearningOutcome:
        self._rest(node, path, "title", "relatedESCOSkill", "relatedSkill", "additionalNote")
        skills = [
            self._skill(skill, member == "relatedESCOSkill")
            for member in ("relatedESCOSkill", "relatedSkill")
            for skill in self._all(node, member)
        ]
        return LearningOutcome(text=texts(node.get("title")), skills=tuple(skills))

    def _skill(self, node: Node, esco: bool) -> Skill:
        framework = names.framework_name(id_of(self._one(node, "inScheme", ())))
        notation = node.get("notation")
        # The Commission's own files write "Skill" as the notation of every ESCO skill; that is no code.
        code = notation if isinstance(notation, str) and notation.lower() != "skill" else ""
        return Skill(
            iri=lasting_id(node),
            label=texts(node.get("prefLabel")),
            framework="ESCO" if esco else framework,
            code=code,
        )

    def _ects(self, spec: Node, path: Path) -> Decimal | None:
        found = None
        for credit in self._all(spec, "creditPoint"):
            framework = id_of(self._one(credit, "framework", path))
            points = read_decimal(credit.get("point"))
            if framework not in ("", vocabularies.ECTS) or points is None:
                self._note_value((*path, "creditPoint"), "creditPoint", credit.get("point"))
            elif found is None:
                found = points
        return found

    def _workload(
        self, spec: Node, claim: Node, described: list[Node], activities: list[Node], path: Path
    ) -> Decimal | None:
        for node, member in [
            (spec, "volumeOfLearning"),
            (claim, "workload"),
            *((activity, "workload") for activity in activities),
            *((activity, "volumeOfLearning") for activity in described),
        ]:
            if member in node:
                hours = read_hours(node[member])
                if hours is not None:
                    return hours
                self._note_value((*path, member), member, node[member])
        return None

    def _isced_level(self, spec: Node) -> int | None:
        found = None
        for level in self._all(spec, "educationLevel"):
            iri = id_of(level)
            if iri.startswith(names.ISCED_LEVEL) and iri[len(names.ISCED_LEVEL) :] in tuple("0123456789"):
                found = int(iri[-1])
        return found

    def _levels(self, spec: Node) -> list[Node]:
        """This will give the levels of national frameworks; those outside Europe's register are levels of education."""
        others = [
            level
            for level in self._all(spec, "educationLevel")
            if not id_of(level).startswith((names.ISCED_LEVEL, names.CYCLE))
        ]
        return [*self._all(spec, "nqfLevel"), *others]

    def _assessment(self, node: Node, path: Path) -> Assessment:
        spec = self._one(node, "specifiedBy", path) or node
        if spec is not node:
            self._rest(node, path, "title", "description", "specifiedBy", "idVerification", "grade", "awardedBy")
            if "grade" in node:
                self._note("elm-personal-data", (*path, "grade"), member="grade")
        self._rest(
            spec,
            (*path, "specifiedBy") if spec is not node else path,
            *("title", "description", "dcType", "gradingScheme", "additionalNote", "idVerification", "language"),
        )
        kinds = self._all(spec, "dcType")
        return Assessment(
            kind=known_kind(read_concept(kinds[0])) if kinds else Concept(iri=""),
            title=texts(spec.get("title")) or texts(node.get("title")),
            description=texts(spec.get("description")) or texts(node.get("description")),
            requirements=first_text("noteLiteral", *self._all(spec, "additionalNote")),
            criteria=_scheme_text(self._all(spec, "gradingScheme")),
        )

    def _supervision(self, spec: Node, parts: list[Node], path: Path) -> Supervision | None:
        for node in (spec, *parts):
            if "idVerification" in node:
                return self._known(
                    Supervision, node, "idVerification", vocabularies.SUPERVISION, names.SUPERVISION, path
                )
        return None

    def _grading_scheme(self, spec: Node, parts: list[Node]) -> LangText:
        # The scheme of a single assessment is that of the whole; those of several stay with each.
        schemes = self._all(spec, "gradingScheme")
        if not schemes and len(parts) == 1:
            return LangText()
        return _scheme_text(schemes)

    def _mode(self, sources: list[Node], path: Path) -> tuple[Participation | None, LangText]:
        iris = {iri: value for value, iri in vocabularies.PARTICIPATION.items()}
        found, note = None, LangText()
        for source in sources:
            for mode in self._all(source, "mode"):
                value = iris.get(id_of(mode))
                if value is None and not note:
                    note = texts(mode.get("prefLabel"))
                if found is None:
                    found = value
                elif value not in (found, None):
                    self._note_value((*path, "mode"), "mode", label(mode))
        return found, note

    def _target_groups(self, spec: Node, path: Path) -> tuple[tuple[TargetGroup, ...], LangText]:
        groups, note = [], LangText()
        for group in self._all(spec, "targetGroup"):
            name = id_of(group).removeprefix(names.TARGET_GROUP)
            if name in TargetGroup:
                groups.append(TargetGroup(name))
            elif not note:
                note = texts(group.get("prefLabel"))
            else:
                self._note_value((*path, "targetGroup"), "targetGroup", label(group))
        return tuple(groups), note

    def _languages(self, sources: list[Node], path: Path) -> tuple[str, ...]:
        for source in sources:
            tags = []
            for language in self._all(source, "language"):
                iri = id_of(language)
                tag = vocabularies.language_tag(iri) or iri.partition("urn:ietf:bcp:47:")[2]
                if tag:
                    tags.append(tag)
                else:
                    self._note_value((*path, "language"), "language", label(language) or iri)
            if tags:
                return tuple(tags)
        return ()

    def _known[T: StrEnum](
        self, kind: type[T], node: Node, member: str, iris: Mapping[T, str], prefix: str, path: Path
    ) -> T | None:
        for entry in self._all(node, member):
            iri = id_of(entry)
            value = next((value for value, known in iris.items() if known == iri), None)
            if value is None and iri.startswith(prefix) and iri[len(prefix) :] in kind:
                value = kind(iri[len(prefix) :])
            if value is not None:
                return value
            self._note_value((*path, member), member, label(entry) or iri)
        return None

    def _own[T: StrEnum](self, kind: type[T], entries: list[Node], prefix: str) -> T | None:
        for entry in entries:
            name = id_of(entry).removeprefix(prefix)
            if name in kind:
                return kind(name)
        return None

    def _notes(self, found: list[Node]) -> dict[str, Any]:
        notes: dict[str, Any] = {}
        for note in found:
            subject = id_of(self._one(note, "subject", ()))
            if subject.startswith(names.ASSURANCE_NOTE):  # read with the quality assurance
                continue
            topic = subject.removeprefix(names.TOPIC)
            name = names.NOTES.get(topic, "further_information")
            text = texts(note.get("noteLiteral"))
            if name in notes:
                self._note("elm-more-than-one", (), member="additionalNote")
            elif text:
                notes[name] = text
        return notes


def _scheme_text(schemes: list[Node]) -> LangText:
    return first_text("description", *schemes) or first_text("title", *schemes)


def known_kind(kind: Concept) -> Concept:
    """This will give the Europass assessment type of the same name, if there is one."""
    wanted = kind.label.best().casefold()
    named = (known for known in vocabularies.concepts("assessment") if known.label.best().casefold() == wanted)
    return vocabularies.concept("assessment", kind.iri) or next(named, kind)
