"""What a site says of a parcel before anything is written."""

import shutil
from pathlib import Path

from recrate.model.finding import Finding, Severity, find
from recrate.outside.disk import disk_errors
from recrate.publish.depositor import Parcel
from recrate.publish.site_entry import is_public
from recrate.publish.site_frame import SiteLook
from recrate.publish.site_text import line
from recrate.publish.site_writing import foreign_page

WITHHELD = "the crate itself is not on the site: its access is not open"
_ROOM_BYTES = 16 << 20
"""For what is written beside the crate, with as much again to spare."""


def findings(
    parcel: Parcel, *, root: Path, look: SiteLook, today: str, known: bool
) -> tuple[Finding, ...]:
    """Return what will not be shown, and what would stop the site from being written.

    known: whether the site has the record that this is to be a new version of, where it is one
    """
    found = []
    access = parcel.record.description.access
    if not is_public(access, today):
        found.append(_withheld(contact=access is not None and bool(access.contact)))
    if look.url is None:
        found.append(
            find(
                Severity.NOTE,
                "site-no-address",
                "the site does not know its public address, so programs get relative links",
                hint="set the option `url`; all pages are then written again",
            )
        )
    if foreign_page(root):
        found.append(
            find(
                Severity.ERROR,
                "site-not-ours",
                "the site's folder has a front page that somebody else made",
                hint="choose an empty folder for the site",
                subject=str(root),
            )
        )
    if not known:
        earlier = line(parcel.order.new_version_of)
        found.append(
            find(
                Severity.ERROR,
                "site-no-such-record",
                f"the site has no record {earlier} to make a new version of",
                hint="choose one of those that the site's `crates.json` lists",
                subject=earlier,
            )
        )
    return (*found, *_space(parcel, root))


def _withheld(*, contact: bool) -> Finding:
    hint = "people are told whom to ask" if contact else "add a contact to the access of the study"
    return find(
        Severity.WARNING,
        "site-withheld",
        "the access is not open: the page will have the description and contact, not the crate",
        hint=hint,
    )


def _space(parcel: Parcel, root: Path) -> tuple[Finding, ...]:
    there = next((one for one in (root, *root.parents) if one.is_dir()), root)
    with disk_errors(root):
        free = shutil.disk_usage(there).free
    if free > parcel.size_bytes + _ROOM_BYTES:
        return ()
    return (
        find(
            Severity.ERROR,
            "site-no-space",
            f"{free:,} bytes are free where the site lies, the crate has {parcel.size_bytes:,}",
            hint="free some space, or move the site",
        ),
    )
