"""The one script that stands in a page itself: light or dark is settled before anything shows, and no file waited for.

The content security policy allows it by its hash, and no other.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from django.utils.safestring import mark_safe

_FILE = Path(__file__).resolve().parent.parent / "static" / "js" / "theme.js"

_LINES = (line.strip() for line in _FILE.read_text().splitlines())
SCRIPT = mark_safe("".join(line for line in _LINES if not line.startswith("//")))  # noqa: S308
SOURCE = f"'sha256-{b64encode(sha256(SCRIPT.encode()).digest()).decode()}'"
