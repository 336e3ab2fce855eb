"""The settings of a person, by their names in `recrate_config.py`."""

from traitlets import Bool, Dict, Float, Integer, List, Unicode
from traitlets.config import Configurable


class Recrate(Configurable):
    """Settings that concern all rooms."""

    cache = Unicode("", help="Folder for environments and downloads; safe to delete.").tag(
        config=True
    )


class Scan(Configurable):
    """What a scan looks at."""

    file_size_limit = Integer(100 * 1024**2, help="Larger files are named, in bytes.").tag(
        config=True
    )


class Environments(Configurable):
    """How environments are locked and restored."""

    python_downloads = Bool(True, help="Whether uv may download an interpreter.").tag(config=True)
    index_options = List(
        Unicode(), help="Options for uv that name the package indexes, e.g. --index-url URL."
    ).tag(config=True)
    add_missing = Bool(
        True, help="Whether a replay adds packages that notebooks miss and the kept tables know."
    ).tag(config=True)
    candidates = Integer(
        4, help="Environments that a replay tries at most, the crate's lock counted; 1: no other."
    ).tag(config=True)
    candidates_seconds = Float(
        1800, help="Seconds for all other environments than the crate's lock, together."
    ).tag(config=True)
    timeout = Float(1800, help="Seconds that one call of uv may take.").tag(config=True)


class Replay(Configurable):
    """Limits of a replay."""

    cell_timeout = Float(0, help="Seconds for one cell; 0 is no limit of its own.").tag(config=True)
    notebook_timeout = Float(3600, help="Seconds for one notebook.").tag(config=True)
    total_timeout = Float(0, help="Seconds for a whole run; 0 is no limit of its own.").tag(
        config=True
    )
    memory = Integer(0, help="Bytes; 0: four fifths of what is ours of the machine.").tag(
        config=True
    )
    output = Integer(10 * 1024**2, help="Bytes of output kept for one cell.").tag(config=True)
    written_files = Integer(
        1024**3, help="Bytes kept of the files that notebooks wrote, all together."
    ).tag(config=True)
    compared_file = Integer(
        64 * 1024**2,
        help="Bytes of a published file up to which it is compared with what a notebook wrote in"
        " its place; 0 compares by hash alone.",
    ).tag(config=True)
    compared_files = Integer(
        512 * 1024**2, help="Bytes kept of such published files, all together."
    ).tag(config=True)


class Compare(Configurable):
    """The policy that judges."""

    relative_tolerance = Float(1e-6).tag(config=True)
    absolute_tolerance = Float(1e-12).tag(config=True)


class Web(Configurable):
    """How data references are fetched."""

    timeout = Float(60, help="Seconds for a connection, and for each silence.").tag(config=True)
    private_hosts = List(Unicode(), help="Hosts that may have a private address.").tag(config=True)


class Publish(Configurable):
    """Where crates and verdicts are published."""

    places = Dict(
        help="Repositories by name: {'kyoto': {'kind': 'weko', 'title': …, 'url': …}}."
    ).tag(config=True)
    tokens = Dict(help="Tokens by the name of the place; better kept in the keyring.").tag(
        config=True
    )
    offer_known_places = Bool(True, help="Offer a folder, Zenodo and GakuNin RDM too.").tag(
        config=True
    )
    ledger = Unicode("", help="Folder where deposits are remembered.").tag(config=True)
    announce = Bool(
        True, help="Tell a repository by COAR Notify of a verdict on a record of its own."
    ).tag(config=True)


class Locate(Configurable):
    """Where crates are looked for that are named by an address or a DOI."""

    doi_resolver = Unicode("https://doi.org/", help="Resolves DOIs.").tag(config=True)
    datacite_api = Unicode("https://api.datacite.org/", help="Tells of DataCite's DOIs.").tag(
        config=True
    )
    grdm_web = Unicode("https://rdm.nii.ac.jp/", help="GakuNin RDM's pages.").tag(config=True)
    grdm_api = Unicode("https://api.rdm.nii.ac.jp/v2/", help="Its API.").tag(config=True)
    grdm_files = Unicode("https://files.rdm.nii.ac.jp/v1/", help="Its files.").tag(config=True)
    ask_above = Integer(200 * 1000**2, help="Bytes from which a download is agreed to.").tag(
        config=True
    )
    limit = Integer(50 * 1024**3, help="Bytes above which nothing is fetched.").tag(config=True)


class Runners(Configurable):
    """Places that run replays."""

    sites = Dict(
        help="Runners by name: {'kyoto': {'kind': 'slurm', 'partition': 'short', …}}."
    ).tag(config=True)
    ceiling = Integer(
        0, help="Replays at once of all your campaigns together, wherever they run; 0: no ceiling."
    ).tag(config=True)
    ceilings = Dict(help="The same for single runners, by name: {'kyoto': 64}.").tag(config=True)


class Watch(Configurable):
    """How deposited crates are replayed again and again."""

    every = Float(30, help="Days between two replays of a crate.").tag(config=True)
    webhook = Unicode("", help="Address that is told of each change; empty: nobody.").tag(
        config=True
    )
    title = Unicode("recrate watch", help="Of the feed.").tag(config=True)
    keep = Float(30, help="Days for which a message is tried again that nobody took.").tag(
        config=True
    )


class Lookups(Configurable):
    """Where people, organisations and works are looked up, when somebody asks."""

    orcid = Unicode("https://pub.orcid.org/v3.0/", help="ORCID's public API.").tag(config=True)
    ror = Unicode("https://api.ror.org/v2/", help="ROR's API.").tag(config=True)
    timeout = Float(5, help="Seconds that one answer may take.").tag(config=True)


class Signing(Configurable):
    """With which key verdicts are signed, and whose signatures are believed."""

    key = Unicode("", help="File of the private key; RECRATE_SIGNING_KEY wins.").tag(config=True)
    trusted = List(Unicode(), help="Public keys, as PEM or as files.").tag(config=True)
    person = Unicode("", help="Who signs, written into the statement.").tag(config=True)
