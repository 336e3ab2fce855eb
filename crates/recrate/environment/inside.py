"""Runs inside the measured interpreter: standard library only, any Python since 3.6.

Prints one JSON line: version, base prefix, marker values, and every distribution with its
version, origin, top-level modules and requirements. Reads *.dist-info and *.egg-info itself,
because importlib.metadata came with 3.8 only.
"""

# ruff: noqa: D103, PTH100, PTH112, PTH118, PTH123, PTH208, T201, UP006, UP035 - it runs on Python 3.6
import email
import json
import os
import platform
import sys
from typing import Any, Dict, List


def read(folder: str, name: str) -> str:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""


def origin_of(folder: str) -> str:
    told = read(folder, "direct_url.json")
    if not told:
        return "editable" if folder.endswith(".egg-info") and "site-packages" not in folder else ""
    try:
        direct = json.loads(told)
    except ValueError:
        return "url"
    if direct.get("dir_info", {}).get("editable"):
        return "editable"
    if "vcs_info" in direct:
        return "vcs"
    return "folder" if "dir_info" in direct else "url"


def modules_of(folder: str) -> List[str]:
    declared = read(folder, "top_level.txt").split()
    if declared:
        return sorted(set(declared))
    found = set()
    for line in read(folder, "RECORD").splitlines():
        path = line.split(",")[0].strip('"')
        first = path.split("/")[0]
        if first.endswith((".dist-info", ".data")) or first in ("..", "__pycache__", ""):
            continue
        if "/" in path or first.endswith((".py", ".so", ".pyd")):
            found.add(first.split(".")[0])
    return sorted(found)


def distributions() -> List[Dict[str, Any]]:
    seen = []
    for place in sys.argv[1:] or sys.path[1:]:  # the first of the path is the working folder
        try:
            names = sorted(os.listdir(place))
        except OSError:
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            folder = os.path.join(place, name)
            told = read(folder, "METADATA") or read(folder, "PKG-INFO") or read(place, name)
            fields = email.message_from_string(told)
            if fields["Name"] and fields["Version"]:
                seen.append(
                    {
                        "name": str(fields["Name"]).strip(),
                        "version": str(fields["Version"]).strip(),
                        "origin": origin_of(folder),
                        "modules": modules_of(folder),
                        "requires": fields.get_all("Requires-Dist", []),
                    }
                )
    return seen


def markers() -> Dict[str, str]:
    version = sys.implementation.version
    full = f"{version.major}.{version.minor}.{version.micro}"
    if version.releaselevel != "final":
        full += version.releaselevel[0] + str(version.serial)
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": full,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "platform_python_implementation": platform.python_implementation(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
        "extra": "",
    }


def places() -> List[str]:
    roots = sorted({os.path.realpath(sys.base_prefix), os.path.abspath(sys.prefix)})
    beyond = [
        os.path.abspath(place)
        for place in sys.path[1:]
        if os.path.isdir(place) and not any(inside(place, root) for root in roots)
    ]
    return roots + sorted(set(beyond))


def inside(place: str, root: str) -> bool:
    return os.path.abspath(place).startswith(root.rstrip(os.sep) + os.sep)


print(
    json.dumps(
        {
            "python": platform.python_version(),
            "prefix": sys.base_prefix,
            "places": places(),
            "markers": markers(),
            "installed": distributions(),
        }
    )
)
