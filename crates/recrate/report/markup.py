"""HTML from notebooks: only its text, tables and embedded pictures pass, never a style or a link.

The page's content security policy forbids scripts, styles, frames, forms and requests once more;
either wall alone would do.
"""

import base64
import re
from dataclasses import dataclass

import nh3
from markupsafe import Markup

from recrate.report.allowance import Allowance
from recrate.report.characters import visible

_KEPT = """
p div span br hr pre code samp kbd var b i em strong u s small sub sup blockquote ul ol li
h1 h2 h3 h4 h5 h6 img table caption colgroup col thead tbody tfoot tr th td center tt abbr
figure figcaption
"""
_DROPPED_WHOLE = """
script style template noscript iframe object embed svg math textarea select title audio video
canvas head noembed noframes xmp plaintext button
"""
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}}
_REMOVED = re.compile(
    r"<\s*(?:script|link|iframe|svg|math|object|embed|form|input|video|audio|canvas|a\s)"
    r"|\son[a-z]+\s*=",
    re.IGNORECASE,
)
_DATA_PICTURE = re.compile(r"data:(image/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)")
_MAGIC = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "image/bmp": (b"BM",),
}
_HEADING = re.compile(r"<(/?)h[1-6]>")
_PICTURE = re.compile(r'<img(?: alt="([^"]*)")?(?: src="([^"]*)")?(?: alt="([^"]*)")?>')
_LARGEST = 2_000_000
"""Characters of one HTML output that are looked at; the rest is cut."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """HTML that may stand in the page.

    removed: something was left out, besides wrapping
    cut:     only the beginning was looked at
    """

    html: Markup
    removed: bool
    cut: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing to see is left."""
        return "<img" not in self.html and not re.sub(r"<[^>]*>|&nbsp;|\s", "", self.html)


def clean(html: str, allowance: Allowance, *, loud: bool) -> Cleaned:
    """Return foreign HTML reduced to text, tables, lists and embedded pixel pictures."""
    whole = html[:_LARGEST]
    if len(whole) < len(html):  # not in the middle of a tag
        whole = whole[: max(whole.rfind("<"), 0)] or whole
    safe = nh3.clean(
        visible(whole),
        tags=set(_KEPT.split()),
        clean_content_tags=set(_DROPPED_WHOLE.split()),
        attributes=_ATTRIBUTES,
        attribute_filter=_filtered,
        url_schemes={"data"},
        url_relative="deny",
        link_rel=None,
    )
    safe = _HEADING.sub(lambda found: "</div>" if found[1] else '<div class="heading">', safe)
    safe = _PICTURE.sub(lambda found: _picture(found, allowance, loud=loud), visible(safe))
    return Cleaned(
        Markup(safe),  # noqa: S704 - sanitised by nh3 above
        removed=bool(_REMOVED.search(whole)),
        cut=len(whole) < len(html),
    )


def is_picture(content: bytes, mime: str) -> bool:
    """Say whether `content` begins as a picture of type `mime` does."""
    return content.startswith(_MAGIC.get(mime, ()))


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    if attribute in {"colspan", "rowspan"}:
        return (
            value if value.isdecimal() and value.isascii() and 0 < int(value[:5]) < 1000 else None
        )
    if tag == "img" and attribute == "src":
        return value if _DATA_PICTURE.fullmatch(value) else None
    return re.sub(r"[<>\"]", "", value)[:500]


def _picture(found: "re.Match[str]", allowance: Allowance, *, loud: bool) -> str:
    """Return an embedded picture, or its name in words when it is remote, broken or too large."""
    name = found[1] or found[3] or ""
    data = _DATA_PICTURE.fullmatch(found[2] or "")
    if data:
        try:
            content = base64.b64decode(data[2], validate=False)
        except ValueError:
            content = b""
        if is_picture(content, data[1]) and allowance.admits_picture(len(content), loud=loud):
            encoded = base64.b64encode(content).decode("ascii")
            return f'<img src="data:{data[1]};base64,{encoded}" alt="{name}">'
    return f'<span class="absent">▨ {name}</span>'
