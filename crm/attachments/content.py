"""What a file is, by its content: its name and what the browser calls it prove nothing. Pure: no Django."""

import io
import zipfile
from collections.abc import Callable
from unicodedata import category

# (media type, extension, how the content is known). Nothing here runs anything when opened: no HTML, no SVG, no programs.


def _starts(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(marks)


def _office(part: str) -> Callable[[bytes], bool]:
    """A document of Office Open XML without macros: an archive that can be read and has its main part."""

    def known(data: bytes) -> bool:
        if not data.startswith(b"PK\x03\x04"):
            return False
        try:
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        except zipfile.BadZipFile:
            return False
        return part in names and "[Content_Types].xml" in names and not any(name.endswith("vbaProject.bin") for name in names)

    return known


def _is_text(data: bytes) -> bool:
    """UTF-8 or GB18030 without control characters, and no markup that a browser would run."""
    head = data[:512].lstrip(b"\xef\xbb\xbf").lstrip().lower()
    if b"\x00" in data or head.startswith((b"<", b"#!")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(category(letter) == "Cc" and letter not in "\t\r\n\f" for letter in text)
    return False


TYPES: list[tuple[str, tuple[str, ...], Callable[[bytes], bool]]] = [
    ("image/jpeg", (".jpg", ".jpeg"), _starts(b"\xff\xd8\xff")),
    ("image/png", (".png",), _starts(b"\x89PNG\r\n\x1a\n")),
    ("image/gif", (".gif",), _starts(b"GIF87a", b"GIF89a")),
    ("image/webp", (".webp",), lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP"),
    ("application/pdf", (".pdf",), _starts(b"%PDF-")),
    ("audio/wav", (".wav",), lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE"),
    ("audio/mpeg", (".mp3",), _starts(b"ID3", b"\xff\xfb", b"\xff\xf3")),
    ("audio/amr", (".amr",), _starts(b"#!AMR")),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",), _office("word/document.xml")),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",), _office("xl/workbook.xml")),
    ("text/plain", (".txt", ".csv", ".log"), _is_text),
]
NAMES = "JPEG, PNG, GIF, WebP, PDF, DOCX, XLSX, WAV, MP3, AMR, TXT, CSV"


def type_of(data: bytes) -> str:
    """The media type by content; empty for what is not taken."""
    return next((media for media, _extensions, known in TYPES if known(data)), "")


def safe_name(name: str, media: str) -> str:
    """The last part of a name without control characters, with an extension that belongs to its content: `../x.exe` of a PDF → `x.exe.pdf`."""
    last = "".join(
        letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable() and letter not in '<>:"|?*'
    ).strip(" .")
    extensions = next(extensions for known, extensions, _ in TYPES if known == media)
    stem = last[:140] or "file"
    return stem if stem.lower().endswith(extensions) else stem + extensions[0]
