"""How a BinderHub names what it builds: the part of a launch link behind `/v2/`.

Source: the providers of https://github.com/jupyterhub/binderhub, binderhub/repoproviders.py, and
those of GakuNin RDM's in https://github.com/RCOSDP/CS-binderhub
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from recrate.model.errors import BadInput
from recrate.publish.site_binder import MYBINDER, zenodo_doi

GRDM_BINDER = "https://binder.cs.rcos.nii.ac.jp"
GRDM_HOST = "rdm.nii.ac.jp"
AUTO = "auto"
FORMS = (AUTO, "zenodo", "figshare", "dataverse", "grdm", "weko3", "gh", "gl", "git", "crate")
"""`auto`, and the names under which hubs have their providers; `grdm` is theirs of `rdm`."""
_PREFIXES = {"grdm": "rdm"}
_FIGSHARE = re.compile(r"10\.6084/m9\.figshare\.\d+(\.v\d+)?", re.IGNORECASE)
_PROJECT = re.compile(r"/([a-z0-9]{5,12})(?:/files/([A-Za-z0-9_.-]{1,60})(/.*)?)?/?")
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_HUB_HINT = "write it as https://mybinder.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a hub is asked to build.

    form:  one of FORMS but `auto`
    prefix, spec: as they stand in the link, escaped already
    """

    form: str
    spec: str

    @property
    def prefix(self) -> str:
        """The name of the provider in the link."""
        return _PREFIXES.get(self.form, self.form)


def hub_address(told: str) -> str:
    """Return a hub's base address without `/` at its end; raises BadInput for what is none."""
    text = told.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
        fits = fits and not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        fits = False
    if not fits or re.search(r"[\s<>\"'{}|\\^`\x00-\x1f\x7f()\[\]]", text):
        raise BadInput("is not the address of a BinderHub", where=text[:200], hint=_HUB_HINT)
    return text


def by_record(
    *, doi: str | None, address: str | None, record_url: str | None = None
) -> Spec | None:
    """Return how a stock hub names what is published there, None where it knows no way.

    doi:        bare
    record_url: the page that the DOI leads to; tells a Dataverse
    """
    if doi and (known := zenodo_doi(doi)):
        return Spec(form="zenodo", spec=known)
    if doi and _FIGSHARE.fullmatch(doi):
        return Spec(form="figshare", spec=quote(doi, safe="/"))
    if doi and record_url and urlsplit(record_url).path.endswith("/dataset.xhtml"):
        return Spec(form="dataverse", spec=quote(doi, safe="/"))
    for one in (record_url, address):
        if one and urlsplit(one).hostname == GRDM_HOST:
            return by_project(one)
    return None


def by_project(address: str) -> Spec | None:
    """Return the form of GakuNin RDM for a project's or file's address, None for another."""
    parts = urlsplit(address)
    found = _PROJECT.fullmatch(unquote(parts.path))
    if found is None:
        return None
    project = f"{parts.scheme}://{parts.netloc}/{found[1]}/{found[2] or 'osfstorage'}"
    return Spec(form="grdm", spec=f"{quote(project, safe='')}/master")


def by_repository(address: str, reference: str, *, plain: bool = False) -> Spec | None:
    """Return the form for a git repository; None for what is no http(s) address of one.

    reference: a commit, tag or branch; a commit alone stays what it is
    plain:     the form of any git server, for those of GitHub and GitLab too
    """
    try:
        parts = urlsplit(address.removeprefix("git+"))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        return None
    at = quote(reference, safe="")
    names = [one for one in parts.path.removesuffix("/").removesuffix(".git").split("/") if one]
    named = len(names) >= 2 and all(_PLAIN.fullmatch(one) and one.strip(".") for one in names)
    if parts.hostname == "github.com" and named and not plain:
        return Spec(form="gh", spec=f"{names[0]}/{names[1]}/{at}")
    if parts.hostname == "gitlab.com" and named and not plain:
        return Spec(form="gl", spec=f"{quote('/'.join(names), safe='')}/{at}")
    return Spec(form="git", spec=f"{quote(parts.geturl(), safe='')}/{at}")


def by_weko(address: str) -> Spec:
    """Return the form of GakuNin RDM's hub for a record of a WEKO."""
    return Spec(form="weko3", spec=f"{quote(address, safe='')}/master")


def by_crate(where: str) -> Spec:
    """Return the form of our own provider for a bare DOI or an address."""
    return Spec(form="crate", spec=quote(where, safe=""))


def launch_url(hub: str, spec: Spec, notebook: str) -> str:
    """Return the link that opens a notebook in JupyterLab; `notebook` from the root on."""
    inside = quote(f"lab/tree/{quote(notebook)}", safe="")
    return (
        f"{hub}/v2/{spec.prefix}/{spec.spec}/?urlpath={inside}"
        if _ends(spec)
        else (f"{hub}/v2/{spec.prefix}/{spec.spec}?urlpath={inside}")
    )


def _ends(spec: Spec) -> bool:
    """Say whether the link is written with `/` behind the spec, as the hubs' own pages do."""
    return spec.form in {"zenodo", "figshare", "dataverse"}


def default_hub(form: str) -> str:
    """Return the public hub that knows a form."""
    return GRDM_BINDER if form in {"grdm", "weko3"} else MYBINDER
