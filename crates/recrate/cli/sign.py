"""`recrate sign`: vouch for a replay with a key of one's own."""

import secrets
from dataclasses import replace
from pathlib import Path

import click

from recrate.cli.console import Display, print_json
from recrate.cli.options import PLACE, config_option, json_option
from recrate.configuration import AGENT, read_settings
from recrate.crate.signing_keys import SigningSettings, keep_key, make_key
from recrate.flow.signing import sign_replay
from recrate.model.errors import BadInput
from recrate.model.secret import Secret

TRUSTED_VARIABLE = "RECRATE_TRUSTED_KEYS"


@click.command
@click.argument("replay", type=PLACE, required=False)
@click.option("--new-key", type=PLACE, help="Make a key in this file instead of signing.")
@click.option("--key", type=PLACE, help="Sign with this key instead of the configured one.")
@click.option("--person", help="Who signs, written into the statement.")
@json_option
@config_option
def sign(
    *,
    replay: Path | None,
    new_key: Path | None,
    key: Path | None,
    person: str | None,
    as_json: bool,
    config_file: Path | None,
) -> int:
    """Sign REPLAY, the folder that `recrate replay` wrote or a zip file of it, in its place.

    The key is an Ed25519 key in a file, named by c.Signing.key or RECRATE_SIGNING_KEY; its
    passphrase, if it has one, is read from RECRATE_SIGNING_PASSPHRASE. Others check the signature
    with `recrate check --trust FILE.pub`.
    """
    if (replay is None) == (new_key is None):
        raise BadInput(
            "name a replay to sign, or a file for a new key",
            where="sign",
            hint="`recrate sign DIR`, or once before `recrate sign --new-key FILE`",
        )
    display = Display(quiet=as_json)
    settings = read_settings(config_file)
    if new_key is not None:
        return _make(new_key, settings.signing.passphrase, display, as_json=as_json)
    signing = signing_settings(settings.signing, key=key, person=person)
    now = settings.clock().isoformat(timespec="seconds")
    done = sign_replay(replay or Path(), signing, now=now, agent=AGENT)
    if as_json:
        print_json(
            {
                "signed": str(done.location),
                "fingerprint": done.fingerprint,
                "verdict": done.verdict.verdict.value,
            }
        )
    else:
        display.say(f"signed: {done.location}: {done.verdict.verdict.value}")
        display.say(f"key: {done.fingerprint}")
    return 0


def _make(destination: Path, passphrase: Secret | None, display: Display, *, as_json: bool) -> int:
    pair = make_key(secrets.token_bytes(32), passphrase=passphrase)
    public = keep_key(pair, destination)
    if as_json:
        told = {"key": str(destination), "public": str(public), "fingerprint": pair.fingerprint}
        print_json(told)
        return 0
    display.say(f"key: {destination} (keep it to yourself)")
    display.say(f"public key: {public} (give it to whoever should believe you)")
    display.say(f"fingerprint: {pair.fingerprint}")
    return 0


def signing_settings(
    configured: SigningSettings,
    *,
    key: Path | None = None,
    trusted: tuple[Path, ...] = (),
    person: str | None = None,
) -> SigningSettings:
    """Return the configured settings with what was said on the command line laid over them."""
    return replace(
        configured,
        key=key or configured.key,
        trusted=(*configured.trusted, *trusted),
        person=person or configured.person,
    )
