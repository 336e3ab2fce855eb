"""`recrate pack`: study → crate."""

import secrets
from dataclasses import replace
from typing import Any

import click

from recrate.cli.console import Display, print_json, show_findings
from recrate.cli.options import DAY, PLACE, config_option, json_option
from recrate.configuration import read_settings
from recrate.flow.adding import found_by
from recrate.flow.blinding import pack_blind
from recrate.flow.changes import summarise_changes
from recrate.flow.documents import pack_document
from recrate.flow.pack import Packed, PackOrder
from recrate.flow.pack import pack as run_pack
from recrate.flow.policies import give_policy, named_policy
from recrate.flow.web_access import fetched_by
from recrate.model.finding import Severity, worst


@click.command
@click.argument("study", type=PLACE)
@click.option("-o", "--output", type=PLACE, required=True, help="FILE.crate.zip, or a folder.")
@click.option("--notebook", "notebooks", multiple=True, help="Only these notebooks; repeatable.")
@click.option("--kernel", help="Lock the exact versions this kernel has installed.")
@click.option("--as-of", type=DAY, help="Date up to which packages are considered.")
@click.option("--no-lock", is_flag=True, help="Do not lock an environment.")
@click.option("--metadata", type=PLACE, help="Title, people, licence from this file.")
@click.option(
    "--found",
    type=PLACE,
    metavar="REPLAY",
    help="Lock what this replay found to be missing, name what it fetched.",
)
@click.option(
    "--policy", metavar="FILE", help="Judge by this policy: kept as STUDY/recrate-policy.json."
)
@click.option("--blind", is_flag=True, help="For blind review: name nobody; keep a sealed copy.")
@click.option("--waive", multiple=True, metavar="CODE", help="Accept findings; repeatable.")
@click.option("--unsandboxed", is_flag=True, help="Build source packages without a sandbox.")
@json_option
@config_option
def pack(**given: Any) -> int:
    """Scan STUDY, lock its environment, and write a crate; the crate is checked at the end.

    The crate is also written when findings are errors (exit 1). A secret that is not waived by name
    is refused (exit 4), and then there is no crate. With --blind the full crate is kept beside
    FILE.crate.zip as FILE.sealed.crate.zip.
    """
    settings = read_settings(given["config_file"], unsandboxed=given["unsandboxed"])
    if given["policy"]:
        give_policy(given["study"], named_policy(given["policy"]))
    fetched, unfetched = fetched_by(given["found"]) if given["found"] else ((), ())
    order = PackOrder(
        root=given["study"],
        destination=given["output"],
        kernel=given["kernel"],
        as_of=given["as_of"],
        locked=not given["no_lock"],
        metadata_file=given["metadata"],
        waived=given["waive"],
        found=found_by(given["found"]) if given["found"] else (),
        fetched=fetched,
        unfetched=unfetched,
    )
    with Display(quiet=given["as_json"]) as display:
        told: dict[str, Any] = {
            "options": replace(settings.scan, notebooks=given["notebooks"]),
            "environment": settings.environment,
            "agent": settings.agent,
            "today": settings.environment.today,
            "progress": display.progress,
        }
        if given["blind"]:
            packed = pack_blind(order, salt=secrets.token_hex(32), **told)
        else:
            packed = run_pack(order, **told)
    if given["as_json"]:
        print_json(pack_document(packed))
    else:
        show_packed(display, packed)
    return 1 if worst(packed.findings) is Severity.ERROR else 0


def show_packed(display: Display, packed: Packed) -> None:
    """Tell a person what was packed."""
    show_findings(display, packed.findings)
    lock = packed.lock
    if lock is not None:
        spoken = f"{lock.language} {lock.python}".strip()
        display.say(
            f"environment: {spoken}, {len(lock.packages)} packages, "
            f"{lock.source}" + (f", as of {lock.as_of}" if lock.as_of else "")
        )
        for note in lock.notes:
            display.say(f"  {note}")
        for thing in lock.unrestored:
            display.say(f"  not restored: {thing.name}: {thing.reason}")
    crate = packed.crate
    display.say(f"packed {len(crate.files)} files and {len(crate.notebooks)} notebooks")
    display.say(f"identity {crate.identity}")
    if packed.changes is not None:
        display.say(summarise_changes(packed.changes))
    display.say(f"crate: {crate.location}")
    if packed.sealed is not None:
        display.say(f"sealed: {packed.sealed} (it names the authors: keep it, do not send it)")
