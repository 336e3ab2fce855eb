"""What of a crate will not build, or not run as it should, on a Binder: said before anybody waits.

Each check returns findings; codes and hints are listed in docs/findings.md.
"""

from collections.abc import Iterator

from recrate.flow.references import is_withheld, who_to_ask
from recrate.launch.target import Cargo
from recrate.locate.whereabouts import FileKind, Whereabouts
from recrate.model.crate import Crate
from recrate.model.finding import Finding, Severity, find
from recrate.model.launch import LaunchOrder
from recrate.publish.site_binder import MYBINDER
from recrate_binder.binderhub.choosing import GIT_FORMS
from recrate_binder.binderhub.forms import Spec
from recrate_binder.binderhub.hubs import AboutHub
from recrate_binder.binderhub.stock import (
    OLDEST_PYTHON,
    Configuration,
    configuration_of,
    languages_built,
    languages_of,
    minor_of,
    newest_python,
)

BUILD_BYTES = 2_000_000_000
"""Disk and memory of mybinder.org's builds: what is fetched, and then sent on, must fit in each.

Source: https://github.com/jupyterhub/mybinder.org-deploy, mybinder/values.yaml, 2026-08:
`KubernetesBuildExecutor.resources.limits`, `singleuser.memory.limit`
"""
MEMORY_BYTES = 2_000_000_000
SLOW_BYTES = 500_000_000
"""An image with more than that takes minutes to start wherever it was not started yet."""
RECORD_FORMS = frozenset({"zenodo", "figshare", "dataverse"})


def check_hub(spec: Spec, hub: str, about: AboutHub) -> Iterator[Finding]:
    """Say whether the hub can be asked for this."""
    if about.providers is not None and spec.prefix not in about.providers:
        yield find(
            Severity.ERROR,
            "binder-hub",
            f"{hub} builds nothing of the form `{spec.prefix}`",
            hint="it knows: " + ", ".join(about.providers),
        )
    elif about.providers is None and spec.form == "crate":
        yield find(
            Severity.WARNING,
            "binder-hub",
            f"{hub} did not say whether it has the provider for crates",
            hint="ask whoever runs it, or choose another form with --set form",
        )


def check_record(spec: Spec, found: Whereabouts, crate: Crate) -> Iterator[Finding]:
    """Say whether the stock provider finds the crate's files where they belong."""
    for note in found.notes:
        if "restricted" in note:
            yield find(
                Severity.ERROR,
                "binder-restricted",
                note,
                hint="a Binder has nobody's token: launch it here, or ask for a public record",
            )
    if spec.form not in RECORD_FORMS:
        return
    zips = [one for one in found.candidates if one.kind is FileKind.ZIP]
    if zips and (spec.form == "dataverse" or len(found.candidates) > 1):
        kept = "Dataverse's zips" if spec.form == "dataverse" else "a zip beside other files"
        yield find(
            Severity.ERROR,
            "binder-zip",
            f"stock Binders do not unpack {kept}: a session would hold just {zips[0].name[:120]!r}",
            hint="publish the crate as the only file of its record, or use a hub with the provider"
            " for crates (--set form crate)",
        )
    elif not zips:
        yield from _flat(found, crate)


def _flat(found: Whereabouts, crate: Crate) -> Iterator[Finding]:
    names = {one.name for one in found.candidates}
    lost = [one.path for one in crate.files if "/" in one.path and one.path not in names]
    if lost:
        yield find(
            Severity.ERROR,
            "binder-folders",
            f"the record has no folders, so a session would not find {lost[0]}"
            + (f" and {len(lost) - 1} others" if lost[1:] else ""),
            hint="publish the crate as one zip file",
        )


def check_size(cargo: Cargo, hub: str) -> Iterator[Finding]:
    """Say whether the crate fits into a build: its zip and what is unpacked lie side by side."""
    unpacked = sum(one.size_bytes for one in cargo.crate.files)
    packed = cargo.path.stat().st_size if cargo.path.is_file() else 0
    data = sum(one.size_bytes for one in cargo.crate.references if not is_withheld(one))
    if packed + unpacked > BUILD_BYTES and hub == MYBINDER:
        yield find(
            Severity.ERROR,
            "binder-size",
            f"{packed + unpacked:,} bytes, packed and unpacked, of {BUILD_BYTES:,} that a build of"
            " mybinder.org may take",
            hint="name large data as references with `recrate refer`, or use another hub",
        )
    elif packed + unpacked + data > SLOW_BYTES:
        yield find(
            Severity.WARNING,
            "binder-size",
            f"{unpacked + data:,} bytes of files and data: building and starting takes long",
            hint="hubs give up after some minutes; launch it in a container, or on a JupyterHub",
        )


