"""A specification as schema.org JSON-LD, for search engines.

Source: https://schema.org/Course, https://schema.org/EducationalOccupationalCredential (version 29).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openmcx.catalogue.mapping.elements import ELEMENTS, label_of
from openmcx.catalogue.mapping.presentation import web_address
from openmcx.catalogue.rules import plain
from openmcx.credentials.model import Achievement, Concept, LangText, Money, Organisation, TargetGroup

_MODES = {"online": "online", "onsite": "onsite", "blended": "blended", "hybrid": "blended", "work-based": "onsite"}


def course(achievement: Achievement, *, url: str, languages: Sequence[str], published: str = "") -> dict[str, Any]:
    """This will describe the micro-credential as a Course that awards an EducationalOccupationalCredential."""
    text = _chooser(languages)
    provider = _organisation(achievement.awarding_body, languages)
    outcomes = [text(outcome.text) for outcome in achievement.outcomes]
    skills = {skill.iri: text(skill.label) for outcome in achievement.outcomes for skill in outcome.skills}
    level = (
        {
            "@type": "DefinedTerm",
            "name": f"EQF {achievement.eqf_level}",
            "termCode": str(achievement.eqf_level),
            "inDefinedTermSet": "http://data.europa.eu/snb/eqf/25831c2",
        }
        if achievement.eqf_level
        else None
    )
    competencies = [_term(iri, name) for iri, name in skills.items()]
    hours = f"PT{plain(achievement.workload_hours)}H" if achievement.workload_hours else None
    credential = {
        "@type": "EducationalOccupationalCredential",
        "name": text(achievement.title),
        "credentialCategory": "micro-credential",
        "educationalLevel": level,
        "competencyRequired": competencies or None,
        "recognizedBy": [
            {"@type": "Organization", "name": text(statement.agency)}
            for statement in achievement.quality_assurance
            if statement.agency
        ],
        "validFor": f"P{achievement.validity_months}M" if achievement.validity_months else None,
    }
    described: dict[str, Any] = _cleaned(
        {
            "@context": "https://schema.org",
            "@type": "Course",
            "@id": achievement.id,
            "url": url,
            "identifier": achievement.id,
            "name": text(achievement.title),
            "description": text(achievement.description) or text(achievement.title),
            "inLanguage": list(achievement.languages) or None,
            "version": achievement.version,
            "datePublished": published or None,
            "provider": provider,
            "about": [_term(concept.iri, _label(concept, languages)) for concept in achievement.fields_of_study],
            "teaches": [*outcomes, *competencies],
            "educationalLevel": level,
            "timeRequired": hours,
            "numberOfCredits": {
                "@type": "StructuredValue",
                "name": "ECTS",
                "value": plain(achievement.workload_ects),
            }
            if achievement.workload_ects
            else None,
            "coursePrerequisites": text(achievement.prerequisites) or None,
            "assesses": outcomes or None,
            "educationalCredentialAwarded": credential,
            "offers": [
                offer
                for offer in (
                    _offer(achievement.cost_students, TargetGroup.ACADEMIC),
                    _offer(achievement.cost_lifelong, TargetGroup.LIFELONG),
                )
                if offer
            ],
            "hasCourseInstance": {
                "@type": "CourseInstance",
                "courseMode": _MODES[achievement.participation],
                "courseWorkload": hours,
            }
            if achievement.participation
            else None,
            "image": web_address(achievement.image_url) or None,
            "sameAs": web_address(achievement.homepage) or None,
        }
    )
    return described


def _chooser(languages: Sequence[str]) -> Any:
    return lambda text: text.best(*languages) if isinstance(text, LangText) else str(text)


def _label(concept: Concept, languages: Sequence[str]) -> str:
    return concept.label.best(*languages) or concept.iri


def _term(iri: str, name: str) -> dict[str, str]:
    return {"@type": "DefinedTerm", "@id": iri, "name": name, "url": web_address(iri)}


def _organisation(body: Organisation, languages: Sequence[str]) -> dict[str, Any]:
    return {
        "@type": "EducationalOrganization",
        "@id": body.id,
        "name": body.name.best(*languages),
        "url": web_address(body.url) or None,
        "address": {"@type": "PostalAddress", "addressCountry": body.country} if body.country else None,
    }


def _offer(cost: Money | None, group: TargetGroup) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "@type": "Offer",
        "category": "Free" if not cost.amount else "Paid",
        "price": str(cost.amount),
        "priceCurrency": cost.currency,
        "eligibleCustomerType": str(label_of(ELEMENTS["target_groups"], group)),
    }


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value
