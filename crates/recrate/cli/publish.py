"""`recrate publish`: a crate, or a replay's verdict, to a repository."""

import uuid
from typing import Any

import click

from recrate.cli.console import Display, print_json, show_findings
from recrate.cli.options import config_option, json_option, yes_option
from recrate.cli.places import brought
from recrate.configuration import read_settings
from recrate.flow.discarding import discard
from recrate.flow.places import OfferedPlace, offered_places
from recrate.flow.publishing import (
    Preflight,
    Published,
    PublishOrder,
    preflight,
)
from recrate.flow.publishing import publish as run_publish
from recrate.flow.publishing_documents import (
    offered_document,
    preflight_document,
    published_document,
)
from recrate.flow.settings import Settings
from recrate.model.deposit import DepositStatus, OptionKind
from recrate.model.errors import BadInput

_STATUS = {
    DepositStatus.DRAFT: "kept as a draft",
    DepositStatus.HANDED_IN: "handed in: people of the repository look at it first",
    DepositStatus.PUBLISHED: "published",
}


@click.command
@click.argument("crate", required=False)
@click.option("--to", "place", metavar="PLACE", help="Where to publish; see --list.")
@click.option(
    "--set",
    "answers",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="Answer an option of the place; repeatable.",
)
@click.option("--draft", is_flag=True, help="Leave it where nobody else sees it.")
@click.option("--new-version", is_flag=True, help="Of what was published from here before.")
@click.option("--new-version-of", metavar="RECORD", help="Of this record.")
@click.option("--resume", is_flag=True, help="Go on with what was begun.")
@click.option("--discard", "discarding", is_flag=True, help="Remove an unfinished deposit.")
@click.option("--check", "checking", is_flag=True, help="Only say what would be refused or lost.")
@click.option("--list", "listing", is_flag=True, help="List the places and their options.")
@yes_option
@json_option
@config_option
def publish(**given: Any) -> int:
    """Deposit CRATE in a repository, with a DOI where it gives one.

    A replay's folder publishes its verdict, related to the crate that was replayed. The DOI is
    written into the crate before it is sent. Nothing is published twice: what was cut off goes on
    with --resume. Tokens come from RECRATE_TOKEN_<PLACE>, from the configuration, or from the
    keyring (`recrate token`).
    """
    settings = read_settings(given["config_file"])
    if given["listing"]:
        return _list(settings, as_json=given["as_json"])
    order = _order(given, settings)
    with Display(quiet=given["as_json"]) as display:
        if given["discarding"]:
            there = discard(order.location, order.place, settings=settings)
            if given["as_json"]:
                print_json({"place": order.place, "removed": there})
            else:
                display.say("the draft was removed" if there else "nothing was left there")
            return 0
        if given["checking"]:
            seen = preflight(order, settings=settings, progress=display.progress)
            if given["as_json"]:
                print_json(preflight_document(seen))
            else:
                _show_preflight(display, seen)
            return 1 if seen.refused else 0
        done = run_publish(order, settings=settings, progress=display.progress)
    if given["as_json"]:
        print_json(published_document(done))
    else:
        _show(display, done)
    return 0


def _order(given: dict[str, Any], settings: Settings) -> PublishOrder:
    if given["crate"] is None or given["place"] is None:
        raise BadInput(
            "a crate and a place are needed",
            where="publish",
            hint="recrate publish CRATE --to PLACE; `recrate publish --list` names the places",
        )
    version = given["new_version_of"] or ("" if given["new_version"] else None)
    here = brought(
        given["crate"], settings=settings, agreed=given["agreed"], quiet=given["as_json"]
    )
    return PublishOrder(
        location=here.path,
        ours=here.origin is None,
        place=given["place"],
        mark=uuid.uuid4().hex,
        answers=dict(given["answers"]),
        draft=given["draft"],
        new_version=version,
        resume=given["resume"],
    )


def _show(display: Display, done: Published) -> None:
    receipt = done.receipt
    show_findings(display, done.findings)
    already = "already " if done.again else ""
    display.say(f"{already}{_STATUS[receipt.status]}: {receipt.record_url}")
    if receipt.doi:
        display.say(f"DOI: https://doi.org/{receipt.doi}")
    if receipt.concept_doi:
        display.say(f"all versions: https://doi.org/{receipt.concept_doi}")
    for note in receipt.notes:
        display.say(f"note: {note}")
    for link in done.links:
        words = {
            "written": f"{link.target} now names this verdict",
            "announced": f"announced to the repository of {link.target}",
            "queued": f"to be announced to the repository of {link.target}",
        }
        display.say(words.get(link.how, f"nobody here may edit {link.target}; {link.note}"))


def _show_preflight(display: Display, seen: Preflight) -> None:
    show_findings(display, seen.findings)
    display.say(f"{len(seen.crate.files)} files, {seen.parcel.size_bytes:,} bytes")
    if seen.receipt is not None:
        display.say(f"published there already: {seen.receipt.record_url}")
    elif seen.unfinished is not None:
        display.say("an unfinished deposit is there: go on with --resume")
    elif seen.earlier is not None:
        display.say(f"could be a new version of {seen.earlier}: --new-version")
    display.say("would be refused" if seen.refused else "would be taken")


def _list(settings: Settings, *, as_json: bool) -> int:
    offered = offered_places(settings)
    if as_json:
        print_json({"places": [offered_document(one) for one in offered]})
        return 0
    with Display() as display:
        for one in offered:
            _show_place(display, one)
    return 0


def _show_place(display: Display, one: OfferedPlace) -> None:
    needs = one.about is not None and one.about.capabilities.needs_account
    token = ", token known" if one.has_token else ", no token" if needs else ""
    display.say(f"{one.place.name}: {one.title}{token}")
    if one.trouble:
        display.say(f"    cannot be used: {one.trouble}")
    for option in one.about.options if one.about else ():
        if option.fixed_by_place:
            continue
        choices = ("yes", "no") if option.kind is OptionKind.YES_NO else option.choices
        said = one.place.answers.get(option.name, option.default)
        told = [f"one of {', '.join(choices)}" if choices else "", f"now {said}" if said else ""]
        told.append("needed" if option.required and not said else "")
        more = "; ".join(filter(None, told))
        display.say(f"    {option.name}: {option.label_en}" + (f" ({more})" if more else ""))
