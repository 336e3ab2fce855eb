"""What a site of the kind `container` is asked, and its answers as a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from recrate.model.deposit import Option, OptionKind
from recrate.model.errors import BadInput
from recrate.runners.local import usable_processors
from recrate_binder.container.bases import BASE, bundle_of
from recrate_binder.container.runner_image import PYTHON

ENGINES = ("", "podman", "docker", "apptainer")
PULLS = ("missing", "never", "always")

OPTIONS = (
    Option(
        name="engine",
        label_en="Container engine",
        label_ja="コンテナエンジン",
        kind=OptionKind.CHOICE,
        choices=ENGINES,
        help_en="Empty: podman where it is installed, else docker.",
        help_ja="空欄: podman があれば podman、なければ docker。",
    ),
    Option(
        name="image",
        label_en="Image with recrate in it",
        label_ja="recrate を含むイメージ",
        help_en="Empty: one is built here, once. `{python}` stands for the lock's version. "
        "Apptainer wants one: a SIF file.",
        help_ja="空欄: 一度だけ自動で作成します。`{python}` はロックの Python の版になります。"
        "Apptainer では SIF ファイルを指定してください。",
    ),
    Option(
        name="base",
        label_en="Base image",
        label_ja="ベースイメージ",
        default=BASE,
        help_en="What the built one begins with: Debian, with Python.",
        help_ja="作成するイメージの元になる、Python を含む Debian のイメージです。",
    ),
    Option(
        name="python",
        label_en="Python that runs recrate in the image",
        label_ja="イメージ内で recrate を動かす Python",
        default=PYTHON,
    ),
    Option(
        name="pull",
        label_en="Fetch images",
        label_ja="イメージの取得",
        kind=OptionKind.CHOICE,
        choices=PULLS,
        default="missing",
    ),
    Option(
        name="network",
        label_en="Workers reach the package index",
        label_ja="パッケージインデックスに接続する",
        kind=OptionKind.YES_NO,
        default="yes",
        help_en="`no` where all environments are restored already. Cells reach nothing either way, "
        "unless the campaign allows it.",
        help_ja="実行環境がすべて復元済みの場合は `no` にできます。どちらの場合も、許可しない限り"
        "セルからネットワークには接続できません。",
    ),
    Option(
        name="mounts",
        label_en="More folders to read",
        label_ja="読み取り専用で見せるフォルダ",
        help_en="Absolute paths, with `;` between them. Workers see them, cells do not.",
        help_ja="絶対パスを `;` で区切って指定します。セルからは見えません。",
    ),
    Option(
        name="gpus",
        label_en="Graphics processors",
        label_ja="GPU",
        help_en="`all`, or as the engine names them.",
        help_ja="`all`、またはエンジンでの名前を指定します。",
    ),
    Option(
        name="ca",
        label_en="Certificate authorities",
        label_ja="認証局の証明書",
        help_en="A bundle in PEM to trust; `no`: only what the image trusts.",
        help_ja="信頼する PEM ファイル。`no`: イメージのものだけ。",
    ),
    Option(
        name="workers",
        label_en="Replays at once",
        label_ja="同時に行う再実行の数",
        help_en="Empty: one for each processor that this process may use.",
        help_ja="空欄の場合は、使用できるプロセッサと同じ数です。",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers, looked over. `workers`: at once; `bundle`: of authorities, or None."""

    engine: str
    image: str
    base: str
    python: str
    pull: str
    network: bool
    mounts: tuple[Path, ...]
    gpus: str
    bundle: Path | None
    workers: int

    @classmethod
    def read(cls, told: Mapping[str, str], variables: Mapping[str, str]) -> Self:
        """Take the answers; raises BadInput where one makes no sense.

        variables: the process environment, which may name a bundle of authorities
        """
        unknown = sorted(told.keys() - {one.name for one in OPTIONS})
        if unknown:
            known = ", ".join(one.name for one in OPTIONS)
            raise BadInput(f"a container has no option {unknown[0]!r}", hint=f"there are: {known}")
        given = {one.name: told.get(one.name) or one.default for one in OPTIONS}
        for name, choices in (("engine", ENGINES), ("pull", PULLS), ("network", ("yes", "no"))):
            if given[name] not in choices:
                raise BadInput(
                    f"{name}: {given[name]!r} is none of them",
                    hint=f"there are: {', '.join(filter(None, choices))}",
                )
        return cls(
            engine=given["engine"],
            image=given["image"],
            base=given["base"],
            python=given["python"],
            pull=given["pull"],
            network=given["network"] == "yes",
            mounts=_mounts(given["mounts"]),
            gpus=given["gpus"],
            bundle=bundle_of(given["ca"], variables),
            workers=_workers(given["workers"]),
        )


def _mounts(text: str) -> tuple[Path, ...]:
    paths = tuple(Path(part.strip()) for part in text.split(";") if part.strip())
    for path in paths:
        if not path.is_absolute() or not path.exists() or path == Path("/"):
            raise BadInput(
                f"mounts: {path} is no folder that can be seen inside",
                hint="an absolute path of this machine, not all of it",
            )
    return paths


def _workers(text: str) -> int:
    if not text:
        return usable_processors()
    if not (text.isdecimal() and 0 < int(text) <= 1024):
        raise BadInput(
            f"workers: {text!r} is no number of replays", hint="a whole number from 1 to 1024"
        )
    return int(text)
