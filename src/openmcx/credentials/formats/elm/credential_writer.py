"""Writing an award as a European Digital Credential, so that it conforms to the Commission's generic shapes.

What the shapes ask for and a specification may lack is filled in from what is known; where nothing is known, the award
is refused. What ELM cannot hold is left out: `lost` names it.

Source: European Learning Model 3, application profile EDC (EDC-generic-full.ttl, EDC-generic-no-cv.ttl).
"""

import base64
import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.elm import display, names
from openmcx.credentials.formats.elm.writer import Node, Writer
from openmcx.credentials.formats.open_badges.values import decimal_text
from openmcx.credentials.instants import write_instant
from openmcx.credentials.keys.x509 import Subject
from openmcx.credentials.model import (
    Concept,
    Credential,
    LangText,
    LearningOutcome,
    Money,
    Organisation,
    QualityAssurance,
    RelationKind,
)

TYPES = ("VerifiableCredential", "EuropeanDigitalCredential")
SCHEMA = "http://data.europa.eu/snb/model/ap/edc-generic-full"
_SNB = "http://data.europa.eu/snb/"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type"
_GENERIC = Concept(
    iri=f"{_SNB}credential/e34929035b", label=LangText({"en": "Generic"}), scheme=f"{_SNB}credential/25831c2"
)
_BASE64 = Concept(iri=f"{_SNB}encoding/6146cde7dd", label=LangText({"en": "base64"}), scheme=f"{_SNB}encoding/25831c2")
_ISCED_F = f"{_SNB}isced-f/25831c2"
_QUALIFICATIONS_REGISTER = f"{_SNB}qdr/25831c2"
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
# Certificates write two countries otherwise than ISO 3166-1.
_COUNTRIES = {"EL": "GR", "UK": "GB"}


