"""`recrate metadata`: what repositories are told, in the form that each of them wants."""

import sys
from typing import Any

import click

from recrate.cli.console import Display, print_json, printable
from recrate.cli.options import PLACE, config_option, json_option, yes_option
from recrate.cli.places import brought
from recrate.configuration import default_language, read_settings
from recrate.flow.records import record_of
from recrate.metadata.writing.formats import FORMATS, form_named, write
from recrate.model.errors import BadInput
from recrate.outside.disk import writing


@click.command
@click.argument("place", metavar="CRATE|STUDY", required=False)
@click.option("--as", "form", metavar="FORMAT", help="The form to write; see --list.")
@click.option("-o", "--output", type=PLACE, help="Write to this file instead of printing.")
@click.option("--doi", help="The DOI that the record has or will have.")
@click.option("--url", help="The address of its landing page.")
@click.option("--publisher", help="Who publishes it.")
@click.option("--list", "listed", is_flag=True, help="List the forms.")
@yes_option
@json_option
@config_option
def metadata(**given: Any) -> int:
    """Write what is known of CRATE or STUDY in one of the forms that repositories take.

    Nothing is packed or sent: this is what `publish` hands over. A replay's folder works, too.
    """
    if given["listed"]:
        return _list(as_json=given["as_json"])
    place, form, output = given["place"], given["form"], given["output"]
    if place is None or form is None:
        raise BadInput(
            "a crate or study is needed, and a form",
            where="metadata",
            hint="recrate metadata STUDY --as jpcoar; `recrate metadata --list` names the forms",
        )
    form_named(form)  # before a study is read, which may take a while
    settings = read_settings(given["config_file"])
    here = brought(place, settings=settings, agreed=given["agreed"], quiet=output is None)
    with Display(quiet=output is None) as display:
        record = record_of(
            here.path,
            settings=settings,
            doi=given["doi"],
            url=given["url"],
            publisher=given["publisher"],
            progress=display.progress,
        )
    content = write(record, form)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return 0
    with writing(output) as stream:
        stream.write(content)
    display.say(f"{output}: {len(content):,} bytes of {FORMATS[form].media_type}")
    return 0


def _list(*, as_json: bool) -> int:
    """List the forms: all that is fixed of each as JSON, or name and title for people."""
    if as_json:
        print_json(
            [
                {
                    "name": one.name,
                    "media_type": one.media_type,
                    "file_name": one.file_name,
                    "title_en": one.title_en,
                    "title_ja": one.title_ja,
                    "profile": one.profile,
                }
                for one in FORMATS.values()
            ]
        )
        return 0
    japanese = default_language() == "ja"
    width = max(len(name) for name in FORMATS)
    for one in FORMATS.values():
        print(f"{one.name:<{width}}  {printable(one.title_ja if japanese else one.title_en)}")
    return 0
