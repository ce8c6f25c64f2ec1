"""What is taken as a document, by its content alone, and in which words the rest is refused."""

from io import BytesIO

import pytest

from editorial import documents
from editorial.documents import UnreadableDocument, read
from tests import pictures
from tests.editorial import files

HOSTILE = {
    "SVG": (pictures.SVG, "ni un PDF ni une image"),
    "HTML": (b"<!DOCTYPE html><script>alert(1)</script>", "ni un PDF ni une image"),
    "HTML before a PDF": (b"<script>alert(1)</script>\n" + files.pdf(), "ni un PDF ni une image"),
    "EICAR": (pictures.EICAR, "ni un PDF ni une image"),
    "archive": (pictures.ZIP, "ni un PDF ni une image"),
    "animated image": (pictures.GIF, "ni un PDF ni une image"),
    "program": (b"MZ\x90\0" + bytes(64), "ni un PDF ni une image"),
    "PDF cut short": (files.START, "incomplet"),
    "PDF with a program": (files.pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "contient un programme"),
    "PDF with a program in disguise": (files.pdf(b"<< /S /J#61vaScript >>"), "contient un programme"),
    "PDF with a packed program": (files.pdf(files.packed(b"<< /S /JavaScript >>")), "contient un programme"),
    "PDF that starts another program": (files.pdf(b"<< /S /Launch /F (cmd.exe) >>"), "contient un programme"),
    "PDF with a file in it": (files.pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), "contient un fichier joint"),
    "PDF behind a password": (files.pdf(b"<< /Encrypt 4 0 R >>"), "mot de passe"),
    "image bomb": (pictures.bomb(), "trop de pixels"),
    "image cut short": (pictures.photograph()[:4000], "abîmée"),
}


@pytest.mark.parametrize(("data", "words"), HOSTILE.values(), ids=HOSTILE)
def test_what_acts_or_pretends_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableDocument, match=words):
        read(BytesIO(data))


def test_a_pdf_is_offered_as_it_came() -> None:
    data = files.pdf(files.packed(b"<< /Type /Page /URI (https://www.exemple.fr) >>"))

    document = read(BytesIO(data))

    assert (document.data, document.extension) == (data, "pdf")


def test_a_pdf_made_to_exhaust_its_reader_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_OPENED", 1000)

    with pytest.raises(UnreadableDocument, match="trop lourd"):
        read(BytesIO(files.pdf(files.packed(bytes(500)) + files.packed(bytes(600)))))


def test_objects_without_an_end_are_read_once_however_many() -> None:
    assert read(BytesIO(files.pdf(b"/ObjStm stream\n" * 200_000))).extension == "pdf"


def test_objects_that_do_not_open_are_passed_over() -> None:
    broken = files.packed(b"<< >>").replace(b"stream\n", b"stream\n\0", 1)

    assert read(BytesIO(files.pdf(broken))).extension == "pdf"


def test_an_image_is_drawn_anew() -> None:
    data = pictures.image("JPEG") + b"<script>alert(1)</script>"

    document = read(BytesIO(data))

    assert document.extension == "jpg"
    assert b"<script>" not in document.data
