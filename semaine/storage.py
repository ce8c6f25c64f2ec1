"""Where files live: the portal's own under names that change with their content, people's whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True


class MediaStorage(FileSystemStorage):
    """A file appears under its name once it is whole and on the disk; a disk that fills leaves nothing of it."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Nothing where nobody sent anything yet, as object storage has it."""
        try:
            return super().listdir(path)
        except FileNotFoundError:
            return [], []

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=target.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(part).chmod(0o644)
            Path(part).replace(target)
        finally:
            with suppress(FileNotFoundError):
                Path(part).unlink()
        return name
