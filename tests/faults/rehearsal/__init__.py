"""The migrations of ``events``, and after them those that a release would bring: expand, fill, index, contract."""

from pathlib import Path

from events import migrations

__path__.extend(migrations.__path__)
LAST = max(path.stem for folder in migrations.__path__ for path in Path(folder).glob("0*.py"))
