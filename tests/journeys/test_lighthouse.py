"""Lighthouse, another judge of pages than axe: what it says of all but their speed, which differs from run to run."""

from typing import Any

import pytest

from benchmarks import lighthouse

pytestmark = [pytest.mark.browser, pytest.mark.oracle]


def test_public_pages_are_as_wanted(node: Any) -> None:
    assert lighthouse.missing() is None
    judged = lighthouse.judge(node.url)
    under = {
        one.name: {name: one.faults[name] for name in lighthouse.missed(one) if name != "performance"} for one in judged
    }
    assert {name: faults for name, faults in under.items() if faults} == {}
    assert len(judged) == 4
