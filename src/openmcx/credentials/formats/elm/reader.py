"""Reading a specification from the European Learning Model, whichever way it comes.

It may be a specification on its own or the award of one: a credential, sealed or not, or wrapped for uploading. Of an
award the learner's own data are left out. What has no place here is named, so that a person can decide about it.

Source: European Learning Model 3, application profiles EDC and LOQ (rdf/ap), context ``edc-ap``.
"""

from collections.abc import Mapping
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import FormatError, pointer
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.elm import names
from openmcx.credentials.formats.elm.elements import Elements
from openmcx.credentials.formats.elm.nodes import (
    Node,
    Path,
    first_text,
    id_of,
    is_node,
    lasting_id,
    read_concept,
    texts,
    types,
)
from openmcx.credentials.formats.elm.organisations import Organisations
from openmcx.credentials.formats.open_badges.values import each, nodes, read_decimal
from openmcx.credentials.model import Achievement, Cycle, LangText, LearningType, Relation, RelationKind

_CLAIMS = frozenset({"LearningAchievement", "LearningActivity", "LearningAssessment", "LearningEntitlement"})


def read_specification(document: bytes | str | Mapping[str, Any]) -> tuple[Achievement, list[Finding]]:
    """This will read a specification and name what was not taken over.

    Raises: DocumentError when it is no JSON; FormatError when it holds no specification and no award of one.
    """
    return Reader(unwrap(document)).read()


def unwrap(document: bytes | str | Mapping[str, Any]) -> Node:
    """This will take what is meant out of a seal, which is not checked, or out of what is wrapped around for uploading.

    Raises: DocumentError when it is no JSON.
    """
    parsed = jsonld.load(document) if isinstance(document, bytes | str) else dict(document)
    if isinstance(parsed.get("payload"), str) and ("signatures" in parsed or "signature" in parsed):
        # The seal is not checked: an import takes over what is written, and a person looks at it.
        parsed = jsonld.load(parsed["payload"])
    if isinstance(parsed.get("credential"), dict):
        parsed = parsed["credential"]
    return parsed


