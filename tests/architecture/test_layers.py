"""The import contract says what the architecture says, and names everything that is there.

`make check` runs import-linter on the contract; here the contract itself is judged.
"""

import re

from tests.architecture import source

LADDER = (
    "cli > config > demo > portal > strategy > industry > quality > recognition > portfolio"
    " > studio | delivery | issuing | pathways | verification > catalogue > skills | surveys > network > federation"
    " > institutions > accounts > ui > kernel > credentials"
)
# Files that a domain app may have; see docs/adr.
FILES = (
    "apps > urls > middleware > views | endpoints | admin | tasks | exchange > templatetags > forms > operations"
    " > queries > mapping | adapters > notifications > rules > migrations > models > events | slots"
)


def plain(layers: list[str]) -> str:
    return " > ".join(layer.replace("(", "").replace(")", "") for layer in layers)


def test_the_contract_is_the_ladder_of_the_architecture() -> None:
    assert plain(source.CONTRACTS["ladder"]["layers"]) == LADDER


def test_the_contract_has_the_order_of_files_inside_an_app() -> None:
    assert plain(source.CONTRACTS["app-order"]["layers"]) == FILES


def test_only_rungs_that_are_not_there_yet_are_optional() -> None:
    optional = set(re.findall(r"\(([a-z_]+)\)", " ".join(source.CONTRACTS["ladder"]["layers"])))
    there = {path.parent.name for path in source.PACKAGE.glob("*/__init__.py")} | {
        path.stem for path in source.PACKAGE.glob("*.py")
    }
    every_rung = {name for siblings in source.ladder() for name in siblings}
    assert optional == every_rung - there


def test_every_domain_app_keeps_the_order_of_files() -> None:
    containers = [container.removeprefix("openmcx.") for container in source.CONTRACTS["app-order"]["containers"]]
    assert sorted(containers) == sorted(source.domain_apps())
