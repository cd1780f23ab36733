"""Our own JSON for the specification of a micro-credential.

The members carry the names of the model. One table says how each is read, written and described in the JSON Schema, so
the three cannot drift apart. The reader collects every fault before it refuses.
"""

import dataclasses
import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from openmcx.credentials.errors import FormatError, pointer
from openmcx.credentials.findings import Finding
from openmcx.credentials.jsonld.reading import json_type
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Concept,
    Cycle,
    Identifier,
    LangText,
    LearningOutcome,
    LearningType,
    Money,
    Organisation,
    Participation,
    QualityAssurance,
    Relation,
    RelationKind,
    Skill,
    Supervision,
    TargetGroup,
)
from openmcx.credentials.model.text import LANGUAGE_TAG

FORMAT = "openmcx-specification/1"
SCHEMA_ID = "urn:openmcx:specification:1"
DESCRIPTORS = ("knowledge", "application", "judgement", "communication", "learning")
ASSURANCE_KINDS = ("institutional", "programme", "course", "professional", "none")

_MAX_TEXT_CHARACTERS = 20_000
_MAX_ENTRIES = 200
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20/]+[^\s<>\"{}|\\^`\x00-\x20]*")

type _Path = tuple[str | int, ...]
type _Report = Callable[..., None]


class SpecificationError(FormatError):
    """The specification cannot be read; `findings` names every fault, its place and how to mend it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("specification-invalid", count=len(self.findings))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.findings,)

    def __str__(self) -> str:
        return "\n".join(f"{finding.pointer or '/'}: {finding.sentence}" for finding in self.findings)


class _Kind:
    """How one kind of value is read, written and described. A subclass says what is special about it."""

    def read(self, value: Any, path: _Path, report: _Report) -> Any:
        raise NotImplementedError

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError


class _Text(_Kind):
    def __init__(self, pattern: re.Pattern[str] | None = None, code: str = "") -> None:
        self._pattern, self._code = pattern, code

    def read(self, value: Any, path: _Path, report: _Report) -> str:
        if not isinstance(value, str):
            report("spec-not-a-text", path, kind=json_type(value))
        elif len(value) > _MAX_TEXT_CHARACTERS:
            report("spec-too-long", path, found=len(value), limit=_MAX_TEXT_CHARACTERS)
        elif value and self._pattern is not None and not self._pattern.fullmatch(value):
            report(self._code, path, value=value[:80])
        else:
            return value.strip()
        return ""

    def schema(self) -> dict[str, Any]:
        described: dict[str, Any] = {"type": "string", "maxLength": _MAX_TEXT_CHARACTERS}
        if self._pattern is not None:
            described["pattern"] = f"^({self._pattern.pattern})?$"
        return described


class _Texts(_Kind):
    def read(self, value: Any, path: _Path, report: _Report) -> LangText:
        if not isinstance(value, dict):
            report("spec-not-texts", path, kind=json_type(value))
            return LangText()
        texts = {}
        for tag, text in value.items():
            if not LANGUAGE_TAG.fullmatch(tag):
                report("spec-not-a-language", (*path, tag), value=tag[:40])
            else:
                texts[tag] = _TEXT.read(text, (*path, tag), report)
        return LangText(texts)

    def write(self, value: LangText) -> dict[str, str]:
        return value.as_dict()

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{LANGUAGE_TAG.pattern}$"},
            "additionalProperties": {"type": "string", "maxLength": _MAX_TEXT_CHARACTERS},
        }


class _Number(_Kind):
    def __init__(self, lowest: int = 0, highest: int = 1_000_000) -> None:
        self._lowest, self._highest = lowest, highest

    def read(self, value: Any, path: _Path, report: _Report) -> Decimal | None:
        if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
            report("spec-not-a-number", path, kind=json_type(value))
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            report("spec-not-a-number", path, kind=json_type(value))
            return None
        if not number.is_finite() or not self._lowest <= number <= self._highest or number.as_tuple().exponent < -9:  # type: ignore[operator]  # finite: no letter for an exponent
            report("spec-out-of-range", path, value=str(value), lowest=self._lowest, highest=self._highest)
            return None
        return number

    def write(self, value: Decimal) -> int | float | str:
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else format(value, "f")

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": self._lowest, "maximum": self._highest}
        return {"anyOf": [number, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}]}


class _Whole(_Kind):
    def __init__(self, lowest: int, highest: int) -> None:
        self._lowest, self._highest = lowest, highest

    def read(self, value: Any, path: _Path, report: _Report) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            report("spec-not-a-whole-number", path, kind=json_type(value))
        elif not self._lowest <= value <= self._highest:
            report("spec-out-of-range", path, value=value, lowest=self._lowest, highest=self._highest)
        else:
            return value
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self._lowest, "maximum": self._highest}


class _Flag(_Kind):
    def read(self, value: Any, path: _Path, report: _Report) -> bool | None:
        if isinstance(value, bool):
            return value
        report("spec-not-true-or-false", path, kind=json_type(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class _Date(_Kind):
    def read(self, value: Any, path: _Path, report: _Report) -> dt.date | None:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                pass
        report("spec-not-a-date", path, value=str(value)[:40])
        return None

    def write(self, value: dt.date) -> str:
        return value.isoformat()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


class _Choice(_Kind):
    def __init__(self, kind: type[StrEnum] | tuple[str, ...]) -> None:
        self._make: Callable[[str], Any] = str if isinstance(kind, tuple) else kind
        self._values = tuple(str(value) for value in kind)

    def read(self, value: Any, path: _Path, report: _Report) -> Any:
        if value in self._values:
            return self._make(value)
        report("spec-not-a-choice", path, value=str(value)[:40], choices=", ".join(self._values))
        return None

    def write(self, value: Any) -> str:
        return str(value)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self._values)}


class _List(_Kind):
    def __init__(self, kind: _Kind) -> None:
        self._kind = kind

    def read(self, value: Any, path: _Path, report: _Report) -> tuple[Any, ...]:
        if not isinstance(value, list):
            report("spec-not-a-list", path, kind=json_type(value))
            return ()
        if len(value) > _MAX_ENTRIES:
            report("spec-too-long", path, found=len(value), limit=_MAX_ENTRIES)
            return ()
        entries = (self._kind.read(entry, (*path, place), report) for place, entry in enumerate(value))
        return tuple(entry for entry in entries if entry is not None)

    def write(self, value: tuple[Any, ...]) -> list[Any]:
        return [self._kind.write(entry) for entry in value]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self._kind.schema(), "maxItems": _MAX_ENTRIES}


class _Object(_Kind):
    """An object with the members of a dataclass of the model; `required` ones must be there and not empty."""

    def __init__(
        self, make: Callable[..., Any], members: Mapping[str, _Kind], *, required: tuple[str, ...] = (), **missing: Any
    ) -> None:
        self.make, self.members, self.required, self._missing = make, members, required, missing

    def read(self, value: Any, path: _Path, report: _Report) -> Any:
        if not isinstance(value, dict):
            report("spec-not-an-object", path, kind=json_type(value))
            return None
        return self.build(value, path, report)

    def build(self, value: Mapping[str, Any], path: _Path, report: _Report) -> Any:
        found: dict[str, Any] = dict(self._missing)
        for member, entry in value.items():
            if member not in self.members:
                guesses = difflib.get_close_matches(member[:60], self.members, 1)
                if guesses:
                    report("spec-misspelt-member", (*path, member), member=member[:60], guess=guesses[0])
                else:
                    report("spec-unknown-member", (*path, member), member=member[:60])
            elif entry is not None:
                read = self.members[member].read(entry, (*path, member), report)
                if read is not None:
                    found[member] = read
        for member in self.required:
            if value.get(member) in (None, "", {}, []):
                report("spec-missing-member", path, member=member)
        if found.get("valid_from") and found.get("valid_until") and found["valid_from"] > found["valid_until"]:
            report("spec-dates-swapped", (*path, "valid_until"))
        try:
            return self.make(**found)
        except TypeError:
            # A member without a default could not be read; its fault is reported already.
            return None

    def write(self, value: Any) -> dict[str, Any]:
        written = {}
        for member, kind in self.members.items():
            entry = getattr(value, member)
            if entry is None or entry == "" or entry == () or (isinstance(entry, LangText) and not entry):
                continue
            written[member] = kind.write(entry)
        return written

    def schema(self) -> dict[str, Any]:
        described: dict[str, Any] = {
            "type": "object",
            "properties": {
                member: {"anyOf": [kind.schema(), {"type": "null"}]} for member, kind in self.members.items()
            },
            "additionalProperties": False,
        }
        if self.required:
            described["required"] = list(self.required)
        return described


_TEXT = _Text()
_TEXTS = _Texts()
_URL = _Text(_WEB, "spec-not-a-web-address")
_ABSOLUTE = _Text(_IRI, "spec-not-an-iri")
_LANGUAGE = _Text(LANGUAGE_TAG, "spec-not-a-language")
_AMOUNT = _Number()

_CONCEPT = _Object(Concept, {"iri": _ABSOLUTE, "label": _TEXTS, "scheme": _ABSOLUTE}, iri="")
_IDENTIFIER = _Object(Identifier, {"scheme": _TEXT, "value": _TEXT}, required=("value",), scheme="")
_ASSURANCE = _Object(
    QualityAssurance,
    {
        "title": _TEXTS,
        "kind": _Choice(ASSURANCE_KINDS),
        "agency": _TEXTS,
        "evidence_url": _URL,
        "valid_from": _Date(),
        "valid_until": _Date(),
    },
    title=LangText(),
)
_ORGANISATION = _Object(
    Organisation,
    {
        "id": _ABSOLUTE,
        "name": _TEXTS,
        "country": _Text(re.compile(r"[A-Z]{2}"), "spec-not-a-country"),
        "region": _TEXT,
        "address": _TEXT,
        "url": _URL,
        "email": _TEXT,
        "image_url": _ABSOLUTE,
        "identifiers": _List(_IDENTIFIER),
        "quality_assurance": _List(_ASSURANCE),
    },
    id="",
    name=LangText(),
)
_SKILL = _Object(
    Skill,
    {"iri": _ABSOLUTE, "label": _TEXTS, "framework": _TEXT, "code": _TEXT},
    required=("label",),
    iri="",
    label=LangText(),
)
_OUTCOME = _Object(
    LearningOutcome,
    {"text": _TEXTS, "skills": _List(_SKILL), "descriptor": _Choice(DESCRIPTORS)},
    required=("text",),
    text=LangText(),
)
_ASSESSMENT = _Object(
    Assessment,
    {
        "kind": _CONCEPT,
        "title": _TEXTS,
        "description": _TEXTS,
        "requirements": _TEXTS,
        "criteria": _TEXTS,
        "weight_percent": _Number(0, 100),
    },
    kind=Concept(iri=""),
)
_RELATION = _Object(
    Relation,
    {"kind": _Choice(RelationKind), "title": _TEXTS, "iri": _ABSOLUTE},
    required=("kind", "title"),
    title=LangText(),
)
_MONEY = _Object(
    Money,
    {"amount": _AMOUNT, "currency": _Text(re.compile(r"[A-Z]{3}"), "spec-not-a-currency")},
    required=("amount", "currency"),
)
_ACHIEVEMENT = _Object(
    Achievement,
    {
        "id": _ABSOLUTE,
        "title": _TEXTS,
        "version": _TEXT,
        "description": _TEXTS,
        "awarding_body": _ORGANISATION,
        "outcomes": _List(_OUTCOME),
        "criteria": _TEXTS,
        "workload_ects": _Number(0, 300),
        "workload_hours": _Number(0, 10_000),
        "contact_hours": _Number(0, 10_000),
        "eqf_level": _Whole(1, 8),
        "nqf_levels": _List(_CONCEPT),
        "cycle": _Choice(Cycle),
        "isced_level": _Whole(0, 9),
        "fields_of_study": _List(_CONCEPT),
        "assessments": _List(_ASSESSMENT),
        "supervision": _Choice(Supervision),
        "grading_scheme": _TEXTS,
        "participation": _Choice(Participation),
        "modality_note": _TEXTS,
        "learning_type": _Choice(LearningType),
        "languages": _List(_LANGUAGE),
        "quality_assurance": _List(_ASSURANCE),
        "prerequisites": _TEXTS,
        "target_groups": _List(_Choice(TargetGroup)),
        "target_group_note": _TEXTS,
        "admission": _TEXTS,
        "stackable": _Flag(),
        "stackability": _TEXTS,
        "relations": _List(_RELATION),
        "identifiers": _List(_IDENTIFIER),
        "need": _TEXTS,
        "need_evidence": _TEXTS,
        "standards": _TEXTS,
        "competences": _TEXTS,
        "further_information": _TEXTS,
        "monitoring": _TEXTS,
        "cost_students": _MONEY,
        "cost_lifelong": _MONEY,
        "homepage": _URL,
        "image_url": _ABSOLUTE,
        "validity_months": _Whole(1, 1200),
    },
    id="",
    title=LangText(),
    awarding_body=Organisation(id="", name=LangText()),
)
assert set(_ACHIEVEMENT.members) == {field.name for field in dataclasses.fields(Achievement)}


def write(achievement: Achievement) -> dict[str, Any]:
    """This will write a specification as our JSON; what is empty is left out."""
    return {"format": FORMAT, **_ACHIEVEMENT.write(achievement)}


def read(document: Mapping[str, Any]) -> Achievement:
    """This will read our JSON strictly. Drafts may lack anything; what is there must be right.

    Raises: SpecificationError with every fault there is.
    """
    findings: list[Finding] = []

    def report(code: str, path: _Path, **params: object) -> None:
        findings.append(Finding(code, params, pointer(path)))

    if not isinstance(document, Mapping):
        raise SpecificationError([Finding("spec-not-an-object", {"kind": json_type(document)})])
    members = dict(document)
    found = members.pop("format", None)
    if found != FORMAT:
        report("spec-unknown-format", ("format",), found=str(found)[:60], expected=FORMAT)
    achievement = _ACHIEVEMENT.build(members, (), report)
    if findings:
        raise SpecificationError(findings)
    assert isinstance(achievement, Achievement)
    return achievement


def completeness(achievement: Achievement) -> list[Finding]:
    """This will name each mandatory element of the European standard that is missing.

    Learner and date are not looked for: they come with the award.

    Source: Council Recommendation 2022/C 243/02, Annex I, mandatory elements.
    """
    body = achievement.awarding_body
    level = achievement.eqf_level or achievement.nqf_levels or achievement.cycle
    workload = achievement.workload_ects or achievement.workload_hours
    hours = TargetGroup.LIFELONG not in achievement.target_groups or achievement.contact_hours is not None
    needed = (
        (achievement.title, "missing-title", "/title"),
        (body.name, "missing-awarding-body", "/awarding_body"),
        (body.country or body.region, "missing-country", "/awarding_body/country"),
        (achievement.outcomes, "missing-outcomes", "/outcomes"),
        (workload, "missing-workload", "/workload_ects"),
        (hours, "missing-contact-hours", "/contact_hours"),
        (level, "missing-level", "/eqf_level"),
        (achievement.assessments, "missing-assessment", "/assessments"),
        (achievement.participation, "missing-participation", "/participation"),
        (achievement.quality_assurance, "missing-quality-assurance", "/quality_assurance"),
    )
    return [Finding(code, {}, where) for there, code, where in needed if not there]


def json_schema() -> dict[str, Any]:
    """This will describe our JSON as a JSON Schema (2020-12)."""
    described = _ACHIEVEMENT.schema()
    described["properties"] = {"format": {"const": FORMAT}, **described["properties"]}
    described["required"] = ["format"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Specification of a micro-credential",
        **described,
    }
