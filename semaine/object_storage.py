"""Media in a bucket that speaks S3's language, for portals of more than one machine; needs the operator's packages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


@contextmanager
def as_os_errors() -> Iterator[None]:
    """What a bucket refuses is told as what a disk refuses is: callers know one kind of storage."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The object storage refused: {type(error).__name__}.") from error


class ObjectMediaStorage(S3Storage):  # type: ignore[misc]
    """Private objects under their random names: the portal serves them, as it does files of a disk."""

    def get_default_settings(self) -> dict[str, Any]:
        """Somebody waits for the page: a bucket that does not answer is given up soon."""
        config = Config(
            connect_timeout=2,
            read_timeout=10,
            retries={"total_max_attempts": 2},
            # Sums that Amazon's own servers alone are sure to know; others refuse what bears them.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return {**super().get_default_settings(), "client_config": config}

    def _save(self, name: str, content: Any) -> str:
        with as_os_errors():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Read whole, so that a bucket that fails does so here. Raises FileNotFoundError, OSError."""
        with as_os_errors():
            file = super()._open(name, mode)
            file.read()
            file.seek(0)
            return file

    def exists(self, name: str) -> bool:
        with as_os_errors():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with as_os_errors():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with as_os_errors():
            folders, files = super().listdir(name)
        return list(folders), list(files)

    def get_modified_time(self, name: str) -> datetime:
        with as_os_errors():
            return super().get_modified_time(name)  # type: ignore[no-any-return]
