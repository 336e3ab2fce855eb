"""A cluster seen from outside: a recrate on its login node, driven over the system's OpenSSH.

The `ssh` program is used as it is, so what works by hand works here: ~/.ssh/config, ProxyJump,
agents, and a connection that somebody opened with a second factor. It asks nothing, and host keys
are always verified.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from recrate.model.deposit import Option, OptionKind
from recrate.model.errors import BadInput
from recrate.model.finding import Finding
from recrate.model.runner import AboutRunner, RunnerCapabilities
from recrate.outside.archive import ArchiveLimits
from recrate.runners.runner import Depot
from recrate.runners.ssh_check import check_far_side, hello
from recrate.runners.ssh_link import Link, way_of
from recrate.runners.ssh_pool import FarCampaign, SshPool, bring_left
from recrate.runners.ssh_talk import Question

_RESULT_BYTES = 50 * 1024**3

ABOUT = AboutRunner(
    kind="ssh",
    title_en="Another machine or a cluster, over SSH",
    title_ja="SSH で接続する計算機・クラスタ",
    capabilities=RunnerCapabilities(elsewhere=True, shared=False, needs_account=True),
    options=(
        Option(
            name="host",
            label_en="Host",
            label_ja="ホスト",
            required=True,
            help_en="As in ~/.ssh/config; `ssh HOST` must work without a question.",
            help_ja="~/.ssh/config の名前です。`ssh HOST` が質問なしで接続できる必要があります。",
        ),
        Option(
            name="site",
            label_en="Site there",
            label_ja="接続先での拠点",
            default="local",
            help_en="A site of the recrate_config.py there, or `local`.",
            help_ja="接続先の recrate_config.py にある拠点、または `local` です。",
        ),
        Option(
            name="python",
            label_en="Python there",
            label_ja="接続先の Python",
            default="python3",
            help_en="Path of the interpreter there that has recrate.",
            help_ja="recrate が入っている、接続先の Python のパスです。",
        ),
        Option(
            name="folder",
            label_en="Folder there",
            label_ja="接続先のフォルダ",
            default="~/.cache/recrate-spool",
            help_en="Crates and results lie there for a while; its nodes must see it.",
            help_ja="クレートと結果を一時的に置きます。計算ノードから見える必要があります。",
        ),
        Option(
            name="ssh",
            label_en="ssh program",
            label_ja="ssh プログラム",
            default="ssh",
        ),
        Option(
            name="options",
            label_en="Options for ssh",
            label_ja="ssh のオプション",
            help_en="As on its command line, e.g. `-J gate -i ~/.ssh/cluster`.",
            help_ja="コマンドラインと同じ書き方です。例: `-J gate -i ~/.ssh/cluster`",
        ),
        Option(
            name="store",
            label_en="GB kept there",
            label_ja="接続先に残す量 (GB)",
            default="20",
            help_en="Crates that were sent stay for the next time, up to so much.",
            help_ja="送ったクレートを次回のために残す上限です。",
        ),
        Option(
            name="patience",
            label_en="Patience, in seconds",
            label_ja="待つ時間 (秒)",
            default="900",
            help_en="How long a connection may be away before the campaign gives this place up.",
            help_ja="接続が切れてから、この実行先をあきらめるまでの時間です。",
        ),
        Option(
            name="keep",
            label_en="Keep what lies there",
            label_ja="接続先のファイルを残す",
            kind=OptionKind.YES_NO,
            default="no",
            help_en="For finding out what went wrong there.",
            help_ja="接続先で起きた問題を調べるときに使います。",
        ),
    ),
)


class Ssh:
    """A far side as a runner."""

    about = ABOUT

    def __init__(self, answers: Mapping[str, str], depot: Depot) -> None:
        """Take the answers; raises BadInput for one that makes no sense."""
        told = {one.name: answers.get(one.name) or one.default for one in ABOUT.options}
        self._way = way_of(
            host=told["host"],
            python=told["python"],
            folder=told["folder"],
            program=told["ssh"],
            options=told["options"],
            patience_seconds=_number("patience", told["patience"]),
        )
        self._site = told["site"]
        self._store_bytes = int(_number("store", told["store"]) * 1000**3)
        self._keep = told["keep"] == "yes"
        self._variables = depot.variables

    def check(self) -> Iterator[Finding]:
        """Log in, ask the recrate there what it can do, and measure the way."""
        with Link(self._way, self._variables) as link:
            yield from check_far_side(link, self._site)

    def open(self, campaign: str, folder: Path, *, workers: int) -> SshPool:
        """Begin on the far side; what a killed one left there is brought here, or taken away.

        Raises OutsideFailed when it cannot be reached, BadInput where it knows no such site.
        """
        site = hashlib.sha256(self._site.encode()).hexdigest()[:8]
        far = FarCampaign(
            id=f"{campaign}s{site}",
            folder=folder,
            workers=workers,
            store_bytes=self._store_bytes,
            limits=ArchiveLimits(total_bytes=_RESULT_BYTES),
            keep=self._keep,
        )
        link = Link(self._way, self._variables)
        try:
            hello(link)
            bring_left(link, far)
            wanted = {"campaign": far.id, "site": self._site, "workers": workers}
            link.ask(Question(verb="open", asked=wanted))
        except BaseException:
            link.close()
            raise
        return SshPool(link, far)


def _number(name: str, told: str) -> float:
    try:
        found = float(told)
    except ValueError:
        found = -1.0
    if not 0 < found < 1e9:
        raise BadInput(f"{name}: {told!r} is no number", hint="a number above 0")
    return found
