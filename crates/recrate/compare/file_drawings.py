"""PDF and PostScript: the same but for dates and identifiers, or not compared."""

import re
import zlib

from recrate.compare.outcome import Outcome, Terms, equivalent, skipped
from recrate.compare.unpacking import MOST_BYTES

_RULE = ("dates of the file",)
_PDF_DATES = re.compile(
    rb"/(?:CreationDate|ModDate|Producer|Creator|PTEX\.FullBanner)\s{0,4}\([^()]{0,300}\)"
    rb"|/ID\s{0,4}\[[^\[\]]{0,200}\]"
    rb"|uuid:[0-9a-fA-F-]{36}"
    rb"|<xmp:(?:Create|Modify|Metadata)Date>[^<]{0,60}"
)
_PDF_PLACES = re.compile(
    rb"\nxref\n[0-9nf\s]{0,2000000}|startxref\s{1,4}[0-9]{1,12}|/Length\s{1,4}[0-9]{1,12}\b"
)
_STREAM = re.compile(rb"stream\r?\n")
_POSTSCRIPT = re.compile(rb"^%%(?:CreationDate|Creator|Title|For)[^\r\n]*", re.MULTILINE)


def compare_pdf(recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    """Say whether two PDFs are the same but for dates, identifiers and packing.

    What is drawn otherwise is not compared: a page can be drawn alike in many ways.
    """
    del terms
    if _parts(recorded) == _parts(rerun):
        return equivalent("same after ignoring dates of the file", _RULE)
    return skipped("differs, and is not compared: a PDF is not drawn here")


def compare_postscript(recorded: str, rerun: str, terms: Terms) -> Outcome:
    """Say whether two PostScript files are the same but for their dates."""
    del terms
    before, after = (
        _POSTSCRIPT.sub(b"", one.encode("utf-8", "replace")) for one in (recorded, rerun)
    )
    if before.split() == after.split():
        return equivalent("same after ignoring dates of the file", _RULE)
    return skipped("differs, and is not compared: PostScript is not drawn here")


def _parts(content: bytes) -> list[bytes]:
    """Return what stands between a PDF's streams, without dates, and the streams unpacked."""
    parts: list[bytes] = []
    left = MOST_BYTES
    end = 0
    for begin in _STREAM.finditer(content):
        if begin.start() < end:
            continue
        stop = content.find(b"endstream", begin.end())
        if stop < 0:
            break
        parts.append(_settled(content[end : begin.start()]))
        packed = content[begin.end() : stop]
        try:
            stream = zlib.decompressobj().decompress(packed, max(1, left))
        except zlib.error:
            stream = packed.strip()
        left -= len(stream)
        parts.append(_settled(stream))
        end = stop
    return [*parts, _settled(content[end:])]


def _settled(part: bytes) -> bytes:
    return _PDF_PLACES.sub(b"", _PDF_DATES.sub(b"", part))
