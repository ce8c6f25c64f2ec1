"""What the portal takes of the files that people send: so much a request, so much a file, all of it in memory."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

# Four files of eight mebibytes and the text around them; the proxy's limit is the same.
LARGEST_BODY = 34 * 1024 * 1024
LARGEST_FILE = 8 * 1024 * 1024


def is_oversized(request: HttpRequest) -> bool:
    """By what its sender announces: a body without a length counts as empty, and not a byte more is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return announced.isascii() and announced.isdigit() and int(announced) > LARGEST_BODY


class BoundedUploadHandler(FileUploadHandler):
    """Keeps files in memory, and no more of each than is wanted: a larger one keeps its size and loses its end."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= LARGEST_FILE:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
