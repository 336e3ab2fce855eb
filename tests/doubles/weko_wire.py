"""A client of the small WEKO that says exactly what it is told to say."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import requests

from doubles.weko_parcels import bag_of, known_good, zipped
from doubles.weko_request import PACKAGING
from doubles.weko_store import OWNER_TOKEN, Store

Json = dict[str, Any]


@dataclass
class Wire:
    """A client that says exactly what it is told to say."""

    port: int
    store: Store
    token: str = OWNER_TOKEN
    headers: dict[str, str | None] = field(default_factory=dict)

    def send(
        self,
        content: bytes,
        *,
        recid: str | None = None,
        part: str = "file",
        file: str = "payload.zip",
        raw: str | None = None,
    ) -> requests.Response:
        """Send a package; `raw`: with this content type instead of a form."""
        told: dict[str, str | None] = {
            "Authorization": f"Bearer {self.token}",
            "Content-Disposition": "attachment; filename=payload.zip",
            "Packaging": PACKAGING[0],
            "Digest": f"SHA-256={hashlib.sha256(content).hexdigest()}",
            **({"Content-Type": raw} if raw else {}),
            **self.headers,
        }
        address = "service-document" if recid is None else f"deposit/{recid}"
        return requests.request(
            "POST" if recid is None else "PUT",
            f"http://127.0.0.1:{self.port}/sword/{address}",
            headers={name: value for name, value in told.items() if value is not None},
            files=None if raw else {part: (file, content, "application/zip")},
            data=content if raw else None,
            timeout=10,
        )

    def document(self, document: Json, files: dict[str, bytes] | None = None) -> requests.Response:
        """Send a bag with this document."""
        return self.send(zipped(bag_of(document, files)))

    def ask(self, method: str, address: str) -> requests.Response:
        """Send a request without a body."""
        return requests.request(
            method,
            f"http://127.0.0.1:{self.port}/{address}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=10,
        )


def good(**root: Any) -> bytes:
    return zipped(bag_of(known_good(**root)))


def refused(answer: requests.Response, status: int, kind: str, words: str) -> None:
    """Assert a refusal in the shape of 3.8."""
    said = answer.json()
    assert (answer.status_code, said["@type"]) == (status, kind), said
    assert words in said["error"], said
    assert "timestamp" in said


def update(wire: Wire, recid: str, **root: Any) -> Json:
    """Return the keys of a root that replaces a record."""
    uri = f"http://127.0.0.1:{wire.port}/records/{recid}"
    return {"identifier": recid, "uri": uri, "wk:editMode": "Keep", **root}


def entity(document: Json, name: str) -> Json:
    """Return an entity of a document."""
    return next(one for one in document["@graph"] if one["@id"] == name)
