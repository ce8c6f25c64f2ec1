"""Files that people send as images: sound ones, and what else comes by that way."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ZIP = b"PK\x03\x04" + bytes(26) + b"word/document.xml"


def image(kind: str = "PNG", size: tuple[int, int] = (10, 10), mode: str = "RGB", **options: Any) -> bytes:
    written = BytesIO()
    Image.new(mode, size, options.pop("color", 128 if mode == "L" else None)).save(written, kind, **options)
    return written.getvalue()


def photograph(kind: str = "JPEG", size: tuple[int, int] = (1200, 900), **options: Any) -> bytes:
    """Noise, which no format makes small."""
    written = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(written, kind, **options)
    return written.getvalue()


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A PNG of a few bytes that says it is that large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(100))) + _chunk(b"IEND")


def animated(frames: int, kind: str = "PNG") -> bytes:
    written = BytesIO()
    pictures = [Image.new("RGB", (4, 4), (number * 90 % 256, 0, number // 256)) for number in range(frames)]
    pictures[0].save(written, kind, save_all=True, append_images=pictures[1:])
    return written.getvalue()


def _chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
