"""The questions that describe a cluster, in two languages, and their answers as one value."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from recrate.model.deposit import Option, OptionKind
from recrate.model.errors import BadInput
from recrate.outside.grants import JOB_BYTES

_MODULES = """\
if ! type module >/dev/null 2>&1; then
  for script in /etc/profile.d/modules.sh /etc/profile.d/lmod.sh /usr/share/lmod/lmod/init/bash; do
    if [ -r "$script" ]; then . "$script"; break; fi
  done
fi
"""
_WALLTIME = re.compile(r"(?:(\d+)-)?(\d{1,4}):(\d\d)(?::(\d\d))?")
_LEAST_SECONDS = 60
"""A job must have this long to begin its first replay."""
_PORTS = re.compile(r"(\d{2,5})-(\d{2,5})")

PYTHON = Option(
    name="python",
    label_en="Python on the nodes",
    label_ja="計算ノードの Python",
    help_en="An interpreter with recrate and Parsl of the same versions as here. Empty: this one.",
    help_ja="ここと同じバージョンの recrate と Parsl が入った Python。空欄: 今使っているもの。",
)
JOBS = Option(
    name="jobs",
    label_en="Jobs at once, at most",
    label_ja="同時に投入するジョブ数の上限",
    default="4",
    help_en="A pilot job runs many replays, one after another; more are submitted as needed.",
    help_ja="1 つのジョブが再実行を次々に処理します。必要な数だけ投入します。",
)
NODES = Option(
    name="nodes",
    label_en="Nodes of a job",
    label_ja="ジョブあたりのノード数",
    default="1",
)
WORKERS = Option(
    name="workers",
    label_en="Replays at once on a node",
    label_ja="ノードあたりの同時再実行数",
    help_en="Empty: one for each core asked for; one where no cores are asked for.",
    help_ja="空欄: 要求したコア数と同じ(コア数の指定がなければ 1)。",
)
CORES = Option(
    name="cores",
    label_en="Cores of a node",
    label_ja="ノードあたりのコア数",
    help_en="Asked of the scheduler for each node. Empty: what it gives by itself.",
    help_ja="スケジューラーに要求するコア数。空欄: 既定値に任せます。",
)
MEMORY = Option(
    name="memory",
    label_en="Memory of a node, in GB",
    label_ja="ノードあたりのメモリー (GB)",
    help_en="Asked of the scheduler. Empty: what it gives by itself.",
    help_ja="スケジューラーに要求するメモリー。空欄: 既定値に任せます。",
)
WALLTIME = Option(
    name="walltime",
    label_en="Time of a job",
    label_ja="ジョブの制限時間",
    default="01:00:00",
    help_en="HH:MM:SS, or D-HH:MM:SS. No more than the queue allows.",
    help_ja="HH:MM:SS または D-HH:MM:SS。キューの上限以下にしてください。",
)
LONGEST = Option(
    name="longest",
    label_en="Time that a replay may take",
    label_ja="1 件の再実行にかかる最長時間",
    help_en="A job with less time left begins no further replay. Empty: half the time of a job.",
    help_ja="残り時間がこれより短いジョブは次の再実行を始めません。空欄: ジョブの制限時間の半分。",
)
MODULES = Option(
    name="modules",
    label_en="Environment modules",
    label_ja="環境モジュール",
    help_en="Names for `module load`, with spaces between them.",
    help_ja="`module load` する名前を空白で区切ります。",
)
INIT = Option(
    name="init",
    label_en="Commands before the work",
    label_ja="開始前に実行するコマンド",
    help_en="Lines of bash, run on the node at the beginning of a job.",
    help_ja="ジョブの最初に計算ノードで実行する bash の行。",
)
SCRATCH = Option(
    name="scratch",
    label_en="Scratch folder of the nodes",
    label_ja="計算ノードの一時フォルダー",
    help_en="TMPDIR of the work; made if it is not there. May name variables: `/local/$USER`.",
    help_ja="作業の TMPDIR。なければ作ります。変数も書けます: `/local/$USER`。",
)
PROXY = Option(
    name="proxy",
    label_en="Proxy of the nodes",
    label_ja="計算ノードのプロキシ",
    help_en="`http://proxy.example.org:3128`: how nodes reach package indexes and repositories.",
    help_ja="`http://proxy.example.org:3128`: 計算ノードから外部へ出るためのプロキシ。",
)
SHARED = Option(
    name="shared",
    label_en="Nodes see the files of this machine",
    label_ja="計算ノードとファイルを共有している",
    kind=OptionKind.YES_NO,
    default="yes",
    help_en="No: crates go to the nodes through Parsl, each content once; results come back so.",
    help_ja="いいえ: クレートを Parsl 経由で送り (同じ内容は一度だけ)、結果も同様に受け取ります。",
)
ADDRESS = Option(
    name="address",
    label_en="Address of this machine",
    label_ja="このマシンのアドレス",
    help_en="As the nodes reach it. Empty: they try all addresses that it has.",
    help_ja="計算ノードから届くアドレス。空欄: すべてのアドレスを順に試します。",
)
INTERFACE = Option(
    name="interface",
    label_en="Network interface of this machine",
    label_ja="このマシンのネットワークインターフェース",
    help_en="Instead of the address: `ib0`.",
    help_ja="アドレスの代わりに指定できます: `ib0`。",
)
PORTS = Option(
    name="ports",
    label_en="Ports for the nodes",
    label_ja="計算ノードが接続するポート",
    default="54000-55000",
    help_en="Nodes connect to one of these ports of this machine.",
    help_ja="計算ノードはこの範囲のいずれかのポートに接続します。",
)
HEARTBEAT = Option(
    name="heartbeat",
    label_en="Seconds without a sign of life",
    label_ja="応答がないとみなすまでの秒数",
    default="60",
    help_en="After these a node is given up; a node ends so long after this machine went away.",
    help_ja="この秒数応答がないノードは失われたとみなします。",
)
COMMON = (
    PYTHON,
    JOBS,
    WORKERS,
    CORES,
    MEMORY,
    WALLTIME,
    LONGEST,
    SHARED,
    MODULES,
    INIT,
    SCRATCH,
    PROXY,
    ADDRESS,
    INTERFACE,
    PORTS,
    HEARTBEAT,
)
"""What all kinds ask."""
ACCOUNT = Option(
    name="account",
    label_en="Account",
    label_ja="アカウント(課金グループ)",
    help_en="What the work is charged to. Empty: your default.",
    help_ja="課金先のグループ。空欄: 既定のもの。",
)
SCHEDULER = Option(
    name="scheduler",
    label_en="Further options of the scheduler",
    label_ja="スケジューラーの追加オプション",
    help_en="As in a job script, without its mark: `--reservation=class`. One on a line.",
    help_ja="ジョブスクリプトのオプション(例: `--reservation=class`)。1 行に 1 つ。",
)
EXCLUSIVE = Option(
    name="exclusive",
    label_en="Whole nodes",
    label_ja="ノードを占有する",
    kind=OptionKind.YES_NO,
    default="no",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """What the answers say of pilot jobs; see the options of the same names.

    workers: attempts at once on a node; memory_gb, cores: None takes what the scheduler gives
    walltime, longest, heartbeat: seconds; ports: the first and the last
    shared: nodes see the campaign's folder, the crates and the cache under the same paths
    """

    python: str
    jobs: int
    nodes: int
    workers: int
    cores: int | None
    memory_gb: int | None
    walltime: int
    longest: int
    init: str
    address: str
    interface: str
    ports: tuple[int, int]
    heartbeat: int
    shared: bool = True

    @property
    def a_job(self) -> int:
        """Return how many attempts one job runs at once."""
        return self.nodes * self.workers

    @property
    def prologue(self) -> str:
        """Return what a job's script does first; attempts learn from it what memory is theirs."""
        if not self.memory_gb:
            return self.init
        return f"{self.init}\nexport {JOB_BYTES}={self.memory_gb << 30}".lstrip()

    @property
    def walltime_text(self) -> str:
        """Return the time of a job as HH:MM:SS."""
        return f"{self.walltime // 3600:02}:{self.walltime // 60 % 60:02}:{self.walltime % 60:02}"