def write_credential(
    credential: Credential,
    *,
    issued: dt.datetime,
    sealer: Subject,
    pictures: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """This will write an award as an unsealed European Digital Credential, to be sealed as it is with `jades.sign`.

    `issued` is when it will be sealed, `sealer` whom the certificate of the seal names: its identifier and country
    become the issuer's. `pictures` show the credential to people, by language: PNG or JPEG; without them a plain page
    is drawn in the first language of the title.

    Raises: FormatError when something is missing that the shapes ask for: a title, the country of an institution, the
    registered identifier in the certificate.
    """
    return _CredentialWriter(credential, issued, sealer, pictures).credential()


class _CredentialWriter(Writer):
    """Writes one award. A node that several others refer to is described alike wherever it stands."""

    def __init__(
        self, credential: Credential, issued: dt.datetime, sealer: Subject, pictures: Mapping[str, bytes] | None
    ) -> None:
        achievement = credential.achievement
        if not credential.id:
            raise FormatError("format-cannot-write", reason="credential-without-id")
        if not achievement.title:
            raise FormatError("format-cannot-write", reason="achievement-incomplete")
        if not sealer.organisation_id or not sealer.country:
            raise FormatError("format-cannot-write", reason="seal-names-no-organisation")
        super().__init__(achievement)
        self._credential, self._issued, self._sealer = credential, issued, sealer
        self._known_nodes: dict[str, Node] = {credential.id: {}}
        self._bodies: dict[Organisation, Node] = {}
        self._tag = _display_language(achievement.title)
        self._pictures = dict(pictures) if pictures else {self._tag: display.draw(credential, self._tag)}

    def credential(self) -> Node:
        given = self._credential
        issuer = self._issuer()
        moment = write_instant(self._issued)
        ends = write_instant(given.valid_until) if given.valid_until else None
        members: Node = {
            "id": given.id,
            "type": list(TYPES),
            "credentialProfiles": self._concept(_GENERIC),
            "displayParameter": self._display(),
            "credentialSchema": {"id": SCHEMA, "type": "ShaclValidator2017"},
            "credentialSubject": self._learner(),
            "issuanceDate": moment,
            "issued": moment,
            "issuer": issuer,
            "validFrom": write_instant(given.valid_from),
            "expirationDate": ends,
            "validUntil": ends,
        }
        return {"@context": list(names.CONTEXTS), **{name: value for name, value in members.items() if value}}

    # --- nodes --------------------------------------------------------------------------------------------------------

    def _node(self, kind: str, members: Node, id_: str = "") -> Node:
        """This will write a node; what has an id of its own is described once, alike wherever it stands."""
        if not _ABSOLUTE_IRI.fullmatch(id_) or id_.startswith(names.LOCAL_ID):
            return super()._node(kind, members)
        node = super()._node(kind, members, id_)
        known = self._known_nodes.setdefault(id_, node)
        if known != node and not kind == known.get("type") == "Concept":  # of a term's labels the first ones are kept
            raise FormatError("node-described-twice", id=id_)
        return known

    def _marked(self, kind: str, members: Node, id_: str) -> Node:
        """This will write a node whose id, which means something in this document alone, says what it is."""
        return super()._node(kind, members, id_)

    def _concept(self, term: Concept) -> Node:
        members: Node = {"prefLabel": term.label.as_dict()}
        if _ABSOLUTE_IRI.fullmatch(term.scheme):
            members["inScheme"] = {"id": term.scheme, "type": "ConceptScheme"}
        return self._node("Concept", members, term.iri)

    # --- the display --------------------------------------------------------------------------------------------------

    def _display(self) -> Node:
        languages = {tag: self._term("language", _language_iri(tag)) for tag in (self._tag, *self._pictures)}
        return self._node(
            "DisplayParameter",
            {
                "title": self._achievement.title.as_dict(),
                "primaryLanguage": languages[self._tag],
                "language": _unique(languages.values()),
                "individualDisplay": [
                    self._node(
                        "IndividualDisplay",
                        {
                            "language": languages[tag],
                            "displayDetail": self._node("DisplayDetail", {"image": self._picture(picture), "page": 1}),
                        },
                    )
                    for tag, picture in self._pictures.items()
                ],
            },
        )

    def _picture(self, data: bytes) -> Node:
        kind = "PNG" if data.startswith(b"\x89PNG\r\n\x1a\n") else "JPEG" if data.startswith(b"\xff\xd8\xff") else ""
        if not kind:
            raise FormatError("format-cannot-write", reason="picture-kind-unusable")
        file_type = Concept(iri=f"{_FILE_TYPES}/{kind}", label=LangText({"en": kind}), scheme=_FILE_TYPES)
        return self._node(
            "MediaObject",
            {
                "content": base64.b64encode(data).decode(),
                "contentEncoding": self._concept(_BASE64),
                "contentType": self._concept(file_type),
            },
        )

    # --- people and institutions --------------------------------------------------------------------------------------

    def _issuer(self) -> Node:
        issuer = self._credential.issuer
        if not issuer.country:
            issuer = dataclasses.replace(issuer, country=_COUNTRIES.get(self._sealer.country, self._sealer.country))
        self._check_country(issuer)
        node = super()._organisation(_without_seal_identifier(issuer))
        node["eIDASIdentifier"] = self._node(
            "LegalIdentifier",
            {
                "notation": self._sealer.organisation_id,
                "spatial": self._country(_COUNTRIES.get(self._sealer.country, self._sealer.country)),
            },
        )
        self._bodies[self._credential.issuer] = node
        return node

    def _organisation(self, body: Organisation) -> Node:
        if body not in self._bodies:
            if body.id and body.id == self._credential.issuer.id:
                raise FormatError("format-cannot-write", reason="awarding-body-differs")
            self._check_country(body)
            self._bodies[body] = super()._organisation(body)
        return self._bodies[body]

    def _check_country(self, body: Organisation) -> None:
        if not body.name:
            raise FormatError("format-cannot-write", reason="institution-without-name")
        if not body.country or vocabularies.country_iri(body.country) is None:
            raise FormatError("format-cannot-write", reason="institution-without-country")

    def _country(self, code: str) -> Node:
        iri = vocabularies.country_iri(code)
        if iri is None:
            raise FormatError("format-cannot-write", reason="institution-without-country")
        return self._term("country", iri)

    def _organisation_members(self, body: Organisation) -> Node:
        members = super()._organisation_members(body)
        # An accreditation would need the country of the agency, a logo its bytes: neither is known.
        del members["accreditation"], members["logo"]
        members["additionalNote"] = [note for entry in body.quality_assurance if (note := self._assurance_note(entry))]
        return members

    def _learner(self) -> Node:
        learner = self._credential.learner
        full_name = f"{learner.given_name} {learner.family_name}".strip()
        email = self._node("Mailbox", {}, f"mailto:{learner.email}") if learner.email else None
        born = learner.date_of_birth
        return self._node(
            "Person",
            {
                "givenName": self._name(learner.given_name),
                "familyName": self._name(learner.family_name),
                "fullName": self._name(full_name),
                "dateOfBirth": f"{born.isoformat()}T00:00:00Z" if born else None,
                "contactPoint": self._node("ContactPoint", {"emailAddress": email}) if email else None,
                "identifier": [
                    self._node("Identifier", {"schemeName": entry.scheme, "notation": entry.value})
                    for entry in learner.identifiers
                ],
                "hasClaim": self._claim(),
            },
            learner.id,
        )

    def _name(self, name: str) -> dict[str, str] | None:
        # A name has no language; the Commission's programs write and look it up in that of the credential.
        return {self._tag: name} if name else None

    # --- the award ----------------------------------------------------------------------------------------------------

    def _claim(self) -> Node:
        given, achievement = self._credential, self._achievement
        awarded_by = self._node(
            "AwardingProcess",
            {
                "awardingBody": self._organisation(achievement.awarding_body),
                "awardingDate": f"{given.awarded_on.isoformat()}T00:00:00Z",
            },
        )
        specification = self.specification()
        return self._node(
            "LearningAchievement",
            {
                "title": achievement.title.as_dict(),
                "description": achievement.description.as_dict(),
                "awardedBy": awarded_by,
                "creditReceived": specification.get("creditPoint"),
                "provenBy": self._result(awarded_by),
                "specifiedBy": specification,
                "supplementaryDocument": self._documents(),
                "learningOpportunity": self._opportunity(),
            },
        )

    def _opportunity(self) -> Node | None:
        a = self._achievement
        prices = [
            self._price(price, audience)
            for price, audience in ((a.cost_students, "students"), (a.cost_lifelong, "lifelong"))
            if price is not None and vocabularies.concept("currency", vocabularies.currency_iri(price.currency))
        ]
        if not prices:
            return None
        provider = self._organisation(a.awarding_body)
        return self._node(
            "LearningOpportunity", {"title": a.title.as_dict(), "providedBy": provider, "priceDetail": prices}
        )

    def _price(self, price: Money, audience: str) -> Node:
        unit = self._term("currency", vocabularies.currency_iri(price.currency))
        amount = self._node("Amount", {"unit": unit, "value": decimal_text(price.amount)})
        return self._marked("PriceDetail", {"amount": amount}, f"{names.PRICE}{audience}")

    def _documents(self) -> list[Node]:
        """This will write links: to evidence, and to where the state is kept.

        ELM's own credentialStatus must be a literal to the shapes and is an IRI to JSON-LD; neither holds an index.
        """
        status = [
            self._marked(
                "WebResource",
                {"contentURL": f"{entry.list_url}#{entry.index}"},
                f"{names.STATUS}{entry.purpose}:{number}",
            )
            for number, entry in enumerate(self._credential.status, 1)
        ]
        evidence = self._web(self._credential.evidence_url)
        return [*([evidence] if evidence else []), *status]

    def _result(self, awarded_by: Node) -> Node | None:
        result = self._credential.result
        if result is None:
            return None
        notes = [
            (names.PERCENT, decimal_text(result.percent) if result.percent is not None else ""),
            (names.ECTS_GRADE, result.ects_grade),
        ]
        title = self._achievement.title.as_dict()
        scheme = LangText(result.scheme)
        whole = Concept(iri=names.WHOLE_ASSESSMENT, label=LangText({"en": "Assessment of the whole"}))
        specification = {"title": title, "gradingScheme": self._grading(scheme)} if scheme else None
        return self._node(
            "LearningAssessment",
            {
                "title": title,
                "dcType": self._concept(whole),
                "grade": self._note(LangText(result.grade)) or self._note(LangText("—")),
                "awardedBy": awarded_by,
                "specifiedBy": self._node("LearningAssessmentSpecification", specification) if specification else None,
                "additionalNote": [self._about(subject, LangText(text)) for subject, text in notes if text],
            },
        )

    # --- the specification --------------------------------------------------------------------------------------------

    def specification(self) -> Node:
        kind = "Qualification" if self._is_levelled() else "LearningAchievementSpecification"
        return self._node(kind, self._members(), self._achievement.id)

    def _members(self) -> Node:
        a = self._achievement
        members = super()._members()
        del members["awardingOpportunity"], members["accreditation"]
        members["thematicArea"], members["educationSubject"] = self._in_scheme(a.fields_of_study, _ISCED_F)
        members["nqfLevel"], others = self._in_scheme(a.nqf_levels, _QUALIFICATIONS_REGISTER)
        members["educationLevel"] += others
        if a.learning_type not in vocabularies.LEARNING_TYPE:
            members["learningSetting"] = None
        members["language"] = _unique(
            self._term("language", iri)
            for tag in a.languages
            if (iri := vocabularies.language_iri(tag.partition("-")[0].lower()))
        )
        members["learningOutcome"] = [
            self._outcome(outcome) for outcome in a.outcomes if outcome.text or _skill_label(outcome)
        ]
        members["additionalNote"] += [note for entry in a.quality_assurance if (note := self._assurance_note(entry))]
        return members

    def _in_scheme(self, terms: tuple[Concept, ...], scheme: str) -> tuple[list[Node], list[Node]]:
        inside = [self._concept(term) for term in terms if term.scheme == scheme]
        return inside, [self._concept(term) for term in terms if term.scheme != scheme]

    def _activity(self) -> Node | None:
        contact = self._achievement.contact_hours
        if contact is None:
            return None
        members = {"title": self._achievement.title.as_dict(), "contactHour": decimal_text(contact)}
        return self._node("LearningActivitySpecification", members)

    def _larger_units(self) -> list[Node]:
        kind = "Qualification" if self._is_levelled() else "LearningAchievementSpecification"
        return [
            self._node(kind, {"title": relation.title.as_dict()}, relation.iri)
            for relation in self._achievement.relations
            if relation.kind is RelationKind.PART_OF and relation.title
        ]

    def _outcome(self, outcome: LearningOutcome) -> Node:
        return super()._outcome(dataclasses.replace(outcome, text=outcome.text or _skill_label(outcome)))

    def _assessment_title(self, title: LangText, kind: Concept) -> LangText:
        return title or kind.label or LangText({"en": names.ASSESSMENT})

    def _grading(self, text: LangText) -> Node | None:
        return self._node("GradingScheme", {"title": text.as_dict()}) if text else None

    def _assurance_note(self, entry: QualityAssurance) -> Node | None:
        title = entry.title or LangText({"en": names.ASSURANCE_TITLES.get(entry.kind, "")})
        if not title:
            return None
        dates = [day.isoformat() if day else "…" for day in (entry.valid_from, entry.valid_until)]
        period = " – ".join(dates) if entry.valid_from or entry.valid_until else ""
        said = {}
        for tag, text in title.items():
            rest = ", ".join(part for part in (entry.agency.best(tag), period, entry.evidence_url) if part)
            said[tag] = f"{text}{names.ASSURANCE_DASH}{rest}" if rest else text
        return self._about(f"{names.ASSURANCE_NOTE}{entry.kind}", LangText(said))

    def _about(self, subject: str, text: LangText) -> Node:
        return self._node("Note", {"noteLiteral": text.as_dict(), "subject": self._concept(Concept(iri=subject))})


def _display_language(title: LangText) -> str:
    """This will give the language that the credential is shown in: one of the title's that the vocabulary has."""
    for tag in (title.best_tag(), *title.as_dict()):
        if vocabularies.language_iri(tag.partition("-")[0].lower()):
            return tag
    return "en"


def _language_iri(tag: str) -> str:
    iri = vocabularies.language_iri(tag.partition("-")[0].lower())
    if iri is None:
        raise FormatError("format-cannot-write", reason="language-unknown", value=tag)
    return iri


def _unique(nodes: Any) -> list[Node]:
    return list({node["id"]: node for node in nodes}.values())


def _skill_label(outcome: LearningOutcome) -> LangText:
    return next((skill.label for skill in outcome.skills if skill.label), LangText())


def _without_seal_identifier(issuer: Organisation) -> Organisation:
    kept = tuple(entry for entry in issuer.identifiers if entry.scheme != "eidas")
    return dataclasses.replace(issuer, identifiers=kept)
