"""Reading a specification from the European Learning Model, whichever way it comes.

It may be a specification on its own or the award of one: a credential, sealed or not, or wrapped for uploading. Of an
award the learner's own data are left out. What has no place here is named, so that a person can decide about it.

Source: European Learning Model 3, application profiles EDC and LOQ (rdf/ap), context ``edc-ap``.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import FormatError, pointer
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.elm import names
from openmcx.credentials.formats.open_badges.values import each, nodes, read_date, read_decimal, read_hours
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Concept,
    Cycle,
    Identifier,
    LangText,
    LearningOutcome,
    LearningType,
    Organisation,
    Participation,
    QualityAssurance,
    Relation,
    RelationKind,
    Skill,
    Supervision,
    TargetGroup,
)

Node = dict[str, Any]
_Path = tuple[str | int, ...]

_PASSED_OVER = frozenset({"id", "type", "@context", "inScheme"})
_IDENTIFIERS = {
    "registration": "registration",
    "vatIdentifier": "vat",
    "taxIdentifier": "tax",
    "eIDASIdentifier": "eidas",
}
_CLAIMS = frozenset({"LearningAchievement", "LearningActivity", "LearningAssessment", "LearningEntitlement"})


def read_specification(document: bytes | str | Mapping[str, Any]) -> tuple[Achievement, list[Finding]]:
    """This will read a specification and name what was not taken over.

    Raises: DocumentError when it is no JSON; FormatError when it holds no specification and no award of one.
    """
    parsed = jsonld.load(document) if isinstance(document, bytes | str) else dict(document)
    if isinstance(parsed.get("payload"), str) and ("signatures" in parsed or "signature" in parsed):
        # The seal is not checked: an import takes over what is written, and a person looks at it.
        parsed = jsonld.load(parsed["payload"])
    if isinstance(parsed.get("credential"), dict):
        parsed = parsed["credential"]
    return _Reader(parsed).read()


class _Reader:
    """Reads one document; remembers which members were looked at."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._findings: list[Finding] = []
        self._index: dict[str, Node] = {}
        for node in _objects(document):
            name = node.get("id")
            if isinstance(name, str) and len(node) > len(self._index.get(name, {})):
                self._index[name] = node

    def read(self) -> tuple[Achievement, list[Finding]]:
        claim, specification, path = self._find()
        achievement = self._achievement(claim, specification, path)
        unique = {(finding.code, str(finding.params), finding.pointer): finding for finding in self._findings}
        return achievement, list(unique.values())

    # --- finding the specification ------------------------------------------------------------------------------------

    def _find(self) -> tuple[Node, Node, _Path]:
        document = self._document
        subject = next(iter(nodes(document.get("credentialSubject"))), None)
        if subject is not None:
            return self._find_claim(subject)
        candidates: list[tuple[Node, _Path]] = [(document, ())]
        candidates += [(node, ("@graph", i)) for i, node in enumerate(each(document.get("@graph"))) if _is_node(node)]
        for member in ("learningAchievementSpecification", "specifiedBy"):
            candidates += [(node, (member,)) for node in nodes(document.get(member))]
        for node, path in candidates:
            if names.SPECIFICATION_TYPES & _types(node):
                return {}, node, path
            if _types(node) & _CLAIMS:
                return node, self._one(node, "specifiedBy", path), path
        raise FormatError("format-member-missing", member="LearningAchievementSpecification")

    def _find_claim(self, subject: Node) -> tuple[Node, Node, _Path]:
        path: _Path = ("credentialSubject", "hasClaim")
        for member in subject:
            if member not in ("hasClaim", "id", "type"):
                self._note("elm-personal-data", ("credentialSubject", member), member=member)
        claims = [self._whole(claim) for claim in nodes(subject.get("hasClaim"))]
        if not claims:
            raise FormatError("format-member-missing", member="hasClaim", where="/credentialSubject/hasClaim")
        # What was achieved says more than what was done for it.
        claim = next((entry for entry in claims if "LearningAchievement" in _types(entry)), claims[0])
        if len(claims) > 1:
            self._note("elm-more-than-one", path, member="hasClaim")
        for member in ("credentialProfiles", "identifier", "evidence", "attachment", "displayParameter"):
            if member in self._document:
                self._note("elm-not-taken-over", (member,), member=member)
        return claim, self._one(claim, "specifiedBy", path), path

    # --- the specification --------------------------------------------------------------------------------------------

    def _achievement(self, claim: Node, spec: Node, path: _Path) -> Achievement:
        inner: _Path = (*path, "specifiedBy") if claim else path
        activities = [*self._all(claim, "influencedBy"), *self._all(spec, "influencedBy")]
        if "LearningActivity" in _types(claim):
            activities.insert(0, claim)
        described = [self._one(activity, "specifiedBy", path) or activity for activity in activities]
        parts = [*self._all(claim, "provenBy"), *self._all(spec, "provenBy")]
        notes = self._notes([*self._all(spec, "additionalNote"), *self._all(claim, "additionalNote")])
        title = _texts(spec.get("title")) or _texts(claim.get("title"))
        if not title:
            raise FormatError("format-member-missing", member="title", where=pointer((*inner, "title")))
        participation, mode_note = self._mode([spec, *described], inner)
        groups, group_note = self._target_groups(spec, inner)
        achievement = Achievement(
            id=_lasting_id(spec) or _lasting_id(claim),
            title=title,
            awarding_body=self._awarding_body(claim, spec, path),
            description=_first_text("description", spec, claim, *activities, *described),
            outcomes=tuple(
                self._outcome(outcome, (*inner, "learningOutcome", i))
                for i, outcome in enumerate(self._all(spec, "learningOutcome"))
            ),
            workload_ects=self._ects(spec, inner),
            workload_hours=self._workload(spec, claim, described, activities, inner),
            contact_hours=next((found for node in described if (found := read_decimal(node.get("contactHour")))), None),
            eqf_level=vocabularies.eqf_level(_id(self._one(spec, "eqfLevel", inner))),
            nqf_levels=tuple(_read_concept(level) for level in self._all(spec, "nqfLevel")),
            cycle=self._own(Cycle, self._all(spec, "educationLevel"), names.CYCLE),
            isced_level=self._isced_level(spec, inner),
            fields_of_study=tuple(_read_concept(field) for field in self._all(spec, "thematicArea")),
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
            prerequisites=_texts(self._one(spec, "entryRequirement", inner).get("noteLiteral")),
            competences=_texts(self._one(spec, "learningOutcomeSummary", inner).get("noteLiteral")),
            target_groups=groups,
            target_group_note=notes.pop("target_group_note", LangText()) or group_note,
            relations=tuple(
                Relation(kind=RelationKind.PART_OF, title=_texts(unit.get("title")), iri=_lasting_id(unit))
                for unit in self._all(spec, "isPartOf")
            ),
            identifiers=tuple(self._identifiers(spec)),
            homepage=self._url(spec, "homepage"),
            **notes,
        )
        self._report_rest(claim, spec, activities, path, inner)
        return achievement

    def _report_rest(self, claim: Node, spec: Node, activities: list[Node], path: _Path, inner: _Path) -> None:
        self._rest(
            spec,
            inner,
            *("title", "description", "learningOutcome", "creditPoint", "volumeOfLearning", "eqfLevel", "nqfLevel"),
            *("educationLevel", "thematicArea", "provenBy", "idVerification", "gradingScheme", "mode", "language"),
            *("learningSetting", "accreditation", "entryRequirement", "targetGroup", "isPartOf", "identifier"),
            *("homepage", "influencedBy", "additionalNote", "awardingOpportunity", "learningOutcomeSummary"),
        )
        self._rest(
            claim,
            path,
            *("title", "description", "specifiedBy", "influencedBy", "provenBy", "awardedBy", "additionalNote"),
            *(("workload",) if claim in activities else ()),
        )
        for activity in activities:
            if activity is not claim:
                where = (*path, "influencedBy")
                self._rest(activity, where, "description", "specifiedBy", "awardedBy", "workload", "contactHour")
            specified = self._one(activity, "specifiedBy", path)
            if specified is not spec:
                where = (*path, "influencedBy", "specifiedBy")
                self._rest(specified, where, "volumeOfLearning", "mode", "language", "contactHour", "description")

    def _outcome(self, node: Node, path: _Path) -> LearningOutcome:
        self._rest(node, path, "title", "relatedESCOSkill", "relatedSkill", "additionalNote")
        skills = [
            self._skill(skill, member == "relatedESCOSkill")
            for member in ("relatedESCOSkill", "relatedSkill")
            for skill in self._all(node, member)
        ]
        return LearningOutcome(text=_texts(node.get("title")), skills=tuple(skills))

    def _skill(self, node: Node, esco: bool) -> Skill:
        framework = names.framework_name(_id(self._one(node, "inScheme", ())))
        notation = node.get("notation")
        # The Commission's own files write "Skill" as the notation of every ESCO skill; that is no code.
        code = notation if isinstance(notation, str) and notation.lower() != "skill" else ""
        return Skill(
            iri=_lasting_id(node),
            label=_texts(node.get("prefLabel")),
            framework="ESCO" if esco else framework,
            code=code,
        )

    def _ects(self, spec: Node, path: _Path) -> Decimal | None:
        found = None
        for credit in self._all(spec, "creditPoint"):
            framework = _id(self._one(credit, "framework", path))
            points = read_decimal(credit.get("point"))
            if framework not in ("", vocabularies.ECTS) or points is None:
                self._note_value((*path, "creditPoint"), "creditPoint", credit.get("point"))
            elif found is None:
                found = points
        return found

    def _workload(
        self, spec: Node, claim: Node, described: list[Node], activities: list[Node], path: _Path
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

    def _isced_level(self, spec: Node, path: _Path) -> int | None:
        found = None
        for level in self._all(spec, "educationLevel"):
            iri = _id(level)
            if iri.startswith(names.ISCED_LEVEL) and iri[len(names.ISCED_LEVEL) :] in tuple("0123456789"):
                found = int(iri[-1])
            elif not iri.startswith(names.CYCLE):
                self._note_value((*path, "educationLevel"), "educationLevel", _label(level) or iri)
        return found

    def _assessment(self, node: Node, path: _Path) -> Assessment:
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
            kind=_known_kind(_read_concept(kinds[0])) if kinds else Concept(iri=""),
            title=_texts(spec.get("title")) or _texts(node.get("title")),
            description=_texts(spec.get("description")) or _texts(node.get("description")),
            requirements=_first_text("noteLiteral", *self._all(spec, "additionalNote")),
            criteria=_first_text("description", *self._all(spec, "gradingScheme")),
        )

    def _supervision(self, spec: Node, parts: list[Node], path: _Path) -> Supervision | None:
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
        return _first_text("description", *schemes) or _first_text("title", *schemes)

    def _mode(self, sources: list[Node], path: _Path) -> tuple[Participation | None, LangText]:
        iris = {iri: value for value, iri in vocabularies.PARTICIPATION.items()}
        found, note = None, LangText()
        for source in sources:
            for mode in self._all(source, "mode"):
                value = iris.get(_id(mode))
                if value is None and not note:
                    note = _texts(mode.get("prefLabel"))
                if found is None:
                    found = value
                elif value not in (found, None):
                    self._note_value((*path, "mode"), "mode", _label(mode))
        return found, note

    def _target_groups(self, spec: Node, path: _Path) -> tuple[tuple[TargetGroup, ...], LangText]:
        groups, note = [], LangText()
        for group in self._all(spec, "targetGroup"):
            name = _id(group).removeprefix(names.TARGET_GROUP)
            if name in TargetGroup:
                groups.append(TargetGroup(name))
            elif not note:
                note = _texts(group.get("prefLabel"))
            else:
                self._note_value((*path, "targetGroup"), "targetGroup", _label(group))
        return tuple(groups), note

    def _languages(self, sources: list[Node], path: _Path) -> tuple[str, ...]:
        for source in sources:
            tags = []
            for language in self._all(source, "language"):
                iri = _id(language)
                tag = vocabularies.language_tag(iri) or iri.partition("urn:ietf:bcp:47:")[2]
                if tag:
                    tags.append(tag)
                else:
                    self._note_value((*path, "language"), "language", _label(language) or iri)
            if tags:
                return tuple(tags)
        return ()

    def _known[T: StrEnum](
        self, kind: type[T], node: Node, member: str, iris: Mapping[T, str], prefix: str, path: _Path
    ) -> T | None:
        for entry in self._all(node, member):
            iri = _id(entry)
            value = next((value for value, known in iris.items() if known == iri), None)
            if value is None and iri.startswith(prefix) and iri[len(prefix) :] in kind:
                value = kind(iri[len(prefix) :])
            if value is not None:
                return value
            self._note_value((*path, member), member, _label(entry) or iri)
        return None

    def _own[T: StrEnum](self, kind: type[T], entries: list[Node], prefix: str) -> T | None:
        for entry in entries:
            name = _id(entry).removeprefix(prefix)
            if name in kind:
                return kind(name)
        return None

    def _notes(self, found: list[Node]) -> dict[str, Any]:
        texts: dict[str, Any] = {}
        for note in found:
            topic = _id(self._one(note, "subject", ())).removeprefix(names.TOPIC)
            name = names.NOTES.get(topic, "further_information")
            text = _texts(note.get("noteLiteral"))
            if name in texts:
                self._note("elm-more-than-one", (), member="additionalNote")
            elif text:
                texts[name] = text
        return texts

    # --- organisations ------------------------------------------------------------------------------------------------

    def _awarding_body(self, claim: Node, spec: Node, path: _Path) -> Organisation:
        sources = [*self._all(claim, "awardedBy"), *self._all(spec, "awardingOpportunity")]
        bodies = [body for source in sources for body in self._all(source, "awardingBody")]
        if not bodies:
            bodies = self._all(self._document, "issuer")
        if len(bodies) > 1:
            self._note("elm-more-than-one", (*path, "awardedBy"), member="awardingBody")
        if not bodies:
            return Organisation(id="", name=LangText())
        return self._organisation(bodies[0], (*path, "awardedBy", "awardingBody"))

    def _organisation(self, node: Node, path: _Path) -> Organisation:
        self._rest(
            node,
            path,
            *("legalName", "prefLabel", "location", "homepage", "contactPoint", "identifier", "accreditation"),
            *_IDENTIFIERS,
            *(("logo",) if self._url(node, "logo") else ()),
        )
        locations = self._all(node, "location")
        if len(locations) > 1:
            self._note("elm-more-than-one", (*path, "location"), member="location")
        location = locations[0] if locations else {}
        address = self._one(location, "address", path)
        spatial = self._one(location, "spatialCode", path)
        contact = self._one(node, "contactPoint", path)
        return Organisation(
            id=_lasting_id(node),
            name=_texts(node.get("legalName")) or _texts(node.get("prefLabel")),
            country=vocabularies.country_code(_id(self._one(address, "countryCode", path))) or "",
            region=_texts(location.get("geographicName")).best() or _label(spatial),
            address=_texts(self._one(address, "fullAddress", path).get("noteLiteral")).best(),
            url=self._url(node, "homepage"),
            email=_id(self._one(contact, "emailAddress", path)).removeprefix("mailto:"),
            image_url=self._url(node, "logo"),
            identifiers=tuple(self._identifiers(node)),
            quality_assurance=self._assurance(node),
        )

    def _identifiers(self, node: Node) -> Iterator[Identifier]:
        for entry in self._all(node, "identifier"):
            value, scheme = entry.get("notation"), entry.get("schemeName")
            if isinstance(value, str):
                yield Identifier(scheme=scheme if isinstance(scheme, str) else "", value=value)
        for member, scheme in _IDENTIFIERS.items():
            for entry in self._all(node, member):
                if isinstance(entry.get("notation"), str):
                    yield Identifier(scheme=scheme, value=entry["notation"])

    def _assurance(self, node: Node) -> tuple[QualityAssurance, ...]:
        found = []
        for entry in self._all(node, "accreditation"):
            kind = _id(self._one(entry, "dcType", ()))
            known = names.ASSURANCE_KINDS.get(kind) or kind.partition(names.ASSURANCE_KIND)[2]
            found.append(
                QualityAssurance(
                    title=_texts(entry.get("title")),
                    kind=known,
                    agency=_texts(self._one(entry, "accreditingAgent", ()).get("legalName")),
                    evidence_url=self._url(entry, "report"),
                    valid_from=read_date(entry.get("dateIssued")),
                    valid_until=read_date(entry.get("expiryDate")),
                )
            )
        return tuple(found)

    # --- getting about ------------------------------------------------------------------------------------------------

    def _whole(self, node: Node) -> Node:
        """This will give the full description of a node that is only referred to here."""
        name = node.get("id")
        return self._index.get(name, node) if isinstance(name, str) and len(node) < 3 else node

    def _all(self, node: Node, member: str) -> list[Node]:
        found = []
        for entry in each(node.get(member)):
            if isinstance(entry, str):
                found.append(self._index.get(entry, {"id": entry}))
            elif isinstance(entry, dict):
                found.append(self._whole(entry))
        return found

    def _one(self, node: Node, member: str, path: _Path) -> Node:
        found = self._all(node, member)
        if len(found) > 1:
            self._note("elm-more-than-one", (*path, member), member=member)
        return found[0] if found else {}

    def _url(self, node: Node, member: str) -> str:
        for entry in self._all(node, member):
            url = entry.get("contentURL")
            if isinstance(url, str):
                return url
        return ""

    def _rest(self, node: Node, path: _Path, *taken: str) -> None:
        for member in node:
            if member not in taken and member not in _PASSED_OVER:
                self._note("elm-not-taken-over", (*path, member), member=member)

    def _note(self, code: str, path: _Path, **params: object) -> None:
        self._findings.append(Finding(code, params, pointer(path)))

    def _note_value(self, path: _Path, member: str, value: object) -> None:
        self._note("elm-value-not-understood", path, member=member, value=str(value)[:80])


