"""`binder/postBuild`: fetches and verifies the data references while stock repo2docker builds."""

import json
from collections.abc import Sequence

from recrate.model.study import DataReference

_SCRIPT = r'''#!/usr/bin/env python3
"""Fetch what this study reads and does not hold, and put it where its notebooks look for it.

Written by recrate. Runs with any Python 3 and nothing else. What cannot be reached now ends the
build, so that no image is kept without its data; what is no longer what the author used, or is not
published, is left out and told.
"""

import hashlib
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request

REFERENCES = json.loads(r"""@REFERENCES@""")
TRIES = 4
SECONDS = 60


class Unlike(Exception):
    """There for good, and not what the author used."""


def fetch(url, target, sha256, size):
    """Write what stands at `url` to `target` once its checksum is right."""
    request = urllib.request.Request(url, headers={"User-Agent": "recrate-postBuild"})
    digest, seen = hashlib.sha256(), 0
    partial = target + ".partial"
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer, open(partial, "wb") as out:
            for block in iter(lambda: answer.read(1 << 20), b""):
                seen += len(block)
                if seen > size:
                    raise Unlike("is larger than the %d bytes it had" % size)
                digest.update(block)
                out.write(block)
            told = answer.headers.get("Content-Length")
        if told is not None and told.isdigit() and seen < int(told):
            raise OSError("the connection ended after %d of %s bytes" % (seen, told))
        if digest.hexdigest() != sha256:
            raise Unlike("has another SHA-256: " + digest.hexdigest())
        shutil.move(partial, target)
    finally:
        if os.path.exists(partial):
            os.remove(partial)


def bring(one):
    """Fetch one reference, with patience; return what to tell, and whether the build must end."""
    target = os.path.normpath(one["path"])
    if os.path.isabs(target) or target.split(os.sep)[0] == "..":
        return "leads out of the study", True
    if not one["url"].startswith(("https://", "http://")):
        return one["told"] or "is not published", False
    if os.path.dirname(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
    for attempt in range(1, TRIES + 1):
        try:
            fetch(one["url"], target, one["sha256"], one["size"])
            return "fetched and verified", False
        except Unlike as error:
            return "left out: %s" % error, False
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (408, 425, 429):
                return "left out: %s answers %s" % (one["url"], error.code), False
            trouble = error
        except (OSError, urllib.error.URLError) as error:
            trouble = error
        if attempt < TRIES:
            time.sleep(2 ** attempt)
    return "cannot be fetched now: %s" % trouble, True


def main():
    """Fetch all; 1 where one may be there another time."""
    missing = False
    for one in REFERENCES:
        told, ends = bring(one)
        line = "recrate: %s: %s\n" % (one["path"], told)
        sys.stdout.buffer.write(line.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
        missing = missing or ends
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
'''


def post_build(references: Sequence[DataReference]) -> str:
    """Return the script that repo2docker runs when all else is built; empty without references.

    It runs in the study's root and stands on the standard library of Python 3.5 or newer alone.
    """
    if not references:
        return ""
    listed = [
        {
            "path": one.path,
            "url": one.url,
            "sha256": one.sha256,
            "size": one.size_bytes,
            "told": f"is not published: {one.conditions}" if one.conditions else "",
        }
        for one in references
    ]
    return _SCRIPT.replace("@REFERENCES@", json.dumps(listed, ensure_ascii=True, indent=1))
