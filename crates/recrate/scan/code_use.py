"""A notebook's or script's own account turned into the model's `CodeUse`, with paths resolved."""

import posixpath

from recrate.model.study import CodeUse, FileUse, Import, WebUse
from recrate.scan.codes import printable
from recrate.scan.modules import Modules
from recrate.scan.targets import Places
from recrate.scan.uses import PathUse, Uses


def resolve(path: str, uses: Uses, places: Places, modules: Modules) -> CodeUse:
    """Return what the code at study path `path` touches."""
    around = posixpath.dirname(path)
    imports = (
        Import(
            name=use.name,
            local=modules.is_local(use, around, uses.search_folders),
            cell=use.place.cell,
            line=use.place.line,
            optional=use.optional,
        )
        for use in uses.imports
        if use.name and use.name != "__future__"
    )
    return CodeUse(
        imports=tuple(dict.fromkeys(imports)),
        reads=tuple(dict.fromkeys(file_use(use, around, places) for use in uses.reads)),
        writes=tuple(dict.fromkeys(file_use(use, around, places) for use in uses.writes)),
        web=tuple(
            WebUse(url=printable(url), fetched=fetched, cell=place.cell, line=place.line)
            for url, (fetched, place) in uses.web.items()
        ),
        environment_variables=tuple(printable(name) for name in uses.variables),
        magics=tuple(printable(name) for name in uses.magics),
        installs=tuple(printable(name) for name in uses.installs),
        programs=tuple(uses.programs),
    )


def file_use(use: PathUse, around: str, places: Places) -> FileUse:
    """Return a path of code with the study path it means.

    A path whose folder is not known (after a `%cd` into a variable) has a target only when a file
    is really there.
    """
    candidates = places.candidates(use.path, around, use.folder)
    if use.pattern:
        held = next((one for one in candidates if places.matches(one)), None)
    else:
        held = next((one for one in candidates if one and places.exists(one)), None)
    target = held
    if target is None and use.folder is not None and candidates:
        target = candidates[0] or None
    return FileUse(
        path=printable(use.path),
        target=None if target is None else printable(target),
        exists=held is not None,
        cell=use.place.cell,
        line=use.place.line,
    )
