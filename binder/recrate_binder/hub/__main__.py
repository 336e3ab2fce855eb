"""`recrate-hub`: the launch service, started by its hub or beside it."""

import argparse
import asyncio
import contextlib
import logging
import os
import secrets
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tornado.httpserver import HTTPServer
from tornado.web import Application

from recrate.configuration import load_configuration
from recrate.model.errors import BadInput, RecrateError
from recrate.outside.disk import disk_errors
from recrate_binder.hub.desk import Desk
from recrate_binder.hub.handlers import routes
from recrate_binder.hub.hubapi import HubApi
from recrate_binder.hub.settings import HubSettings, read_config, settings_of
from recrate_binder.hub.store import Store
from recrate_binder.hub.worker import CONFIG_VARIABLE
from recrate_binder.hub.works import Works

_WATCH_SECONDS = 1.0
_SECRET_BYTES = 32
_OWN = ("JUPYTERHUB_", "RECRATE_TOKEN_", "RECRATE_SIGNING_")
"""How the names of environment variables begin that no worker has any use for."""


def main() -> None:
    """Serve until the hub, or whoever started it, says that it is enough."""
    options = argparse.ArgumentParser(prog="recrate-hub", description=__doc__)
    options.add_argument("--config", type=Path, help="a recrate_config.py or .json")
    named: Path | None = options.parse_args().config
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="[%(levelname)s %(asctime)s relaunch] %(message)s",
    )
    logging.getLogger("tornado.access").setLevel(logging.WARNING)
    os.umask(0o022)
    try:
        settings = settings_of(read_config(load_configuration(named)))
        asyncio.run(serve(settings, dict(os.environ), named))
    except RecrateError as error:
        print(f"recrate-hub: {error}", file=sys.stderr)  # noqa: T201 - a program's last word
        if error.hint:
            print(f"hint: {error.hint}", file=sys.stderr)  # noqa: T201 - with the way out
        sys.exit(error.exit_code)


async def serve(settings: HubSettings, variables: Mapping[str, str], named: Path | None) -> None:
    """Serve until a signal comes, or the hub that started this is gone.

    Raises BadInput where this was not started as a service of a hub.
    """
    address, prefix, hub = _place(settings, variables)
    log = logging.getLogger("recrate.hub")
    (settings.shared / "launches").mkdir(parents=True, exist_ok=True)
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    works = Works(
        settings.state / "work",
        builds=settings.builds,
        looks=settings.looks,
        timeout_seconds=settings.work_timeout_seconds,
        variables=_for_workers(variables, named),
        log=log,
    )
    store = Store(settings.state / "launches.sqlite")
    desk = Desk(settings, store=store, works=works, hub=hub, log=log)
    application = Application(
        list(routes(prefix)),
        desk=desk,
        prefix=prefix,
        cookie_secret=kept_secret(settings.state / "cookie_secret"),
        xsrf_cookies=True,
        compress_response=True,
    )
    server = HTTPServer(application, xheaders=True, max_body_size=1 << 20)
    server.listen(address.port or 80, address.hostname or "127.0.0.1")
    await desk.open()
    log.info("at %s, behind %s", address.geturl(), prefix)
    try:
        await _told_to_stop()
    finally:
        server.stop()
        await desk.close()
        await server.close_all_connections()


def _place(settings: HubSettings, variables: Mapping[str, str]) -> tuple[SplitResult, str, HubApi]:
    """Return where to listen, the prefix of all routes, and the hub; raises BadInput."""
    try:
        api, token = variables["JUPYTERHUB_API_URL"], variables["JUPYTERHUB_API_TOKEN"]
        address = urlsplit(variables["JUPYTERHUB_SERVICE_URL"])
        prefix = variables["JUPYTERHUB_SERVICE_PREFIX"]
    except KeyError as error:
        raise BadInput(
            f"{error.args[0]} is not set: this is a service of a JupyterHub",
            hint="name it in jupyterhub_config.py: recrate_binder.hub.configure(c, shared=…)",
        ) from error
    hub = HubApi(api=api.rstrip("/") + "/", token=token, proxy=settings.proxy_url.rstrip("/"))
    return address, prefix.rstrip("/") + "/", hub


def kept_secret(place: Path) -> bytes:
    """Return what cookies are signed with: the same for every service that follows this one.

    Only the service's own user can read it. Raises OutsideFailed when the disk lets us down.
    """
    with disk_errors(place):
        if place.is_file() and place.stat().st_size == _SECRET_BYTES:
            return place.read_bytes()
        made = secrets.token_bytes(_SECRET_BYTES)
        place.unlink(missing_ok=True)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(made)
        return made


def _for_workers(variables: Mapping[str, str], named: Path | None) -> dict[str, str]:
    told = {name: value for name, value in variables.items() if not name.startswith(_OWN)}
    return told | ({CONFIG_VARIABLE: str(named.resolve())} if named is not None else {})


async def _told_to_stop() -> None:
    """Return at SIGTERM or SIGINT, or when the hub that started this was killed."""
    stop, parent = asyncio.Event(), os.getppid()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    while os.getppid() == parent:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _WATCH_SECONDS)
        if stop.is_set():
            return


if __name__ == "__main__":
    main()
