"""The badges of version 2.0 that 1EdTech publishes as samples; what lies at their addresses is put there."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats.baking import unbake
from openmcx.credentials.formats.open_badges_2 import verify
from tests import shared_data

pytestmark = pytest.mark.shared

NOW = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
BADGE = {"id": "https://example.org/robotics-badge.json", "name": "Robotics", "issuer": "https://example.org/issuer"}
ISSUER = {"id": "https://example.org/issuer", "name": "Example"}


@pytest.fixture(scope="module")
def folder() -> Path:
    if shared_data.ROOT is None:
        pytest.fail("The samples are missing: name the folder of the test data in OPENMCX_SHARED.")
    return shared_data.ROOT / "openbadges-v2"


def fetching(*pages: Any) -> Any:
    found = {page["id"]: json.dumps(page).encode() for page in pages}
    return lambda address: found[address]


def test_a_baked_badge_is_genuine_when_it_lies_at_its_address(folder: Path) -> None:
    baked = unbake((folder / "simple-badge.png").read_bytes())
    assert baked is not None
    assertion = json.loads(baked.text)
    badge = verify(baked.text, fetch=fetching(assertion, BADGE, ISSUER), at=NOW)
    assert (badge.domain, badge.problems, badge.recipient.salt) == ("example.org", (), "deadsea")
    # The same badge, published later with evidence: this one is not that one.
    with pytest.raises(CredentialError, match="another badge"):
        published = json.loads((folder / "basic-assertion.json").read_bytes())
        verify(baked.text, fetch=fetching(published, BADGE, ISSUER), at=NOW)


def test_a_signed_badge_whose_key_has_no_https_address_is_refused(folder: Path) -> None:
    token = (folder / "simple.jwt").read_text("ascii")
    with pytest.raises(CredentialError) as caught:
        verify(token, fetch=fetching(BADGE, ISSUER), at=NOW)
    assert caught.value.code == "badge-address-not-https"
