"""All repositories together on ports of this machine, with the configuration that leads to them.

`python -m doubles.repositories FOLDER` (with `tests` on the path) keeps them open until its input
ends, and prints the configuration file and the tokens' variables as one line of JSON.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doubles import datacite as dois
from doubles import grdm, inveniordm_store, weko_store
from doubles.datacite import datacite
from doubles.inveniordm import inveniordm
from doubles.serving import Cut, CuttingProxy, served
from doubles.weko import weko

SITE_URL = "https://crates.example.org/"


@dataclass(frozen=True)
class Repositories:
    """The doubles' stores, and how a command line finds them.

    configuration: Python text for a recrate_config.py; variables: tokens, for the environment
    """

    zenodo: inveniordm_store.Store
    weko: weko_store.Store
    grdm: grdm.Store
    datacite: dois.Store
    site: Path
    configuration: str
    variables: dict[str, str]

    def left_over(self, place: str) -> int:
        """Return how many things a repository holds that nobody will come back for."""
        counts = {
            "invenio": lambda: len(self.zenodo.drafts.keys() - self.zenodo.records.keys()),
            "kyoto": lambda: len(self.weko.activities),
            "rdm": lambda: len(
                [path for path in self.grdm.files() if not path.endswith(".crate.zip")]
            ),
            "dois": lambda: len(self.datacite.of("draft")),
            "site": lambda: len(list(self.site.glob("drafts/*"))),
        }
        return counts[place]()

    def made(self, place: str) -> int:
        """Return how many records a repository holds for good, counted in its own store."""
        counts = {
            "invenio": lambda: len(self.zenodo.records),
            "kyoto": lambda: len(self.weko.items),
            "rdm": lambda: len(
                [path for path in self.grdm.files("/recrate/") if path.endswith(".crate.zip")]
            ),
            "dois": lambda: len(self.datacite.of("findable")),
            "site": lambda: len(list(self.site.glob("*/v*/entry.json"))),
        }
        return counts[place]()


PLACES = ("site", "kyoto", "rdm", "invenio", "dois")
TOKENS = {
    "kyoto": weko_store.OWNER_TOKEN,
    "rdm": grdm.TOKEN,
    "invenio": inveniordm_store.OWNER_TOKEN,
    "dois": f"{dois.ACCOUNT}:{dois.PASSWORD}",
}


def _configuration(folder: Path, project: str, zenodo: str, kyoto: str, rdm: str, api: str) -> str:
    """Return the configuration that leads to the repositories at these addresses."""
    told = {"folder": str(folder / "site"), "url": SITE_URL, "publisher": "Example University"}
    places = {
        "site": {"kind": "folder", **told},
        "kyoto": {
            "kind": "weko",
            "title": "Kyoto repository",
            "url": kyoto,
            "index": weko_store.INDEX,
            "publish": "public",
        },
        "rdm": {
            "kind": "grdm",
            "project": project,
            "api": f"{rdm}v2/",
            "files": f"{rdm}v1/",
            "web": rdm,
        },
        "invenio": {"kind": "inveniordm", "url": zenodo},
        "dois": {
            "kind": "datacite",
            "prefix": dois.PREFIX,
            "api": api,
            **told,
            "folder": str(folder / "doi-site"),
        },
    }
    return (
        f"c.Publish.places = {places!r}\n"
        "c.Publish.offer_known_places = False\n"
        f"c.Publish.ledger = {str(folder / 'deposits')!r}\n"
        "c.Web.private_hosts = ['127.0.0.1']\n"
        "c.Web.timeout = 60\n"
    )


@contextlib.contextmanager
def repositories(folder: Path, *, cuts: tuple[Cut, ...] = ()) -> Iterator[Repositories]:
    """Open all of them; `folder` holds the site and the deposits' ledger.

    cuts: connections that break, counted for each repository by itself
    """
    zenodo_app, weko_app, datacite_app = inveniordm(), weko(), datacite()
    store = grdm.Store()
    with (
        served(zenodo_app) as zenodo_port,
        served(weko_app) as weko_port,
        served(grdm.make_app(store)) as grdm_port,
        served(datacite_app) as datacite_port,
    ):
        ports = (zenodo_port, weko_port, grdm_port, datacite_port)
        proxies = [CuttingProxy(target=port, cuts=list(cuts)) for port in ports]
        addresses = [f"http://127.0.0.1:{one.port}/" for one in proxies]
        yield Repositories(
            zenodo=zenodo_app.state.store,
            weko=weko_app.state.store,
            grdm=store,
            datacite=datacite_app.state.store,
            site=folder / "site",
            configuration=_configuration(folder, store.guid, *addresses),
            variables={f"RECRATE_TOKEN_{name.upper()}": token for name, token in TOKENS.items()},
        )
        for proxy in proxies:
            proxy.close()


def main() -> None:
    """Keep the repositories open while somebody listens."""
    folder = Path(sys.argv[1])
    with repositories(folder) as opened:
        file = folder / "recrate_config.py"
        file.write_text(opened.configuration)
        print(json.dumps({"configuration": str(file), "tokens": TOKENS}), flush=True)
        for line in sys.stdin:
            place = line.strip()
            print(json.dumps({"made": opened.made(place)}), flush=True)


if __name__ == "__main__":
    main()
