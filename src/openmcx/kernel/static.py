"""Static files by addresses that hold a digest of their content, compressed once and kept in memory.

They are served from the packages themselves, so there is nothing to collect before a start and nothing that could be
left over from the version before. There are some twenty files of a few kilobytes each.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]  # ships no types

_WITH_DIGEST = re.compile(r"(?P<stem>.+)\.(?P<digest>[0-9a-f]{12})(?P<ending>\.[a-z0-9]+)")
_FOR_EVER = "public, max-age=31536000, immutable"
# Other kinds of files are compressed already.
_COMPRESSED = {".css", ".js", ".svg", ".json", ".txt"}


@dataclass(frozen=True)
class _Kept:
    digest: str
    plain: bytes
    packed: bytes | None
    """Smaller than `plain`, or None."""


@cache
def _kept(path: str) -> _Kept:
    plain = Path(path).read_bytes()
    packed = gzip.compress(plain, 9, mtime=0) if Path(path).suffix in _COMPRESSED else None
    digest = hashlib.sha256(plain).hexdigest()[:12]
    return _Kept(digest, plain, packed if packed and len(packed) < len(plain) else None)


class VersionedStorage(StaticFilesStorage):
    """Makes the addresses that `{% static %}` writes: `ui/ui.css` becomes `ui/ui.<digest>.css`."""

    def url(self, name: str | None, *arguments: Any, **named: Any) -> str:
        """This will give the address of a file.

        Raises: ValueError when there is no such file, so that a mistyped name fails in the tests.
        """
        assert name is not None
        if settings.DEBUG:  # files change while somebody works on them
            return super().url(name, *arguments, **named)
        path = finders.find(name)
        if path is None:
            raise ValueError(f"There is no static file “{name}”.")
        stem, dot, ending = name.rpartition(".")
        return super().url(f"{stem}.{_kept(path).digest}{dot}{ending}", *arguments, **named)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # as above
    """Serves what `VersionedStorage` gave an address, for ever cacheable; the rest is WhiteNoise's."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._paths: dict[str, str] = {}
        super().__init__(*arguments, **named)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        """This will remember where a file lies, so that no address from outside ever becomes a path."""
        self._paths[url] = path
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will answer with a static file, or go on."""
        found = _WITH_DIGEST.fullmatch(request.path_info)
        plain_url = f"{found['stem']}{found['ending']}" if found else ""
        if found is None or plain_url not in self._paths:
            answer: HttpResponse = super().__call__(request)
            return answer
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        kept = _kept(self._paths[plain_url])
        if kept.digest != found["digest"]:
            # A page of another version asks, as they do while a new one starts: what we have, but not for ever.
            answer = self.serve(self.files[plain_url], request)
        else:
            answer = self._answer(request, kept, plain_url)
        return answer

    def _answer(self, request: HttpRequest, kept: _Kept, url: str) -> HttpResponse:
        headers = {"Cache-Control": _FOR_EVER, "Content-Type": self._content_type(url)}
        body = kept.plain
        if kept.packed is not None:
            headers["Vary"] = "Accept-Encoding"
            if _accepts_gzip(request.headers.get("Accept-Encoding", "")):
                headers["Content-Encoding"] = "gzip"
                body = kept.packed
        headers["Content-Length"] = str(len(body))
        return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)

    def _content_type(self, url: str) -> str:
        kind: str = self.media_types.get_type(url)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _accepts_gzip(header: str) -> bool:
    """Source: RFC 9110, section 12.5.3; a weight of zero is a no."""
    for one in header.split(","):
        coding, parameters = parse_header_parameters(one.strip())
        if coding in {"gzip", "*"}:
            return parameters.get("q", "1").strip("0.") != ""
    return False
