"""Writes the documents that must outlive the node."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from django.conf import settings
from django_scopes import scopes_disabled

from openmcx.demo import operations as demo_operations
from openmcx.kernel import slots


def fault_of_the_address() -> str:
    """This will tell when the demonstration's credentials name another address: such files would help nobody."""
    built_for = demo_operations.built_for() if settings.OPENMCX_DEMO else ""
    if built_for in ("", settings.OPENMCX_BASE_URL):
        return ""
    return (
        f"This demonstration was built for {built_for}, which its credentials name, not for "
        f"{settings.OPENMCX_BASE_URL}. Set OPENMCX_LISTEN={urlsplit(built_for).netloc} and repeat the command."
    )


def export(folder: Path) -> int:
    """This will write every public document below the folder, with a list of media types, and return how many.

    A file is written beside its place and then moved there, so that a web server never reads half of one.

    Raises: OSError when one cannot be written.
    """
    media_types = {}
    with scopes_disabled():
        documents = [document for answer in slots.static_documents.ask(None) for document in answer]
    for document in documents:
        relative = PurePosixPath(document.path.lstrip("/"))
        if ".." in relative.parts or not relative.parts:
            raise ValueError(f"{document.path!r} is no path below the folder")
        path = folder.joinpath(*relative.parts)
        _replace(path, document.body)
        media_types[str(relative)] = document.media_type
    _replace(folder / "media-types.json", f"{json.dumps(media_types, indent=2, sort_keys=True)}\n".encode())
    return len(documents)


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
