"""Checks of a Kubernetes cluster: what may be done there. No pod is made."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from recrate.model.errors import OutsideFailed
from recrate.model.finding import Finding, Severity
from recrate.runners.runner import Depot
from recrate_binder.cluster.checks import no_parsl
from recrate_binder.cluster.judging import fault
from recrate_binder.cluster.kubernetes import api, failed, require_client
from recrate_binder.cluster.onnode_pushed import PUSHED

if TYPE_CHECKING:
    from recrate_binder.cluster.kubernetes import KubernetesScheduler

_VERBS = ("create", "get", "list", "delete")


def check_kubernetes(scheduler: "KubernetesScheduler", depot: Depot) -> Iterator[Finding]:
    """Say what keeps pilot pods from being made; nothing is said of what is inside them."""
    early = list(no_parsl("kubernetes"))
    yield from early
    if early:
        return
    named = scheduler.settings
    try:
        forbidden = [verb for verb in _VERBS if not _may(verb, named.namespace)]
        if forbidden:
            yield fault(
                "kubernetes",
                "not-allowed",
                f"you may not {', '.join(forbidden)} pods in namespace {named.namespace}",
                "ask for a role with these verbs, or choose another `namespace`",
            )
            return
        lost = [claim for claim, _ in named.volumes if not _claim(claim, named.namespace)]
    except OutsideFailed as error:
        yield fault("kubernetes", "scheduler-silent", error.message, error.hint)
        return
    yield from _files(scheduler, depot, lost)


def _files(scheduler: "KubernetesScheduler", depot: Depot, lost: list[str]) -> Iterator[Finding]:
    """Yield what pods would not see, then what was found to be in order."""
    named = scheduler.settings
    for claim in lost:
        yield fault(
            "kubernetes",
            "no-such-volume",
            f"namespace {named.namespace} has no volume claim {claim}",
            "make it, or name another in `volumes`",
        )
    paths = [path for _, path in named.volumes]
    shared = scheduler.pilot.shared
    if shared and not any(depot.cache.is_relative_to(path) for path in paths):
        yield fault(
            "kubernetes",
            "folder-not-shared",
            f"recrate's cache {depot.cache} lies in no volume of the pods",
            f"let it lie in one of {', '.join(paths)}, or say `shared`: no",
        )
    elif not lost:
        yield Finding(
            severity=Severity.NOTE,
            code="runner-answers",
            where="kubernetes",
            message=f"pods may be made in namespace {named.namespace}; what image"
            f" {named.image} holds was not looked at" + ("" if shared else f"; {PUSHED}"),
        )


def _may(verb: str, namespace: str) -> bool:
    """Say whether we may do that to pods; raises OutsideFailed when nobody answers."""
    kubernetes = require_client()
    api()
    asked = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"verb": verb, "resource": "pods", "namespace": namespace}},
    }
    try:
        told = kubernetes.client.AuthorizationV1Api().create_self_subject_access_review(asked)
    except Exception as error:
        raise failed(error) from error
    return bool(told.status.allowed)


def _claim(name: str, namespace: str) -> bool:
    """Say whether there is such a claim; true where we may not ask."""
    try:
        api().read_namespaced_persistent_volume_claim(name, namespace)
    except OutsideFailed:
        raise
    except Exception as error:
        status = getattr(error, "status", None)
        if status == 403:
            return True
        if status == 404:
            return False
        raise failed(error) from error
    return True
