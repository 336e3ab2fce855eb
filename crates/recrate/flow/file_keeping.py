"""Published files that notebooks wrote again, kept in the replay's folder to be compared there."""

from pathlib import Path

from recrate.compare.written import rewritten_files
from recrate.flow.work import ReplayFolder
from recrate.model.crate import Crate
from recrate.model.observation import Observation, WrittenFile
from recrate.replay.keeping import Kept
from recrate.replay.settings import ReplaySettings

RECORDED_FILES = "recorded-files"
"""Folder of a replay: files as published, below it by their paths in the study."""


def keep_published(
    folder: ReplayFolder,
    study: Path,
    crate: Crate,
    observation: Observation,
    settings: ReplaySettings,
) -> None:
    """Keep the published files that a run wrote again with other bytes, so far as limits allow.

    With them the folder can be judged again where the crate is not at hand. What is larger than a
    limit is left out, and the judge says so. Raises OutsideFailed when the disk lets us down.
    """
    published = {file.path: file for file in crate.files}
    wanted = [
        file.path
        for file in rewritten_files(
            (observation,), {path: one.sha256 for path, one in published.items()}
        )
        if not file.same
    ]
    kept = Kept.within(folder.root, settings.compared_bytes, name=RECORDED_FILES)
    kept.keep(
        study,
        [
            WrittenFile(
                path=path, sha256=published[path].sha256, size_bytes=published[path].size_bytes
            )
            for path in wanted
            if published[path].size_bytes <= settings.compared_file_bytes
            and not (kept.root / path).exists()
        ],
    )
