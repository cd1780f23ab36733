"""The pictures that 1EdTech publishes as samples of baked badges."""

import json
from pathlib import Path

import pytest

from openmcx.credentials.formats.baking import bake, unbake
from tests import shared_data

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def root() -> Path:
    if shared_data.ROOT is None:
        pytest.fail("The samples are missing: name the folder of the test data in OPENMCX_SHARED.")
    return shared_data.ROOT


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("openbadges-v2/simple-badge.png", "open-badge-2"),
        ("openbadges-v3/simple-json.png", "open-badge-3"),
        ("openbadges-v3/simple-jwt.svg", "open-badge-3"),
    ],
)
def test_the_samples_are_read_and_can_be_baked_anew(root: Path, path: str, kind: str) -> None:
    picture = (root / path).read_bytes()
    baked = unbake(picture)
    assert baked is not None
    assert baked.kind == kind
    if path.endswith("svg"):
        assert baked.text.startswith("eyJ")
        assert baked.text.encode() in picture
    else:
        assert json.loads(baked.text)["type"]
    again = unbake(bake(picture, baked.text))
    assert again is not None
    assert (again.kind, again.text) == ("open-badge-3", baked.text)
