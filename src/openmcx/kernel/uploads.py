"""Stops reading an upload at the limit, whatever its stated length was."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class CappedHandler(FileUploadHandler):
    """Counts the bytes of all files of one request; stands before the handlers that store them."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """This will pass the bytes on while they are within the limit.

        Raises: RequestDataTooBig.
        """
        self._seen += len(raw_data)
        if self._seen > settings.OPENMCX_MAX_UPLOAD_BYTES:
            raise RequestDataTooBig(f"the upload is larger than {settings.OPENMCX_MAX_UPLOAD_BYTES} bytes")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """This will leave the file to the handlers after this one."""
        return
