"""An app speaks to another through its front door only: models, rules, queries, operations, events and slots."""

import pytest

from tests.architecture import source

FRONT_DOOR = {"models", "rules", "queries", "operations", "events", "slots"}


def strangers(app: str) -> list[str]:
    """This will list what an app imports from behind another app's front door."""
    found = []
    for name, path in source.modules().items():
        if name.split(".")[1:2] != [app]:
            continue
        for imported, line in sorted(source.imports(name)):
            parts = imported.split(".")
            if parts[0] != "openmcx" or len(parts) < 2 or parts[1] not in source.apps():
                continue
            if parts[1] == app or parts[1] in source.OPEN_TO_ALL:
                continue
            if len(parts) == 2 or parts[2] not in FRONT_DOOR:
                found.append(f"{source.where(path, line)} imports {imported}")
    return found


@pytest.mark.parametrize("app", source.apps())
def test_app_uses_front_doors_only(app: str) -> None:
    assert strangers(app) == []


def test_the_core_imports_nothing_of_ours() -> None:
    found = [
        f"{source.where(source.modules()[name], line)} imports {imported}"
        for name in source.modules()
        if name.startswith("openmcx.credentials")
        for imported, line in sorted(source.imports(name))
        if imported.startswith("openmcx.") and not imported.startswith("openmcx.credentials")
    ]
    assert found == []
