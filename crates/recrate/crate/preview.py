"""The page for people that lies in a crate: self-contained, and safe whatever the study says."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from recrate.crate.names import id_of
from recrate.model.crate import CrateFile, Plan, Verified
from recrate.model.study import AccessRight, Relation

FILES_SHOWN = 500
"""A page of many thousands of rows helps nobody; the metadata file names them all."""

ACCESS_WORDS = {
    AccessRight.OPEN: ("open", "公開"),
    AccessRight.SHARED: ("shared", "共有"),
    AccessRight.CLOSED: ("closed", "非共有・非公開"),
    AccessRight.EMBARGOED: ("embargoed", "公開期間猶予"),
}
RELATION_WORDS = {
    Relation.IS_SUPPLEMENT_TO: ("Paper of this study", "この研究の論文"),
    Relation.CITES: ("Cited", "引用"),
    Relation.IS_DERIVED_FROM: ("Data used", "利用データ"),
}

_TEMPLATES = Environment(
    loader=PackageLoader("recrate.crate", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_preview(plan: Plan, files: Sequence[CrateFile], identity: str) -> str:
    """Return the HTML of `ro-crate-preview.html`, in English and Japanese, without a script."""
    said = plan.description
    return _TEMPLATES.get_template("preview.html.j2").render(
        title=said.title or plan.inventory.name,
        said=said,
        published=said.published or plan.created,
        notebooks=[one for one in plan.inventory.notebooks if one.path in plan.copied],
        lock=plan.lock,
        references=[
            (one, _web(one.url or one.landing_page), size_in_words(one.size_bytes))
            for one in plan.references
        ],
        access_words=ACCESS_WORDS,
        relation_words=RELATION_WORDS,
        verified=_verified(plan, identity),
        files=[
            (one, id_of(one.path), size_in_words(one.size_bytes)) for one in files[:FILES_SHOWN]
        ],
        total=len(files),
        size=size_in_words(sum(file.size_bytes for file in files)),
        identity=identity,
        agent=plan.agent,
        web=_web,
        id_of=id_of,
    )


def size_in_words(size_bytes: int) -> str:
    """Return a size as people say it: `1.5 MB`, in powers of 1,000."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _verified(plan: Plan, identity: str) -> Verified | None:
    """Return the replay that is of this very payload."""
    told = plan.verified
    return told if told is not None and told.crate == identity else None


def _web(address: str | None) -> str | None:
    """Return an address that may become a link; none for `javascript:` and its like."""
    return address if address and address.startswith(("https://", "http://")) else None
