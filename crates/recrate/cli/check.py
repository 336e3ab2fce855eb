"""`recrate check`: does a crate say what it must, and is it safe to open?"""

from pathlib import Path

import click

from recrate.cli.console import Display, print_json, show_findings
from recrate.cli.options import PLACE, config_option, crate_argument, json_option, yes_option
from recrate.cli.places import brought
from recrate.cli.sign import TRUSTED_VARIABLE, signing_settings
from recrate.configuration import read_settings
from recrate.crate.check import check_crate
from recrate.flow.sealing import prove
from recrate.model.finding import Severity, worst
from recrate.model.wire import to_plain


@click.command
@crate_argument
@click.option("--no-profile", is_flag=True, help="Leave out the RO-Crate profile, which is slow.")
@click.option(
    "--trust",
    "trusted",
    type=PLACE,
    multiple=True,
    envvar=TRUSTED_VARIABLE,
    help=f"A verifier's public key whose signature you believe; repeatable; {TRUSTED_VARIABLE}.",
)
@click.option(
    "--blind-of",
    "blind",
    type=PLACE,
    help="Prove that this blind crate was made of CRATE, which is the sealed one.",
)
@yes_option
@json_option
@config_option
def check(
    *,
    crate: str,
    no_profile: bool,
    trusted: tuple[Path, ...],
    blind: Path | None,
    agreed: bool,
    as_json: bool,
    config_file: Path | None,
) -> int:
    """Check CRATE: RO-Crate 1.1 conformance, our own rules, every checksum, and safety.

    CRATE is a file, a folder, an https address or a DOI. Of a replay, its signature too: whether it
    holds, and whose it is.
    """
    settings = read_settings(config_file)
    signing = signing_settings(settings.signing, trusted=trusted)
    here = brought(crate, settings=settings, agreed=agreed, quiet=as_json)
    with Display(quiet=as_json) as display:
        findings = check_crate(
            here.path,
            profile=not no_profile,
            contexts=settings.contexts,
            signing=signing,
            progress=display.progress,
        )
        if blind is not None:
            findings += prove(here.path, blind)
    valid = worst(findings) is not Severity.ERROR
    if as_json:
        print_json({"valid": valid, "findings": to_plain(findings)})
    else:
        show_findings(display, findings)
        display.say("valid" if valid else "not valid")
    return 0 if valid else 1
