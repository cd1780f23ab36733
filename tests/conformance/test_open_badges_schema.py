"""What we issue fits the JSON Schema that 1EdTech publishes for Open Badges 3.0."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from openmcx.credentials import issue
from openmcx.credentials.formats import open_badges
from openmcx.credentials.model import Credential
from tests import shared_data
from tests.credentials import examples

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft201909Validator:
    if shared_data.ROOT is None:
        pytest.fail("The schemas are missing: name the folder of the test data in OPENMCX_SHARED.")
    folder: Path = shared_data.ROOT / "schemas" / "openbadges-v3"
    schema = json.loads((folder / "ob_v3p0_achievementcredential_schema.json").read_text("utf-8"))
    return jsonschema.Draft201909Validator(schema, format_checker=jsonschema.FormatChecker())


def faults(validator: jsonschema.Draft201909Validator, document: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


def test_a_credential_with_everything_fits(validator: jsonschema.Draft201909Validator) -> None:
    signed = issue(examples.CREDENTIAL, signer=examples.SIGNER, created=examples.SIGNED_AT)
    assert faults(validator, signed) == []


def test_the_schema_would_notice_a_fault(validator: jsonschema.Draft201909Validator) -> None:
    document = open_badges.write(examples.CREDENTIAL)
    document["credentialSubject"]["achievement"]["achievementType"] = "Micro-Credential"
    assert faults(validator, document) != []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(credential=examples.credentials)
def test_any_credential_with_at_most_one_status_fits(
    validator: jsonschema.Draft201909Validator, credential: Credential
) -> None:
    document = open_badges.write(credential)
    # The schema knows one entry; the data model allows several.
    if isinstance(document.get("credentialStatus"), list):
        document["credentialStatus"] = document["credentialStatus"][0]
    assert faults(validator, document) == []
