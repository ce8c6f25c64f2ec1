"""Files that the DGE's team sends: a sound PDF, and those that act or pretend."""

import zlib

START = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
END = b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def pdf(inside: bytes = b"") -> bytes:
    return START + inside + END


def packed(inside: bytes) -> bytes:
    """Objects as most programs write them: compressed."""
    data = zlib.compress(inside)
    return (
        b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n" % len(data) + data + b"\nendstream\n"
    )
