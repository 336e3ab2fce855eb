"""The Dockerfile of a crate's image: today's JupyterLab, the crate's environment, the session.

Nothing that a stranger wrote becomes a line of it but checked names and numbers: titles, paths and
addresses go into files that are copied.
"""

import re
from dataclasses import dataclass

from recrate.environment.dockerfile import (
    STAGE,
    Recipe,
    checked_debian,
    install_debian,
    write_steps,
)
from recrate.model.errors import BadCrate, BadInput

HOME = "/opt/recrate"
LAB = f"{HOME}/lab"
SESSION = f"{HOME}/session"
OLDEST = (3, 11)
"""Older Pythons cannot run this version of recrate beside JupyterLab."""

_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_R_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.]{1,100}")
_R_BASE = ("r-base-core", "r-cran-irkernel")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePlan:
    """What an image is made of.

    recipe:     of the crate's Python; None where no notebook is in Python
    r_packages: names of R packages; None where no notebook is in R
    system:     Debian packages where there is no recipe to hold them
    base_image: with `{python}`; lab_python: minor version
    """

    recipe: Recipe | None
    r_packages: tuple[str, ...] | None
    system: tuple[str, ...]
    base_image: str
    lab_python: str

    @property
    def base(self) -> str:
        """Return the image that all stands on."""
        minor = self.recipe.minor if self.recipe else self.lab_python
        return self.base_image.format(python=minor)

    @property
    def fetched_python(self) -> str:
        """Return which Python is fetched for JupyterLab, empty where the base has a fit one."""
        if self.recipe is None:
            return ""
        own = tuple(int(part) for part in self.recipe.minor.split("."))
        return "" if own >= OLDEST else self.lab_python

    @property
    def lab_base(self) -> str:
        """Return the image in which JupyterLab's environment is made."""
        if self.fetched_python:
            return self.base_image.format(python=self.lab_python)
        return self.base


def render(plan: ImagePlan, *, user: str, uid: int) -> str:
    """Return the Dockerfile.

    user, uid: of the unprivileged user
    Raises BadInput for a user name that is none, BadCrate for what is no name of a package.
    """
    if not _USER.fullmatch(user):
        raise BadInput(
            "is no name of a user",
            where=repr(user),
            hint="small letters, digits, - and _, as jovyan",
        )
    stages = [_bases(plan), _lab_stage(plan)]
    if plan.recipe is not None:
        stages.append(f"FROM lab AS {STAGE}\n{write_steps(plan.recipe)}")
    return "\n".join([*stages, _session_stage(plan, user, uid)])


def _bases(plan: ImagePlan) -> str:
    """Return the arguments of FROM: they count only before the first stage."""
    lines = [f"ARG LAB_IMAGE={plan.lab_base}"]
    if plan.fetched_python:
        lines.append(f"ARG OWN_IMAGE={plan.base}")
    return "\n".join(lines) + "\n"


def _lab_stage(plan: ImagePlan) -> str:
    """Return the stage `lab`, on which all others stand.

    Nothing in it depends on the crate but its Python, so it is built, kept and stored once.
    """
    fetched = plan.fetched_python
    lines = [
        f"FROM ${{LAB_IMAGE}} AS {'fetched' if fetched else 'lab'}",
        "USER root",
        "ARG PIP_INDEX_URL",
        "ARG PIP_CERT",
        "COPY lab/ /tmp/lab/",
        "RUN --mount=type=cache,id=recrate-lab,target=/tmp/cache "
        f"sh /tmp/lab/install-lab.sh{f' {fetched}' if fetched else ''}",
    ]
    if fetched:
        lines += ["FROM ${OWN_IMAGE} AS lab", "USER root", f"COPY --from=fetched {HOME} {HOME}"]
    return "\n".join(lines) + "\n"


def _session_stage(plan: ImagePlan, user: str, uid: int) -> str:
    home = f"/home/{user}"
    lines = [f"FROM {STAGE if plan.recipe else 'lab'} AS session"]
    lines += _r_lines(plan)
    lines += [
        f"ARG REPO_DIR={home}/study",
        f"ENV USER={user} HOME={home} SHELL=/bin/bash LANG=C.UTF-8 NB_UID={uid} "
        "REPO_DIR=${REPO_DIR}",
        "COPY data/ ${REPO_DIR}/",
        f"COPY --chown={uid}:{uid} study/ ${{REPO_DIR}}/",
        f"COPY image.json {HOME}/image.json",
        "RUN --mount=type=bind,source=study,target=/tmp/crate "
        "useradd --no-create-home --no-log-init --non-unique --user-group --shell /bin/bash "
        f"--uid {uid} {user} && install --directory --owner {uid} --group {uid} {home} && "
        f'find "${{REPO_DIR}}" -type d -exec chown {uid}:{uid} {{}} + && '
        f"{LAB}/bin/python -m recrate_binder.image.session /tmp/crate",
        f"ENV RECRATE_SESSION={SESSION} JUPYTER_PATH={SESSION}/share "
        f"JUPYTER_CONFIG_PATH={SESSION}/server JUPYTER_CONFIG_DIR={SESSION}/config "
        f"JUPYTER_DATA_DIR={SESSION}/data JUPYTER_RUNTIME_DIR={SESSION}/runtime "
        f"PATH={LAB}/bin:${{PATH}}",
        f"USER {user}",
        "WORKDIR ${REPO_DIR}",
        f"RUN {LAB}/bin/python -m recrate_binder.image.kernels",
        "EXPOSE 8888",
        f'ENTRYPOINT ["{LAB}/bin/python", "-m", "recrate_binder.image.start"]',
        'CMD ["jupyter", "lab", "--ip", "0.0.0.0"]',
    ]
    return "\n".join(lines) + "\n"


def _r_lines(plan: ImagePlan) -> list[str]:
    """Return what installs Debian's R; a package that Debian lacks is left out and told.

    The session measures what is there, and names what differs from the lock.
    """
    lines = [install_debian(checked_debian(plan.system))] if plan.system else []
    if plan.r_packages is None:
        return lines
    for name in plan.r_packages:
        if not _R_NAME.fullmatch(name):
            raise BadCrate(
                "is no name of an R package",
                where=repr(name[:100]),
                hint="take it out of the study's list of packages and pack again",
            )
    wanted = " ".join(sorted({f"r-cran-{name.lower()}" for name in plan.r_packages}))
    told = "apt-cache pkgnames r-cran- | sort > /tmp/r-known"
    known = f"printf '%s\\n' {wanted} | sort | comm -12 - /tmp/r-known" if wanted else "true"
    lines.append(
        f"RUN apt-get update && {told} && apt-get install --yes --no-install-recommends "
        f"{' '.join(_R_BASE)} $({known}) && rm -rf /var/lib/apt/lists/* /tmp/r-known"
    )
    return lines
