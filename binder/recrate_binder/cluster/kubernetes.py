"""Kubernetes: a pod for each pilot job, with volumes that this machine sees too, or without."""

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrate.model.deposit import Option
from recrate.model.errors import BadInput, OutsideFailed
from recrate_binder.cluster.commands import one_line
from recrate_binder.cluster.options import COMMON, Answers, Pilot

if TYPE_CHECKING:
    from recrate_binder.cluster.kubernetes_provider import Provider

OPTIONS = (
    Option(
        name="image",
        label_en="Image",
        label_ja="イメージ",
        required=True,
        help_en="With bash, and Python with recrate and Parsl of the same versions as here.",
        help_ja="bash と、ここと同じバージョンの recrate・Parsl が入った Python を含むもの。",
    ),
    Option(
        name="namespace",
        label_en="Namespace",
        label_ja="名前空間",
        default="default",
    ),
    Option(
        name="volumes",
        label_en="Volumes",
        label_ja="ボリューム",
        help_en="`CLAIM:/PATH`, with blanks between them; campaigns and caches lie in them."
        " Needed unless files are not shared.",
        help_ja="`クレーム名:/パス` を空白で区切ります。一括検証とキャッシュをここに置きます。"
        "ファイルを共有しない場合は不要です。",
    ),
    Option(
        name="secret",
        label_en="Secret for the image's registry",
        label_ja="イメージ取得用の Secret",
    ),
    Option(
        name="service_account",
        label_en="Service account of the pods",
        label_ja="Pod のサービスアカウント",
    ),
    Option(
        name="user",
        label_en="User and group of the pods",
        label_ja="Pod のユーザーとグループ",
        help_en="`1000:1000`: whoever owns the files of the volumes. Empty: the image's.",
        help_ja="`1000:1000`: ボリュームのファイルの所有者。空欄: イメージの既定値。",
    ),
    *COMMON,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesSettings:
    """What a pod is made of. volumes: names of claims and where they are mounted."""

    image: str
    namespace: str
    volumes: tuple[tuple[str, str], ...]
    secret: str
    service_account: str
    user: str
    group: str

    @classmethod
    def of(cls, answers: Answers, *, shared: bool) -> "KubernetesSettings":
        """Make them of the site's answers; raises BadInput. `shared`: pods see our files."""
        volumes = []
        for one in answers.text("volumes").split():
            found = re.fullmatch(r"([a-z0-9][a-z0-9.-]*):(/[^:]+)", one)
            if found is None:
                raise BadInput(f"{one} is no volume", where="volumes", hint="CLAIM:/PATH")
            volumes.append((found[1], found[2]))
        if shared and not volumes:
            raise BadInput(
                "it does not say volumes", where="volumes", hint="say it, or `shared`: no"
            )
        user = answers.word("user")
        if user and not re.fullmatch(r"\d+:\d+", user):
            raise BadInput("a user is two numbers", where="user", hint="1000:1000")
        return cls(
            image=answers.word("image"),
            namespace=answers.word("namespace"),
            volumes=tuple(volumes),
            secret=answers.word("secret"),
            service_account=answers.word("service_account"),
            user=user.partition(":")[0],
            group=user.partition(":")[2],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesScheduler:
    """The cluster that the person's own configuration names, or the one that we run in."""

    settings: KubernetesSettings
    pilot: Pilot

    def provider(self, name: str, folder: Path) -> "Provider":
        """Return Parsl's provider; raises BadInput where pods would not see the folder."""
        from recrate_binder.cluster.kubernetes_provider import Provider  # noqa: PLC0415 -- Parsl

        if self.pilot.shared and not any(
            folder.is_relative_to(path) for _, path in self.settings.volumes
        ):
            raise BadInput(
                "no volume of the pods holds this folder",
                where=str(folder),
                hint="choose a folder in one of "
                + ", ".join(path for _, path in self.settings.volumes),
            )
        require_client()
        try:
            return Provider(self.settings, self.pilot, name)
        except Exception as error:
            raise failed(error) from error

    def jobs(self, name: str) -> tuple[str, ...]:
        """Return the names of the pods of that name, whatever became of them."""
        selector = f"{LABEL}={label_of(name)}"
        try:
            found = api().list_namespaced_pod(self.settings.namespace, label_selector=selector)
        except Exception as error:
            raise failed(error) from error
        return tuple(pod.metadata.name for pod in found.items)

    def cancel(self, jobs: tuple[str, ...]) -> None:
        """Delete these pods; one that is gone already is no failure."""
        for job in jobs:
            try:
                api().delete_namespaced_pod(job, self.settings.namespace, grace_period_seconds=5)
            except Exception as error:
                if getattr(error, "status", None) != 404:
                    raise failed(error) from error


LABEL = "recrate-campaign"


def label_of(name: str) -> str:
    """Return the label of pods whose names begin so."""
    return name.strip(".")


def require_client() -> Any:
    """Return the module of the Kubernetes client; raises OutsideFailed where there is none."""
    try:
        return import_module("kubernetes")
    except ImportError as error:
        raise OutsideFailed(
            "the Python client of Kubernetes is not installed beside recrate",
            where="kubernetes",
            hint="pip install kubernetes",
        ) from error


def api() -> Any:
    """Return the client, configured as kubectl is, or as a pod is; raises OutsideFailed."""
    kubernetes = require_client()
    config = kubernetes.config
    try:
        config.load_kube_config()
    except config.ConfigException:
        try:
            config.load_incluster_config()
        except config.ConfigException as error:
            raise failed(error) from error
    return kubernetes.client.CoreV1Api()


def failed(error: Exception) -> OutsideFailed:
    """Return what to raise for an error of the client."""
    if isinstance(error, OutsideFailed):
        return error
    said = getattr(error, "reason", None) or error
    return OutsideFailed(
        one_line(f"Kubernetes: {said}"),
        where="kubernetes",
        hint="does `kubectl get pods` work here, in this namespace?",
    )
