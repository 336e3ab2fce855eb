"""`recrate refer`: name a file by its address instead of packing it."""

from pathlib import Path

import click

from recrate.cli.console import Display, print_json
from recrate.cli.options import PLACE, json_option
from recrate.metadata.references import refer as make_reference
from recrate.model.wire import to_plain


@click.command
@click.argument("study", type=PLACE)
@click.argument("path")
@click.argument("url", metavar="URL|DOI")
@json_option
def refer(study: Path, path: str, url: str, as_json: bool) -> int:
    """Say that PATH in STUDY is not packed but fetched from URL before each replay.

    Checksum and size are taken from the local file; the reference is kept in the study's own
    ro-crate-metadata.json.
    """
    reference = make_reference(study, path, url)
    if as_json:
        print_json(to_plain(reference))
    else:
        Display().say(f"{reference.path} ({reference.size_bytes:,} bytes) ← {reference.url}")
    return 0
