"""A build pack of repo2docker for crates of recrate: from the lock, without conda.

The Dockerfile that a crate carries is never used: it is written anew from names, versions and
hashes of the lock.
"""

import shutil
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar, Self

from repo2docker.app import Repo2Docker
from repo2docker.buildpacks.base import BuildPack
from repo2docker.engine import BuildError

from recrate.configuration import AGENT, load_configuration, settings_from
from recrate.crate.names import LOCK
from recrate.crate.unpack import unpack
from recrate.environment.dockerfile import (
    REQUIREMENTS,
    checked_debian,
    recipe_of,
    write_requirements,
)
from recrate.flow.references import place_references
from recrate.flow.replay import read_recorded
from recrate.flow.running import language_of
from recrate.flow.settings import Settings
from recrate.model.crate import METADATA_NAME, Crate
from recrate.model.errors import BadCrate, RecrateError
from recrate.model.wire import to_json
from recrate.outside.disk import disk_errors, scratch_folder, write_text
from recrate_binder.content import brought_into, crate_in
from recrate_binder.image.about import NAME, About
from recrate_binder.image.base import find_base, pinned, program_of
from recrate_binder.image.dockerfile import ImagePlan, render
from recrate_binder.image.explaining import explain
from recrate_binder.image.options import ImageOptions
from recrate_binder.image.wheel import find_recrate

LABEL = "org.recrate"
"""Labels of an image: `.crate`, `.base`, `.base.digest`."""
STOCK_BASE = str(Repo2Docker.base_image.default_value)
"""What repo2docker says where nobody chose a base image: it has no Python, so ours is taken."""
_LINES = 400
"""Of a build's output, kept to say why it failed."""
_USER, _UID = "jovyan", "1000"


