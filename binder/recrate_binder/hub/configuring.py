"""What an operator's `jupyterhub_config.py` calls: service, roles, single-user program."""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SERVICE = "relaunch"
LAUNCH_VARIABLE = "RECRATE_LAUNCH"
SHARED_VARIABLE = "RECRATE_SHARED"
OPTIONS = {
    LAUNCH_VARIABLE: "recrate_launch",
    "RECRATE_FILE": "recrate_file",
    "RECRATE_WHERE": "recrate_where",
    "RECRATE_LANGUAGE": "recrate_language",
}
"""Variables of a single-user program, by the option of the server that they come from."""
SCOPES = ("servers", "read:users:name")
"""The least that works: start, stop and look at servers of users who are there already."""

_PASSED = re.compile(
    r"JUPYTER_CONFIG_(DIR|PATH)|(PIP|UV)_\w+|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE"
    r"|(https?|all|no)_proxy|TMPDIR",
    re.IGNORECASE,
)
"""What the service needs of the hub's environment: how the network and the indexes are reached."""


def configure(
    c: Any,
    *,
    shared: str | Path,
    service: Sequence[str] | None = None,
    singleuser: Sequence[str] = ("recrate-singleuser",),
    url: str = "http://127.0.0.1:10180",
    managed: bool = True,
    api_token: str | None = None,
    start_seconds: int = 180,
    cull_seconds: int | None = 3600,
    keep_days: float = 7.0,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Add the launch service to a hub's configuration `c`.

    shared:     folder that the service writes, and that users' servers see under the same path
                and only read
    service:    command of the service; None takes `recrate-hub` of this Python
    singleuser: command of users' servers, as it is called where they run
    url:        where the service listens
    managed:    the hub starts the service; False where something else does, with `api_token`
    start_seconds: how long a server may take: crates are unpacked in that time
    cull_seconds: servers that were idle for so long are stopped; None leaves that to others
    keep_days:  after which a session's folder in a person's home is taken away
    settings:   traits by class, as `{"Relaunch": {"sessions_per_user": 1}}`
    """
    told = {name: dict(traits) for name, traits in (settings or {}).items()}
    told["Relaunch"] = {"shared": str(shared), **told.get("Relaunch", {})}
    if managed:
        told["Relaunch"] = {"proxy_url": _proxy_of(c), **told["Relaunch"]}
    c.JupyterHub.allow_named_servers = True
    entry: dict[str, Any] = {
        "name": SERVICE,
        "url": url,
        "display": True,
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": [],
    }
    if api_token is not None:
        entry["api_token"] = api_token
    if managed:
        entry["command"] = list(service or (sys.executable, "-m", "recrate_binder.hub"))
        passed = {name: value for name, value in os.environ.items() if _PASSED.fullmatch(name)}
        entry["environment"] = {**passed, "RECRATE_HUB_SETTINGS": json.dumps(told)}
    _extend(c.JupyterHub, "services", [entry])
    _extend(
        c.JupyterHub,
        "load_roles",
        [{"name": SERVICE, "scopes": list(SCOPES), "services": [SERVICE]}],
    )
    _let_users_in(c)
    c.Spawner.cmd = list(singleuser)
    c.Spawner.http_timeout = c.Spawner.start_timeout = start_seconds
    c.Spawner.environment = {
        **_found(c.Spawner, "environment", {}),
        **{name: _option(option) for name, option in OPTIONS.items()},
        SHARED_VARIABLE: str(shared),
        "RECRATE_KEEP_DAYS": str(keep_days),
    }
    if cull_seconds is not None:
        _cull(c, cull_seconds)


def _proxy_of(c: Any) -> str:
    """Return where the hub's proxy listens, as this machine reaches it; "" where it is not said."""
    bound = urlsplit(_found(c.JupyterHub, "bind_url", ""))
    if bound.scheme != "http" or not bound.port:
        return ""
    everywhere = bound.hostname in {None, "0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    return f"http://{'127.0.0.1' if everywhere else bound.hostname}:{bound.port}"


def _cull(c: Any, seconds: int) -> None:
    """Add the idle culler: a service of its own, with a role of its own."""
    name = "relaunch-culler"
    command = [
        sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={seconds}",
        f"--cull-every={max(5, min(300, seconds // 4))}", "--remove-named-servers=True",
    ]  # fmt: skip
    _extend(c.JupyterHub, "services", [{"name": name, "command": command}])
    scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
    _extend(c.JupyterHub, "load_roles", [{"name": name, "scopes": scopes, "services": [name]}])


def _let_users_in(c: Any) -> None:
    """Let every user of the hub use the service, and keep what an operator gave them."""
    scope = f"access:services!service={SERVICE}"
    roles = list(_found(c.JupyterHub, "load_roles", []))
    user = next((one for one in roles if one.get("name") == "user"), None)
    if user is None:
        user = {"name": "user", "scopes": ["self"]}
        roles.append(user)
    user["scopes"] = [*user.get("scopes", ["self"]), scope]
    c.JupyterHub.load_roles = roles


def _option(name: str) -> Any:
    """Return what the hub calls for a server's variable: the option that it was started with."""

    def value(spawner: Any) -> str:
        options = spawner.user_options or {}
        return str(options.get(name) or "") if isinstance(options, dict) else ""

    return value


def _extend(part: Any, name: str, more: list[Any]) -> None:
    setattr(part, name, [*_found(part, name, []), *more])


def _found(part: Any, name: str, otherwise: Any) -> Any:
    """Return what a configuration holds already; an unset name is a lazy value of traitlets."""
    found = part.get(name, otherwise)
    return found if isinstance(found, type(otherwise)) else otherwise
