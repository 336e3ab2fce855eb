"""Who made a picture, PDF or office document, as its own metadata say; no value is believed empty.

Source: EXIF 3.0 tags 0x013B, 0x8298, 0xA430 and the GPS IFD; ISO 32000-1, 14.3.3 (PDF Info);
XMP dc:creator; Windows' XPAuthor 0x9C9D.
"""

import io
import re
import warnings
import zlib
from collections.abc import Iterator

from PIL import Image

_TAGS = {
    0x013B: "Artist",
    0x8298: "Copyright",
    0x9C9D: "Author",
    0xA430: "CameraOwnerName",
    0x9C9F: "Subject",
}
_GPS = 0x8825
_EXIF = 0x8769
_KEYS = frozenset({"author", "artist", "copyright", "creator", "owner", "last author"})
_PDF_AUTHOR = re.compile(
    rb"/Author\s*(\((?:\\.|[^\\)]){1,400}\)|<[0-9A-Fa-f\s]{2,800}>)", re.DOTALL
)
_XMP = re.compile(
    rb"<(?:dc:creator|cp:lastModifiedBy|pdfx?:Author|photoshop:AuthorsPosition)[^>]*>(.{1,400}?)</",
    re.DOTALL,
)
_STREAM = re.compile(rb"stream\r?\n")
STREAM_BYTES = 1 << 20
STREAMS = 400
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"RIFF", b"GIF8")


def makers_in(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield (field, value) for each statement of who made the file, or where it was taken."""
    if content.startswith(_PICTURES):
        yield from _picture(content)
    elif content.startswith(b"%PDF-"):
        yield from _pdf(content)
    yield from _xmp(content) if content.startswith((b"%PDF-", *_PICTURES)) else ()


def office_makers(core: bytes) -> Iterator[tuple[str, str]]:
    """Yield (field, value) of a document's `docProps/core.xml` or an OpenDocument's `meta.xml`."""
    for name, pattern in (
        ("creator", rb"<(?:dc|meta):(?:initial-)?creator[^>]*>([^<]{1,400})</"),
        ("lastModifiedBy", rb"<cp:lastModifiedBy[^>]*>([^<]{1,400})</"),
    ):
        for found in re.finditer(pattern, core):
            if found[1].strip():
                yield name, found[1].decode("utf-8", "replace").strip()


def _picture(content: bytes) -> Iterator[tuple[str, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content)) as picture:
                told = dict(picture.info)
                exif = picture.getexif()
                tags = {**exif, **exif.get_ifd(_EXIF)}
                place = exif.get_ifd(_GPS)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, KeyError):
            return
    for number, name in _TAGS.items():
        if value := _text(tags.get(number)):
            yield name, value
    if place:
        yield "GPS", "where it was taken"
    for key, one in told.items():
        if str(key).lower() in _KEYS and (value := _text(one)):
            yield str(key), value


def _pdf(content: bytes) -> Iterator[tuple[str, str]]:
    for part in (content, *_unpacked(content)):
        for found in _PDF_AUTHOR.finditer(part):
            if value := _pdf_text(found[1]):
                yield "Author", value


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the compressed streams of a PDF: newer ones keep their dictionaries in such."""
    seen = memoryview(content)
    for number, found in enumerate(_STREAM.finditer(content)):
        if number >= STREAMS:
            return
        try:
            yield zlib.decompressobj().decompress(seen[found.end() :], STREAM_BYTES)
        except zlib.error:
            continue


def _pdf_text(written: bytes) -> str:
    if written.startswith(b"<"):
        digits = re.sub(rb"\s", b"", written[1:-1])
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        raw = re.sub(rb"\\(.)", rb"\1", written[1:-1], flags=re.DOTALL)
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace").strip()
    return raw.decode("latin-1").strip()


def _xmp(content: bytes) -> Iterator[tuple[str, str]]:
    for found in _XMP.finditer(content):
        value = re.sub(rb"<[^>]*>", b"", found[1]).decode("utf-8", "replace").strip()
        if value:
            yield "XMP", value


def _text(value: object) -> str:
    if isinstance(value, bytes):
        wide = b"\0" in value
        value = value.decode("utf-16-le" if wide else "utf-8", "replace")
    return value.replace("\0", "").strip() if isinstance(value, str) else ""
