"""The environment of a study as RO-Crate entities."""

from recrate.crate.graph import Graph
from recrate.crate.names import (
    BINDER_MARK,
    CARD,
    DOCKERFILE,
    LOCK,
    PYLOCK,
    RENV,
    REQUIREMENTS,
    id_of,
)
from recrate.model.environment import Lock

ENVIRONMENT = "#environment"

DESCRIPTIONS = {
    PYLOCK: "Lock of the Python packages with versions and hashes (PEP 751)",
    REQUIREMENTS: "The same packages as exact requirements with hashes, for pip",
    RENV: "Packages of R that the study asks for, with versions (renv.lock)",
    DOCKERFILE: "Container specification: builds the environment and holds the study",
    CARD: "The machine on which the environment was locked",
    LOCK: "The lock as recrate reads it back: packages, source, fallbacks, machine",
    BINDER_MARK: "Says that the files in binder/ were generated from the lock",
    "binder/requirements.txt": "Generated from the lock, for repo2docker and Binder",
    "binder/install.R": "Generated from the lock, for repo2docker and Binder",
    "binder/runtime.txt": "Generated from the lock, for repo2docker and Binder",
    "binder/apt.txt": "Generated from the lock, for repo2docker and Binder",
}

_SOURCES = {
    "kernel": "read inside the kernel the authors were running",
    "declared": "from what the study declares",
    "inferred": "inferred from what the code imports",
    "mixed": "from what the study declares and what its code imports",
}


def add_environment(graph: Graph, lock: Lock) -> dict[str, str]:
    """Add the environment: interpreter, where its versions come from, its files, the machine."""
    texts = (
        (PYLOCK, lock.pylock),
        (REQUIREMENTS, lock.requirements),
        (DOCKERFILE, lock.dockerfile),
        (RENV, lock.renv),
    )
    files = [{"@id": id_of(path)} for path, text in texts if text]
    language = lock.language.capitalize() if lock.language != "r" else "R"
    told = [f"{len(lock.packages)} packages, {_SOURCES[lock.source]}"]
    if lock.as_of:
        told.append(f"as of {lock.as_of}")
    told += lock.notes
    told += [f"not in it: {missing.name} ({missing.reason})" for missing in lock.unrestored]
    return graph.entity(
        ENVIRONMENT,
        "SoftwareApplication",
        name=f"{language} {lock.python} environment of the notebooks".replace("  ", " "),
        softwareVersion=lock.python or None,
        runtimePlatform=f"{language} {lock.python}".strip(),
        description="; ".join(told),
        softwareRequirements=[*files, {"@id": id_of(LOCK)}],
        operatingSystem=f"{lock.card.system} {lock.card.release}".strip(),
        processorRequirements=lock.card.processor or lock.card.machine,
    )
