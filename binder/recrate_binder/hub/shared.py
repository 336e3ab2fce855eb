"""The shared folder: what the service makes ready and users only read.

```
launches/<key>.json   Prepared: what is to be opened, and with which environments
cache/crates/         crates as they were fetched, by content
cache/environments/   restored environments, by content
cache/data/           data references, by checksum
service/              of the service alone: its list of launches, works under way
```
"""

import re
from pathlib import Path

from recrate.environment.cache import read_complete
from recrate.model.errors import BadInput, NotFound
from recrate.model.wire import from_json
from recrate_binder.hub.model import Prepared

_KEY = re.compile(r"[0-9a-f]{32}")


def prepared_path(shared: Path, key: str) -> Path:
    """Return where a prepared crate is written down; raises BadInput for what is no key."""
    if not _KEY.fullmatch(key):
        raise BadInput(
            "is no key of a crate",
            where=key[:64],
            hint="32 hexadecimal digits, as the service made it",
        )
    return shared / "launches" / f"{key}.json"


def read_prepared(shared: Path, key: str) -> Prepared:
    """Return what was made ready under a key.

    Raises NotFound where nothing was, or where it is not all there any more.
    """
    path = prepared_path(shared, key)
    if not path.is_file():
        raise NotFound("this crate is not ready here", where=key, hint="launch it again")
    made = from_json(path.read_bytes(), Prepared, where=str(path))
    if not is_whole(shared, made):
        raise NotFound("this crate is not ready here any more", where=key, hint="launch it again")
    return made


def is_whole(shared: Path, made: Prepared) -> bool:
    """Say whether the crate and all its environments are still here, as they were made."""
    if not (shared / made.location).exists():
        return False
    homes = [home for one in made.environments.values() if (home := home_in(shared, one.folder))]
    return all(read_complete(home) is not None for home in homes)


def home_in(shared: Path, folder: str | None) -> Path | None:
    """Return the home of an environment in the shared cache, None for one of the machine's own."""
    if folder is None:
        return None
    home = Path(folder).parent
    inside = home.parent == (shared / "cache" / "environments").resolve()
    return home if inside else None
