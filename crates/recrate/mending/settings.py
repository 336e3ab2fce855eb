"""What fixes may do, decided at the edge."""

from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MendingSettings:
    """What a fix may reach and know.

    copy_from: folders out of which a file may be copied into the study; nothing, when empty
    copy_limit_bytes: a larger file is not copied
    home:      what `~` means in a path, None when it means nothing
    versions:  (distribution, version) as the running kernel or a lock has them
    """

    copy_from: tuple[Path, ...] = ()
    copy_limit_bytes: int = 100 * MEGABYTE
    home: Path | None = None
    versions: tuple[tuple[str, str], ...] = ()