class Answers:
    """Answers by name, checked against the options. Raises BadInput where one makes no sense."""

    def __init__(self, answers: Mapping[str, str], options: tuple[Option, ...]) -> None:
        """Take the answers; one that belongs to no option is refused."""
        known = {option.name: option for option in options}
        for name in answers:
            if name not in known:
                raise BadInput(
                    f"this kind of runner has no option {name}",
                    where=name,
                    hint=f"it has {', '.join(sorted(known))}",
                )
        self._answers = {name: str(answers.get(name, "")).strip() for name in known}
        self._options = known
        missing = [name for name, one in known.items() if one.required and not self._answers[name]]
        if missing:
            raise BadInput(f"it does not say {missing[0]}", where=missing[0], hint="say it")

    def text(self, name: str) -> str:
        """Return a text: the option's default where nothing was said, empty without an option."""
        option = self._options.get(name)
        return (self._answers[name] or option.default) if option is not None else ""

    def word(self, name: str) -> str:
        """Return a text of one line and without blanks; empty where nothing was said."""
        text = self.text(name)
        if re.search(r"\s|[\x00-\x1f'\"`$;]", text):
            raise BadInput(f"{name} is one word", where=name, hint="without blanks and quotes")
        return text

    def number(self, name: str, least: int = 1) -> int | None:
        """Return a whole number, None where nothing is said."""
        text = self.text(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise BadInput(f"{name} is a whole number from {least}", where=name, hint=f"not {text}")
        return int(text)

    def yes(self, name: str) -> bool:
        """Return a flag."""
        text = self.text(name)
        if text not in {"yes", "no"}:
            raise BadInput(f"{name} is yes or no", where=name, hint=f"not {text}")
        return text == "yes"

    def seconds(self, name: str) -> int | None:
        """Return a time of the form HH:MM:SS or D-HH:MM:SS; None where nothing is said."""
        text = self.text(name)
        return None if not text else seconds_of(text, name)


def seconds_of(text: str, where: str) -> int:
    """Return the seconds of HH:MM:SS, HH:MM or D-HH:MM:SS; raises BadInput for anything else."""
    found = _WALLTIME.fullmatch(text)
    if found is None:
        raise BadInput(f"{where} is a time as 02:30:00", where=where, hint=f"not {text}")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total < _LEAST_SECONDS:
        raise BadInput(f"{where} is at least a minute", where=where, hint=f"not {text}")
    return total


def pilot_of(answers: Answers, python: str) -> Pilot:
    """Make the value of the answers that all kinds share; `python`: where none is named."""
    cores = answers.number("cores")
    walltime = answers.seconds("walltime") or 3600
    if walltime < 2 * _LEAST_SECONDS:
        raise BadInput("a job needs two minutes at least", where="walltime", hint="longer")
    longest = answers.seconds("longest") or walltime // 2
    if longest > walltime - _LEAST_SECONDS:
        raise BadInput(
            "a replay may not take as long as a job",
            where="longest",
            hint="at least a minute less than walltime",
        )
    ports = _PORTS.fullmatch(answers.text("ports"))
    if ports is None or not 0 < int(ports[1]) <= int(ports[2]) < 65536:
        raise BadInput("ports are a range as 54000-55000", where="ports", hint="the first is less")
    return Pilot(
        python=answers.text("python") or python,
        jobs=answers.number("jobs") or 1,
        nodes=answers.number("nodes") or 1,
        workers=answers.number("workers") or cores or 1,
        cores=cores,
        memory_gb=answers.number("memory"),
        walltime=walltime,
        longest=longest,
        init=_init(answers),
        address=answers.word("address"),
        interface=answers.word("interface"),
        ports=(int(ports[1]), int(ports[2])),
        heartbeat=answers.number("heartbeat", least=3) or 60,
        shared=answers.yes("shared"),
    )


def _init(answers: Answers) -> str:
    """Return the lines of bash that go before the work."""
    lines = []
    modules = shlex.join(answers.text("modules").split())
    if modules:
        lines += [_MODULES + f"module load {modules}"]
    proxy = answers.word("proxy")
    if proxy:
        names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
        lines += [f"export {name}={shlex.quote(proxy)}" for name in names]
    scratch = answers.text("scratch")
    if scratch:
        if re.search(r"[\n\"`;&|()]", scratch):
            raise BadInput("scratch is the path of a folder", where="scratch", hint="no commands")
        lines += [f'export TMPDIR="{scratch}"', 'mkdir -p -m 700 "$TMPDIR"']
    return "\n".join([*lines, answers.text("init")]).strip()
