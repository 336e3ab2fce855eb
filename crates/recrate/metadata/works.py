"""Related works and grants: addresses and funders' identifiers in their one form, or left out."""

import re
from dataclasses import replace

from recrate.metadata.people import ror_url
from recrate.metadata.references import normalise
from recrate.model.errors import BadInput
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import Funding, Related

_CROSSREF = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(10\.13039/\d{3,})", re.IGNORECASE
)


def work_url(written: str) -> str | None:
    """Return the address of a related work as http(s) URL, a DOI as such; None for anything else.

    A user name or password in it is no part of an address that may be published.
    """
    try:
        return normalise(written)
    except BadInput:
        return None


def funder_url(written: str) -> str | None:
    """Return a funder's identifier as URL: ROR, else of the Crossref registry; None if neither."""
    crossref = _CROSSREF.fullmatch(written.strip())
    return f"https://doi.org/{crossref[1]}" if crossref else ror_url(written)


def checked_works(
    works: tuple[Related, ...], path: str
) -> tuple[tuple[Related, ...], list[Finding]]:
    """Return the works that have an address, in its one form, and a finding for each other."""
    findings = [
        find(
            Severity.WARNING,
            "invalid-related",
            f"`{one.url[:80]}` is neither a DOI nor an address that everybody can open",
            hint="write a DOI, e.g. 10.5281/zenodo.1, or an http(s) address",
            path=path,
        )
        for one in works
        if work_url(one.url) is None
    ]
    kept = (replace(one, url=url) for one in works if (url := work_url(one.url)))
    return tuple(dict.fromkeys(kept)), findings


def checked_grants(
    grants: tuple[Funding, ...], path: str
) -> tuple[tuple[Funding, ...], list[Finding]]:
    """Return the grants with funders' identifiers as URLs; a wrong one is left out and told."""
    kept, findings = [], []
    for one in grants:
        funder = one.funder
        if funder is not None and funder.identifier:
            identifier = funder_url(funder.identifier)
            if identifier is None:
                findings.append(
                    find(
                        Severity.WARNING,
                        "invalid-funder",
                        f"`{funder.identifier[:80]}` of {funder.name} is no ROR or Crossref "
                        "identifier of a funder",
                        hint="look the funder up at ror.org",
                        path=path,
                    )
                )
            funder = replace(funder, identifier=identifier)
        kept.append(replace(one, funder=funder))
    return tuple(kept), findings
