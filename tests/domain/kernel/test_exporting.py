"""Public documents are written as files that outlive the node."""

import json
from pathlib import Path
from typing import Any

import pytest

from openmcx.config.exporting import export
from openmcx.kernel.slots import StaticDocument, static_documents


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Any:
    def register(*documents: StaticDocument) -> None:
        monkeypatch.setattr(static_documents, "_providers", {"tests": lambda question: list(documents)})

    return register


def test_documents_are_written_with_their_media_types(offer: Any, tmp_path: Path) -> None:
    offer(
        StaticDocument("/institutions/a/did.json", "application/did+json", b"{}"),
        StaticDocument("status/1", "application/vc", b"[]"),
    )
    assert export(tmp_path / "out") == 2
    assert (tmp_path / "out/institutions/a/did.json").read_bytes() == b"{}"
    assert json.loads((tmp_path / "out/media-types.json").read_text()) == {
        "institutions/a/did.json": "application/did+json",
        "status/1": "application/vc",
    }
    assert not list((tmp_path / "out").rglob("*.part"))


def test_writing_again_replaces(offer: Any, tmp_path: Path) -> None:
    offer(StaticDocument("a", "text/plain", b"old and long"))
    export(tmp_path)
    offer(StaticDocument("a", "text/plain", b"new"))
    export(tmp_path)
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("path", ["../a", "/a/../../b", "", "/"])
def test_nothing_is_written_outside(offer: Any, tmp_path: Path, path: str) -> None:
    offer(StaticDocument(path, "text/plain", b"x"))
    with pytest.raises(ValueError, match="below the folder"):
        export(tmp_path / "out")
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "b").exists()