def check_build(crate: Crate, hub: str, about: AboutHub) -> Iterator[Finding]:
    """Say what stock repo2docker makes of the crate."""
    found = configuration_of(one.path for one in crate.files)
    if found.both:
        yield find(
            Severity.ERROR,
            "binder-two-folders",
            "both binder/ and .binder/ are there, which repo2docker refuses",
            hint="remove one of them from the study and pack again",
        )
    elif not found.files:
        yield _no_environment(hub)
    elif not found.ours:
        place = f"{found.folder}/{found.files[0]}" if found.folder else found.files[0]
        yield find(
            Severity.WARNING,
            "binder-own-environment",
            f"Binder builds from the study's own {place}, not from the lock",
            hint="versions may be newer than those recorded; a hub with the provider for crates"
            " builds from the lock",
            path=place,
        )
    yield from _python(crate, found, about)
    yield from _languages(crate, found)
    yield from _data(crate, found)


def _no_environment(hub: str) -> Finding:
    severity = Severity.ERROR if hub == MYBINDER else Severity.WARNING
    return find(
        severity,
        "binder-no-environment",
        "nothing that stock repo2docker builds an environment from is in binder/ or the root",
        hint="pack the study with its lock, or add binder/environment.yml",
    )


def _python(crate: Crate, found: Configuration, about: AboutHub) -> Iterator[Finding]:
    wanted = minor_of(crate.lock.python) if crate.lock is not None and found.ours else None
    newest = newest_python(about.release)
    if wanted is None or OLDEST_PYTHON <= wanted <= newest:
        return
    yield find(
        Severity.ERROR,
        "binder-python",
        f"Python {wanted[0]}.{wanted[1]} is not built there: repo2docker has"
        f" {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} to {newest[0]}.{newest[1]}",
        hint="launch it here or in a container, or use a hub with the provider for crates",
    )


def _languages(crate: Crate, found: Configuration) -> Iterator[Finding]:
    built = languages_built(found)
    for language in languages_of(crate):
        if built is not None and language not in built:
            yield find(
                Severity.ERROR,
                "binder-language",
                f"the image will have no kernel for {language}",
                hint="add what installs it to binder/ (install.R, Project.toml, environment.yml)",
                subject=language,
            )


def _data(crate: Crate, found: Configuration) -> Iterator[Finding]:
    public = [one for one in crate.references if not is_withheld(one)]
    for one in crate.references:
        if is_withheld(one):
            yield find(
                Severity.WARNING, "binder-data-withheld", who_to_ask(one),
                hint="what reads it fails there", path=one.path,
            )  # fmt: skip
    if public and not found.post_build:
        yield find(
            Severity.ERROR,
            "binder-data-missing",
            f"nothing fetches {public[0].path}" + (" and others" if public[1:] else ""),
            hint="pack again with a lock, or fetch and verify it in the study's own postBuild",
            path=public[0].path,
        )
    elif public and not found.ours:
        yield find(
            Severity.WARNING,
            "binder-data-unverified",
            "the study's own postBuild is believed to fetch its data; recrate did not write it",
            hint="compare the SHA-256 of the data with those in ro-crate-metadata.json",
            path=public[0].path,
        )


def check_other(spec: Spec, order: LaunchOrder, hub: str) -> Iterator[Finding]:
    """Say what the form itself gives away, and what the person wants beyond the hub's limits."""
    if spec.form in GIT_FORMS:
        yield find(
            Severity.WARNING,
            "binder-git",
            "the repository is built as it is now, which may not be what the crate holds",
            hint="name the commit with --set ref, or publish the crate",
        )
    if spec.form == "grdm":
        yield find(
            Severity.NOTE,
            "binder-grdm",
            "NII's Binder builds from .binder/ of the project, and asks whoever follows the link"
            " to log in",
            hint="`recrate publish --to grdm` writes .binder/ for the crate",
        )
    if spec.form == "weko3":
        yield find(
            Severity.WARNING,
            "binder-weko",
            "NII's Binder fetches a WEKO record's files without their folders, and adds an"
            " environment of its own",
            hint="deposit it in GakuNin RDM too, and launch it from there",
        )
    if order.memory_bytes is not None and order.memory_bytes > MEMORY_BYTES and hub == MYBINDER:
        yield find(
            Severity.WARNING,
            "binder-memory",
            f"mybinder.org gives a session {MEMORY_BYTES:,} bytes of memory, not more",
            hint="launch it here, in a container, or on a JupyterHub",
        )
