"""`recrate runners`: list the places that run, and try each."""

from typing import Any

import click

from recrate.cli.console import Display, print_json, show_findings
from recrate.cli.options import config_option, json_option
from recrate.configuration import read_settings
from recrate.flow.runners import check_site, offered_runners, site_named
from recrate.model.finding import Severity
from recrate.model.wire import to_plain


@click.group
def runners() -> None:
    """List the places that run replays, and try each.

    `c.Runners.sites` of recrate_config.py names them; docs/clusters.md has examples.
    """


@runners.command("list")
@json_option
@config_option
def list_runners(**given: Any) -> int:
    """List the places that run: this machine, and those that were configured."""
    settings = read_settings(given["config_file"])
    offered = offered_runners(settings)
    if given["as_json"]:
        print_json([{"name": one.site.name, **to_plain(one)} for one in offered])
        return 0
    with Display() as display:
        for one in offered:
            title = one.site.title or (one.about.title_en if one.about else one.site.kind)
            trouble = f" (cannot be used: {one.trouble})" if one.trouble else ""
            display.say(f"{one.site.name:16} {one.site.kind:12} {title}{trouble}")
    return 0


@runners.command
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@config_option
def check(**given: Any) -> int:
    """Try each place that runs, or those that are named, and say in words what is wrong."""
    settings = read_settings(given["config_file"])
    names = given["names"] or [one.site.name for one in offered_runners(settings)]
    chosen = [site_named(name, settings) for name in names]
    told = []
    bad = False
    with Display(quiet=given["as_json"]) as display:
        for number, site in enumerate(chosen):
            display.progress("runners", number, len(chosen), site.name)
            findings = check_site(site, settings)
            bad |= any(one.severity is Severity.ERROR for one in findings)
            told.append({"name": site.name, "findings": to_plain(findings)})
            if not given["as_json"]:
                display.say(site.name)
                show_findings(display, findings)
    if given["as_json"]:
        print_json(told)
    return 1 if bad else 0