def _objects(value: object) -> Iterator[Node]:
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _is_node(value: object) -> bool:
    return isinstance(value, dict)


def _types(node: Node) -> frozenset[str]:
    return frozenset(entry for entry in each(node.get("type")) if isinstance(entry, str))


def _id(node: Node) -> str:
    name = node.get("id")
    return name if isinstance(name, str) else ""


def _lasting_id(node: Node) -> str:
    name = _id(node)
    return "" if name.startswith(names.LOCAL_ID) else name


def _texts(value: object) -> LangText:
    """This will read an ELM language map, ``{"en": "…"}``; of several texts in a language the first counts."""
    if isinstance(value, str):
        value = {"und": value}
    if not isinstance(value, Mapping):
        return LangText()
    texts = {}
    for tag, text in value.items():
        first = next(each(text), None)
        if isinstance(first, str):
            texts[tag] = first
    try:
        return LangText(texts)
    except ValueError:
        return LangText()


def _first_text(member: str, *found: Node) -> LangText:
    return next((text for node in found if (text := _texts(node.get(member)))), LangText())


def _label(node: Node) -> str:
    return _texts(node.get("prefLabel")).best()


def _read_concept(node: Node) -> Concept:
    scheme = node.get("inScheme")
    scheme_id = _lasting_id(scheme) if isinstance(scheme, dict) else scheme
    return Concept(
        iri=_lasting_id(node),
        label=_texts(node.get("prefLabel")),
        scheme=scheme_id if isinstance(scheme_id, str) else "",
    )


def _known_kind(kind: Concept) -> Concept:
    """This will give the Europass assessment type of the same name, if there is one."""
    wanted = kind.label.best().casefold()
    named = (known for known in vocabularies.concepts("assessment") if known.label.best().casefold() == wanted)
    return vocabularies.concept("assessment", kind.iri) or next(named, kind)
