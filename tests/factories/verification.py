"""Signed credentials for tests, made by the core with the institutions' real keys."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import orjson

from openmcx.credentials.issue import issue
from openmcx.credentials.keys import Ed25519Signer, generate_ed25519
from openmcx.credentials.keys.did_key import did_key
from openmcx.credentials.model import (
    Achievement,
    Concept,
    Credential,
    LangText,
    Learner,
    LearningOutcome,
    Organisation,
    Result,
    Skill,
)
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution
from tests.factories.accounts import AT

CREATED = AT + dt.timedelta(days=1)
NOW = AT + dt.timedelta(days=30)


def credential(issuer: Organisation, **changes: Any) -> Credential:
    """This will describe an award; every field of it may be given."""
    achievement = Achievement(
        id="https://lakeside.example/robotics/v1",
        title=LangText({"en": "Robotics", "de": "Robotik"}),
        awarding_body=issuer,
        description=LangText({"en": "Working beside robots."}),
        criteria=LangText({"en": "Pass the examination."}),
        workload_ects=Decimal("2.5"),
        workload_hours=Decimal(65),
        eqf_level=6,
        fields_of_study=(
            Concept(
                iri="http://data.europa.eu/snb/isced-f/0714",
                label=LangText({"en": "Electronics and automation"}),
                scheme="http://data.europa.eu/snb/isced-f/25831c2",
            ),
        ),
        outcomes=(
            LearningOutcome(
                text=LangText({"en": "Program a robot.", "de": "Einen Roboter programmieren."}),
                skills=(
                    Skill(
                        iri="http://data.europa.eu/esco/skill/e87ec79a-c9ff-46f5-84fa-7a0f394cdf40",
                        label=LangText({"en": "robotics"}),
                    ),
                ),
            ),
        ),
    )
    values: dict[str, Any] = {
        "id": "urn:uuid:0198c0de-0000-7000-8000-000000000001",
        "issuer": issuer,
        "achievement": achievement,
        "learner": Learner(
            id="urn:uuid:0198c0de-0000-7000-8000-000000000002", given_name="Leon", family_name="Learner"
        ),
        "awarded_on": CREATED.date(),
        "valid_from": CREATED,
        "result": Result(grade="4", percent=Decimal(81)),
    }
    return Credential(**(values | changes))


def signed(by: Institution, **changes: Any) -> bytes:
    """This will give a credential signed with the institution's active key."""
    issuer = changes.pop("issuer", None) or institution_queries.organisation(by)
    document = issue(credential(issuer, **changes), signer=institution_queries.signer(by.pk), created=CREATED)
    return orjson.dumps(document)


def signed_by_stranger(**changes: Any) -> bytes:
    """This will give a credential of an issuer whom nobody knows."""
    secret = generate_ed25519()
    key = Ed25519Signer(secret, "did:key:unknown").public_key
    did = did_key(key)
    signer = Ed25519Signer(secret, f"{did}#{did.removeprefix('did:key:')}")
    issuer = Organisation(id=did, name=LangText({"en": "University of Lakeside"}))
    return orjson.dumps(issue(credential(issuer, **changes), signer=signer, created=CREATED))
