"""What the person chose before a scan."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """How a folder is looked at.

    notebooks: study paths with `/` that are meant; empty means all of them
    file_size_limit_bytes: a larger file gets the finding `large-file`
    look_for_secrets: look for secrets and personal data in cells, outputs, scripts, configuration
    """

    notebooks: tuple[str, ...] = ()
    file_size_limit_bytes: int = 100 * MEGABYTE
    look_for_secrets: bool = True
