"""Files that the DGE's team offers: a PDF as it came, once nothing in it acts by itself, or an image drawn anew.

There is no antivirus: what is taken is narrow, is only ever downloaded, and comes from staff alone.
"""

import re
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from events.images import UnreadableImage, draw

FOLDER = "editorial"
ACCEPTED = "Formats acceptés : PDF, PNG, JPEG et WebP."
# The objects of a PDF that stand compressed: beyond so many bytes once opened, it is made to exhaust its reader.
MOST_OPENED = 64 * 1024 * 1024
_ACTIVE = {
    rb"/(?:JavaScript|Launch|RichMedia|ImportData)\b": "Ce PDF contient un programme",
    rb"/(?:EmbeddedFiles?|Filespec)\b": "Ce PDF contient un fichier joint",
    rb"/Encrypt\b": "Ce PDF est protégé par un mot de passe",
}
_IMAGE = re.compile(rb"\x89PNG|\xff\xd8\xff|RIFF....WEBP", re.DOTALL)


class UnreadableDocument(Exception):
    """The file is not one that the portal offers; its text is a French sentence for the one who sent it."""


@dataclass(frozen=True)
class Document:
    data: bytes
    extension: str


def read(file: IO[bytes]) -> Document:
    """Read ``file``, by its content and not by its name. Raises UnreadableDocument."""
    data = file.read()
    if data.startswith(b"%PDF-"):
        _refuse_what_acts(data)
        return Document(data, "pdf")
    if not _IMAGE.match(data):
        raise UnreadableDocument(f"Ce fichier n’est ni un PDF ni une image. {ACCEPTED}")
    file.seek(0)
    try:
        drawn = draw(file)
    except UnreadableImage as fault:
        raise UnreadableDocument(str(fault)) from None
    return Document(drawn.data, drawn.extension)


def keep(data: bytes, extension: str) -> str:
    """Store a file under a random name, which is returned. Raises OSError, with nothing kept, on a full disk."""
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.{extension}", ContentFile(data))


def _refuse_what_acts(data: bytes) -> None:
    if b"%%EOF" not in data[-1024:]:
        raise UnreadableDocument("Ce PDF est incomplet : enregistrez-le de nouveau et recommencez.")
    for part in (data, *_opened(data)):
        # A name may be written in codes: /JavaScript, /J#61vaScript.
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), part)
        for pattern, fault in _ACTIVE.items():
            if re.search(pattern, plain):
                raise UnreadableDocument(f"{fault} : enregistrez-le en PDF simple (PDF/A), puis recommencez.")


def _opened(data: bytes) -> Iterator[bytes]:
    """The compressed objects of a PDF; one that does not open shows nothing to a reader either."""
    left = MOST_OPENED
    for packed in _packed(data):
        try:
            part = zlib.decompressobj().decompress(packed, left)
        except zlib.error:
            continue
        left -= len(part)
        if left <= 0:
            raise UnreadableDocument("Ce PDF est trop lourd une fois ouvert : allégez-le, puis recommencez.")
        yield part


def _packed(data: bytes) -> Iterator[bytes]:
    """What stands between « stream » and « endstream » of each, read once from end to end."""
    at = data.find(b"/ObjStm")
    while at >= 0:
        begin = data.find(b"stream", at)
        end = data.find(b"endstream", begin)
        if begin < 0 or end < 0:
            return
        yield data[begin + len(b"stream") : end].lstrip(b"\r\n")
        at = data.find(b"/ObjStm", end)