class Reader(Elements, Organisations):
    """Reads one document; remembers which members were looked at."""

    # Members of a credential that a specification has no place for.
    left_out: tuple[str, ...] = ("credentialProfiles", "identifier", "evidence", "attachment", "displayParameter")
    # Members of the claim that are read besides those of the specification.
    read_besides: tuple[str, ...] = ()

    def read(self) -> tuple[Achievement, list[Finding]]:
        claim, specification, path = self._find()
        achievement = self._achievement(claim, specification, path)
        unique = {(finding.code, str(finding.params), finding.pointer): finding for finding in self._findings}
        return achievement, list(unique.values())

    # --- finding the specification ------------------------------------------------------------------------------------

    def _find(self) -> tuple[Node, Node, Path]:
        document = self._document
        subject = next(iter(nodes(document.get("credentialSubject"))), None)
        if subject is not None:
            return self._find_claim(subject)
        candidates: list[tuple[Node, Path]] = [(document, ())]
        candidates += [(node, ("@graph", i)) for i, node in enumerate(each(document.get("@graph"))) if is_node(node)]
        for member in ("learningAchievementSpecification", "specifiedBy"):
            candidates += [(node, (member,)) for node in nodes(document.get(member))]
        for node, path in candidates:
            if names.SPECIFICATION_TYPES & types(node):
                return {}, node, path
            if types(node) & _CLAIMS:
                return node, self._one(node, "specifiedBy", path), path
        raise FormatError("format-member-missing", member="LearningAchievementSpecification")

    def _find_claim(self, subject: Node) -> tuple[Node, Node, Path]:
        path: Path = ("credentialSubject", "hasClaim")
        self._note_learner(subject)
        claims = [self._whole(claim) for claim in nodes(subject.get("hasClaim"))]
        if not claims:
            raise FormatError("format-member-missing", member="hasClaim", where="/credentialSubject/hasClaim")
        # What was achieved says more than what was done for it.
        claim = next((entry for entry in claims if "LearningAchievement" in types(entry)), claims[0])
        if len(claims) > 1:
            self._note("elm-more-than-one", path, member="hasClaim")
        for member in self.left_out:
            if member in self._document:
                self._note("elm-not-taken-over", (member,), member=member)
        return claim, self._one(claim, "specifiedBy", path), path

    def _note_learner(self, subject: Node) -> None:
        for member in subject:
            if member not in ("hasClaim", "id", "type"):
                self._note("elm-personal-data", ("credentialSubject", member), member=member)

    # --- the specification --------------------------------------------------------------------------------------------

    def _achievement(self, claim: Node, spec: Node, path: Path) -> Achievement:
        inner: Path = (*path, "specifiedBy") if claim else path
        activities = [*self._all(claim, "influencedBy"), *self._all(spec, "influencedBy")]
        if "LearningActivity" in types(claim):
            activities.insert(0, claim)
        described = [self._one(activity, "specifiedBy", path) or activity for activity in activities]
        parts = [
            part
            for part in (*self._all(claim, "provenBy"), *self._all(spec, "provenBy"))
            if id_of(self._one(part, "dcType", ())) != names.WHOLE_ASSESSMENT  # that is the result, no part of it
        ]
        notes = self._notes([*self._all(spec, "additionalNote"), *self._all(claim, "additionalNote")])
        title = texts(spec.get("title")) or texts(claim.get("title"))
        if not title:
            raise FormatError("format-member-missing", member="title", where=pointer((*inner, "title")))
        participation, mode_note = self._mode([spec, *described], inner)
        groups, group_note = self._target_groups(spec, inner)
        achievement = Achievement(
            id=lasting_id(spec) or lasting_id(claim),
            title=title,
            awarding_body=self._awarding_body(claim, spec, path),
            description=first_text("description", spec, claim, *activities, *described),
            outcomes=tuple(
                self._outcome(outcome, (*inner, "learningOutcome", i))
                for i, outcome in enumerate(self._all(spec, "learningOutcome"))
            ),
            workload_ects=self._ects(spec, inner),
            workload_hours=self._workload(spec, claim, described, activities, inner),
            contact_hours=next((found for node in described if (found := read_decimal(node.get("contactHour")))), None),
            eqf_level=vocabularies.eqf_level(id_of(self._one(spec, "eqfLevel", inner))),
            nqf_levels=tuple(read_concept(level) for level in self._levels(spec)),
            cycle=self._own(Cycle, self._all(spec, "educationLevel"), names.CYCLE),
            isced_level=self._isced_level(spec),
            fields_of_study=tuple(
                read_concept(field)
                for member in ("thematicArea", "educationSubject")
                for field in self._all(spec, member)
            ),
            assessments=tuple(self._assessment(part, (*path, "provenBy")) for part in parts),
            supervision=self._supervision(spec, parts, path),
            grading_scheme=self._grading_scheme(spec, parts),
            participation=participation,
            modality_note=notes.pop("modality_note", LangText()) or mode_note,
            learning_type=self._known(
                LearningType, spec, "learningSetting", vocabularies.LEARNING_TYPE, names.LEARNING_TYPE, inner
            ),
            languages=self._languages([spec, *described], inner),
            quality_assurance=self._assurance(spec),
            prerequisites=texts(self._one(spec, "entryRequirement", inner).get("noteLiteral")),
            competences=texts(self._one(spec, "learningOutcomeSummary", inner).get("noteLiteral")),
            target_groups=groups,
            target_group_note=notes.pop("target_group_note", LangText()) or group_note,
            relations=tuple(
                Relation(kind=RelationKind.PART_OF, title=texts(unit.get("title")), iri=lasting_id(unit))
                for unit in self._all(spec, "isPartOf")
            ),
            identifiers=tuple(self._identifiers(spec)),
            homepage=self._url(spec, "homepage"),
            **notes,
        )
        self._report_rest(claim, spec, activities, path, inner)
        return achievement

    def _report_rest(self, claim: Node, spec: Node, activities: list[Node], path: Path, inner: Path) -> None:
        self._rest(
            spec,
            inner,
            *("title", "description", "learningOutcome", "creditPoint", "volumeOfLearning", "eqfLevel", "nqfLevel"),
            *("educationLevel", "thematicArea", "educationSubject", "provenBy", "idVerification", "gradingScheme"),
            *("mode", "language"),
            *("learningSetting", "accreditation", "entryRequirement", "targetGroup", "isPartOf", "identifier"),
            *("homepage", "influencedBy", "additionalNote", "awardingOpportunity", "learningOutcomeSummary"),
        )
        self._rest(
            claim,
            path,
            *("title", "description", "specifiedBy", "influencedBy", "provenBy", "awardedBy", "additionalNote"),
            *("creditReceived", *self.read_besides),
            *(("workload",) if claim in activities else ()),
        )
        title = spec.get("title")
        for activity in activities:
            # Its title says nothing of its own when it is that of the specification.
            repeated = ("title",) if activity.get("title") == title else ()
            if activity is not claim:
                where = (*path, "influencedBy")
                taken = ("description", "specifiedBy", "awardedBy", "workload", "contactHour", *repeated)
                self._rest(activity, where, *taken)
            specified = self._one(activity, "specifiedBy", path)
            if specified is not spec:
                where = (*path, "influencedBy", "specifiedBy")
                self._rest(specified, where, "volumeOfLearning", "mode", "language", "contactHour", "description")
