"""The repository agrees with itself: licences, pinned requirements, Python versions, nothing of anybody's machine."""

import re
import subprocess

import pytest

from tests.architecture import source

ROOT = source.ROOT
PROJECT = source.PROJECT["project"]
VERSIONS = ["3.12", "3.13", "3.14"]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))

# Put together here, so that this file does not hold what it looks for.
REGISTRIES = ["py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "registry." + "yarnpkg", "deb." + "debian"]
MACHINE = ["work", "tmp", "root"]


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def lines_with(pattern: str, *, outside: tuple[str, ...] = ()) -> list[str]:
    found = []
    for name in tracked():
        if name.startswith(outside):
            continue
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{number}" for number, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)]
    return found


def test_no_package_registry_is_named() -> None:
    assert lines_with("|".join(map(re.escape, REGISTRIES))) == []


def test_no_path_of_a_machine_is_named() -> None:
    # Whatever is copied keeps its bytes; behind a host name or another folder such a path is none of a machine.
    copied = tuple(name.rsplit("/", 1)[0] for name in tracked() if name.endswith("/SOURCE.txt"))
    assert lines_with(rf"(?<![\w.~$}}-])/(?:{'|'.join(MACHINE)})/\w", outside=("LICENSES/", *copied)) == []


def test_the_licence_is_the_eupl() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("European Union Public Licence\nV. 1.2\n")
    assert "15. Applicable Law" in text
    assert PROJECT["license"] == "EUPL-1.2"


def test_the_notice_names_everything_that_came_from_elsewhere() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    folders = [name.rsplit("/", 1)[0] for name in tracked() if name.endswith("SOURCE.txt")]
    assert [folder for folder in folders if folder not in notice] == []


def test_the_notice_names_nothing_that_is_gone() -> None:
    named = re.findall(r"^(?:src|tests|docs)/\S+", (ROOT / "NOTICE").read_text("utf-8"), re.MULTILINE)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_requirements_are_pinned_with_hashes(path: object) -> None:
    text = (ROOT / "requirements" / str(path)).read_text("utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + re.sub(r"(?m)^\s*#.*\n?", "", text))[1:]
    assert entries
    assert [entry for entry in entries if not re.match(r"\S+==\S+ .*\\\n\s+--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert re.findall(r"(?m)^\s*-\S+|://", re.sub(r"--hash=\S+", "", text).replace("-c ", "")) == []


def test_requirement_files_agree_on_every_version() -> None:
    chosen: dict[str, list[set[str]]] = {}
    for path in REQUIREMENTS:
        here: dict[str, set[str]] = {}  # a package may have one version for each range of Python
        for name, version in re.findall(r"(?m)^([a-z0-9._-]+)(?:\[\S+\])?==(\S+)", path.read_text("utf-8")):
            here.setdefault(name, set()).add(version)
        for name, versions in here.items():
            chosen.setdefault(name, []).append(versions)
    assert {name: files for name, files in chosen.items() if any(one != files[0] for one in files)} == {}


def test_every_direct_requirement_is_locked() -> None:
    groups = {"base": PROJECT["dependencies"], **source.PROJECT["dependency-groups"]}
    groups["postgresql"] = PROJECT["optional-dependencies"]["postgresql"]
    groups["build"] = source.PROJECT["build-system"]["requires"]
    missing = []
    for group, wanted in groups.items():
        locked = set(re.findall(r"(?m)^([a-z0-9._-]+)(?:\[\S+\])?==", (ROOT / f"requirements/{group}.txt").read_text()))
        names = [re.match(r"[A-Za-z0-9._-]+", entry)[0].lower().replace("_", "-") for entry in wanted]  # type: ignore[index]
        missing += [f"{group}: {name}" for name in names if name not in locked]
    assert missing == [], "run `make lock`"


def test_python_versions_agree() -> None:
    classifiers = [name.rsplit(" ", 1)[1] for name in PROJECT["classifiers"] if "Python :: 3." in name]
    script = (ROOT / "scripts" / "find_python.sh").read_text("utf-8")
    assert classifiers == VERSIONS
    assert PROJECT["requires-python"] == ">=3.12,<3.15"
    assert "(3, 12) <= sys.version_info[:2] <= (3, 14)" in script
    assert sorted(re.findall(r"python(3\.\d+)", script.split('candidates="')[1].split('"')[0])) == VERSIONS
    assert (ROOT / ".python-version").read_text("utf-8").strip() in VERSIONS
    assert source.PROJECT["tool"]["ruff"]["target-version"] == "py312"
    assert source.PROJECT["tool"]["mypy"]["python_version"] == "3.12"


def test_npm_lockfiles_name_no_addresses() -> None:
    wrong = []
    for name in tracked():
        if name.endswith("package-lock.json"):
            wrong += [name for line in (ROOT / name).read_text("utf-8").splitlines() if '"resolved"' in line]
    assert wrong == []


def test_what_runs_is_ignored_by_git() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {".venv/", ".oracles/", "var/", "node_modules/", "docs/_build/"} <= set(ignored)


def test_large_files_stay_out() -> None:
    assert [name for name in tracked() if (ROOT / name).stat().st_size > 1_500_000] == []


def test_source_files_stay_readable() -> None:
    """A file past some 400 lines becomes a package of the same name; tables of data may be longer."""
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in source.modules().values()
        if "migrations" not in path.parts and (count := len(path.read_text("utf-8").splitlines())) > 500
    ]
    assert long == []


def test_change_fragments_have_a_known_kind() -> None:
    kinds = "|".join(entry["directory"] for entry in source.PROJECT["tool"]["towncrier"]["type"])
    fragments = [
        name for name in tracked() if name.startswith("changes/") and not name.endswith(("README.md", ".gitignore"))
    ]
    assert fragments
    assert [name for name in fragments if not re.fullmatch(rf"changes/[a-z0-9+-]+\.({kinds})\.md", name)] == []
