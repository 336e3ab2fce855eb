"""Parsl's Kubernetes provider, whose pods end when their work does."""

from typing import TYPE_CHECKING, Any

from parsl.providers import KubernetesProvider

from recrate_binder.cluster.kubernetes import LABEL, label_of
from recrate_binder.cluster.options import Pilot

if TYPE_CHECKING:
    from recrate_binder.cluster.kubernetes import KubernetesSettings


class Provider(KubernetesProvider):
    """Makes a pod for each job; pods carry the campaign's label."""

    def __init__(self, settings: "KubernetesSettings", pilot: Pilot, name: str) -> None:
        cores = pilot.cores or pilot.workers
        memory = f"{pilot.memory_gb or 2 * pilot.workers}Gi"
        super().__init__(
            image=settings.image,
            namespace=settings.namespace,
            init_blocks=0,
            max_blocks=pilot.jobs,
            max_cpu=float(cores),
            init_cpu=float(cores),
            max_mem=memory,
            init_mem=memory,
            worker_init=pilot.prologue,
            user_id=settings.user or None,
            group_id=settings.group or None,
            run_as_non_root=bool(settings.user) and settings.user != "0",
            secret=settings.secret or None,
            persistent_volumes=list(settings.volumes),
            service_account_name=settings.service_account or None,
        )
        self._name = name
        pods: Any = _Pods(self.kube_client, label_of(name), pilot.walltime)
        self.kube_client = pods
        self.poll_seconds = max(1, min(15, pilot.heartbeat // 4))

    @property
    def status_polling_interval(self) -> int:
        """Return how many seconds lie between two questions to the cluster."""
        return self.poll_seconds

    def submit(self, cmd_string: str, tasks_per_node: int, job_name: str = "") -> str:
        """Make a pod; its name carries ours."""
        block = job_name.rpartition("-")[2]
        return str(super().submit(cmd_string, tasks_per_node, f"{self._name}{block}"))


class _Pods:
    """The client, for pods that are not started again, end in time and carry a label."""

    def __init__(self, client: Any, label: str, seconds: int) -> None:
        self._client = client
        self._label = label
        self._seconds = seconds

    def create_namespaced_pod(self, namespace: str, body: Any) -> Any:
        body.spec.restart_policy = "Never"  # else a pod without its campaign starts for ever
        body.spec.active_deadline_seconds = self._seconds
        body.metadata.labels = {**(body.metadata.labels or {}), LABEL: self._label}
        for container in body.spec.containers:
            container.env, container.ports = None, None  # placeholders of Parsl's
        return self._client.create_namespaced_pod(namespace=namespace, body=body)

    def read_namespaced_pod(self, name: str, namespace: str) -> Any:
        return self._client.read_namespaced_pod(name=name, namespace=namespace)

    def delete_namespaced_pod(self, name: str, namespace: str, body: Any) -> Any:
        return self._client.delete_namespaced_pod(name=name, namespace=namespace, body=body)
