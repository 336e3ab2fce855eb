"""Where a public Binder opens a crate by its DOI, with no configuration of the site."""

import re
from urllib.parse import quote

MYBINDER = "https://mybinder.org"
_ZENODO = re.compile(r"10\.5281/zenodo\.(\d{1,12})", re.IGNORECASE)


def zenodo_doi(doi: str | None) -> str | None:
    """Return a DOI of Zenodo as hubs write it, in small letters; None for any other."""
    found = _ZENODO.fullmatch((doi or "").strip())
    return f"10.5281/zenodo.{found[1]}" if found else None


def binder_address(doi: str | None, notebook: str | None) -> str | None:
    """Return the link that opens a record of Zenodo on mybinder.org; None for another DOI.

    notebook: opened in JupyterLab, from the study's root on
    """
    known = zenodo_doi(doi)
    if known is None:
        return None
    page = f"lab/tree/{quote(notebook)}" if notebook else "lab"
    return f"{MYBINDER}/v2/zenodo/{known}/?urlpath={quote(page, safe='')}"