def plan_image(crate: Crate, languages: Sequence[str], options: ImageOptions) -> ImagePlan:
    """Return what an image of a crate is made of; raises BadCrate for a lock that is none."""
    lock = crate.lock
    if lock is None:
        raise BadCrate("the crate has no lock", where=crate.name, hint="pack it with a lock")
    python = lock.language == "python"
    r_packages = tuple(one.name for one in lock.packages) if lock.language == "R" else ()
    return ImagePlan(
        recipe=recipe_of(lock) if python else None,
        r_packages=r_packages if "r" in languages else None,
        system=() if python else checked_debian(lock.system_packages),
        base_image=options.base_image,
        lab_python=options.lab_python,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    crate: Crate
    plan: ImagePlan
    context: Path


class CrateBuildPack(BuildPack):  # type: ignore[misc]  # it comes without types
    """Builds an image of a crate; see `CrateImage` for what can be chosen."""

    chosen: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def configured(cls, **chosen: Any) -> type[Self]:
        """Return the build pack with these choices, named as the traits of `CrateImage` are."""
        return type(cls.__name__, (cls,), {"chosen": dict(chosen)})

    def __init__(self, base_image: str) -> None:
        super().__init__(base_image)
        configuration = load_configuration(None)
        self.options = ImageOptions.read(configuration, **self.chosen)
        if base_image != STOCK_BASE:
            self.options = replace(self.options, base_image=base_image)
        self.settings: Settings = settings_from(configuration)

    def detect(self) -> bool:
        """Say whether the current folder is a crate of ours, with a lock."""
        if not (Path(LOCK).is_file() and Path(METADATA_NAME).is_file()):
            return False
        try:
            return crate_in(Path()).lock is not None
        except RecrateError as error:
            self.log.warning("recrate-environment is there, but this is no crate: %s\n", error)
            return False

    def render(self, build_args: Mapping[str, str] | None = None) -> str:
        """Return the Dockerfile for the crate in the current folder."""
        crate = crate_in(Path())
        return self._render(self._plan(crate), build_args or {})

    def build(  # noqa: PLR0917 - repo2docker passes them so
        self,
        client: Any,
        image_spec: str,
        memory_limit: int,  # noqa: ARG002 - engines no longer take it
        build_args: Mapping[str, str],
        cache_from: Sequence[str],
        extra_build_kwargs: Mapping[str, Any],
        platform: str | None = None,
    ) -> Iterator[str]:
        """Build the image, and yield what the engine prints.

        Raises BuildError with the reason in one sentence, and what the person can do.
        """
        last: deque[str] = deque(maxlen=_LINES)
        try:
            with scratch_folder("recrate-image-") as context:
                crate = crate_in(Path())
                work = _Work(crate=crate, plan=self._plan(crate), context=context)
                yield f"recrate: {crate.name}, {crate.identity[:16]}\n"
                yield from self._fill(work)
                told = self._describe(work, program_of(client))
                write_text(context / "Dockerfile", self._render(work.plan, build_args))
                for line in client.build(
                    path=str(context),
                    dockerfile=str(context / "Dockerfile"),
                    tag=image_spec,
                    buildargs={**build_args, **told},
                    cache_from=cache_from,
                    labels=self._labels(work, told),
                    platform=platform,
                    **extra_build_kwargs,
                ):
                    last.append(str(line))
                    yield line
        except RecrateError as error:
            raise self._failed(str(error), error.hint) from error
        except GeneratorExit:
            raise
        except Exception as error:
            reason = explain(last)
            raise self._failed(reason.message, reason.hint) from error

    def _plan(self, crate: Crate) -> ImagePlan:
        languages = [language_of(one) for one in read_recorded(crate, Path(), ()).values()]
        return plan_image(crate, languages, self.options)

    def _render(self, plan: ImagePlan, build_args: Mapping[str, str]) -> str:
        user = str(build_args.get("NB_USER", _USER))
        text = render(plan, user=user, uid=int(build_args.get("NB_UID", _UID)))
        return f"{text}\n# Appendix:\n{self.appendix}\n" if self.appendix else text

    def _fill(self, work: _Work) -> Iterator[str]:
        """Write what the image is built from, but for its description."""
        unpack(work.crate, work.context / "study")
        yield f"recrate: {len(work.crate.files)} files, every checksum verified\n"
        data = work.context / "data"
        with disk_errors(data):
            data.mkdir()
            for one in work.crate.references:
                if Path(one.path).is_file():
                    (data / one.path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(one.path, data / one.path)
        missing = place_references(work.crate, data, settings=self.settings)
        for one in work.crate.references:
            yield f"recrate: {missing.get(one.path, f'{one.path} is here, verified')}\n"
            if one.path in missing:
                (data / one.path).unlink(missing_ok=True)
        for path in data.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o444)
        if work.plan.recipe is not None:
            requirements = write_requirements(work.plan.recipe.packages)
            write_text(work.context / REQUIREMENTS, requirements)

    def _describe(self, work: _Work, program: str) -> dict[str, str]:
        """Write what the image is of and installs; return the bases as build arguments."""
        base, lab_base = (find_base(program, one) for one in (work.plan.base, work.plan.lab_base))
        wheels = self.settings.cache / "image-wheels"
        line, wheel = find_recrate(self.options.recrate_requirement, wheels)
        lab = work.context / "lab"
        write_text(lab / "requirements.txt", "\n".join([line, *self.options.more_requirements]))
        script = resources.files("recrate_binder.image").joinpath("install-lab.sh")
        write_text(lab / "install-lab.sh", script.read_text("utf-8"))
        if wheel is not None:
            with disk_errors(lab):
                shutil.copyfile(wheel, lab / wheel.name)
        brought = brought_into(Path())
        about = About(
            crate=work.crate.identity,
            source=brought.source,
            base=base,
            lab_base=lab_base,
            requirement=line,
            recrate=AGENT,
            origin=brought.origin,
        )
        write_text(work.context / NAME, to_json(about))
        self._base = base
        return {"OWN_IMAGE": pinned(program, base), "LAB_IMAGE": pinned(program, lab_base)}

    def _labels(self, work: _Work, told: Mapping[str, str]) -> dict[str, str]:
        own = {
            f"{LABEL}.crate": work.crate.identity,
            f"{LABEL}.base": told["OWN_IMAGE"],
            f"{LABEL}.base.digest": self._base.digest,
        }
        given = {str(name): str(value) for name, value in self.labels.items() if value is not None}
        return given | own

    def _failed(self, message: str, hint: str) -> BuildError:
        """Say why, where a person sees it: repo2docker ends without a word on a BuildError."""
        told = f"{message}\nhint: {hint}" if hint else message
        self.log.error("recrate: %s\n", told, extra={"phase": "failed"})
        return BuildError(told)
