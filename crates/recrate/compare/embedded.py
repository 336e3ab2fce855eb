"""`data:` URLs: pictures and other content written into markup."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The content of a `data:` URL and its MIME type. RFC 2397."""

    mime: str
    content: bytes


def embedded(url: str) -> Embedded | None:
    """Decode a `data:` URL; None for any other URL or a broken one."""
    if url[:5].lower() != "data:" or "," not in url[:300]:
        return None
    head, _, body = url[5:].partition(",")
    mime, *parameters = head.split(";")
    if "base64" in parameters:
        try:
            content = base64.b64decode("".join(body.split()))
        except (binascii.Error, ValueError):
            return None
    else:
        content = unquote_to_bytes(body.encode("utf-8", "replace"))
    return Embedded(mime=mime.lower() or "text/plain", content=content)
