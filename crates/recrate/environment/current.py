"""The machine's own kernel, used as it is."""

import sys

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

from recrate.environment.measure import measure, own_command
from recrate.environment.r_machine import VARIABLES, measure_r
from recrate.model.environment import Environment, NotRestored
from recrate.model.errors import OutsideFailed
from recrate.model.verdict import Cause

_USUAL = {"r": "ir", "python": "python3", "julia": "julia"}
_HINTS = {
    "r": "apt-get install r-base-core r-cran-irkernel",
    "julia": "install Julia, then its package IJulia",
    "octave": "apt-get install octave, then pip install octave_kernel",
    "matlab": "install MATLAB, which needs a licence, then pip install jupyter-matlab-proxy",
    "bash": "pip install bash_kernel, then python -m bash_kernel.install",
    "sas": "SAS itself needs a licence; then pip install sas_kernel",
    "stata": "Stata itself needs a licence; then pip install nbstata",
    "scala": "install Scala, then its kernel almond",
    "javascript": "install Node.js, then its kernel tslab",
    "haskell": "install GHC, then its kernel IHaskell",
}


def use_current(language: str, *, kernel: str | None) -> Environment | NotRestored:
    """Return the machine's own environment for `language`, measured, never called restored.

    kernel: a kernelspec's name; None: for Python the interpreter that runs us
    """
    spoken = language.lower()
    if spoken == "python" and kernel is None:
        command = (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")
        return _python(KernelSpec(argv=list(command)))
    spec = _find(spoken, kernel)
    if spec is None:
        name = kernel or _USUAL.get(spoken, spoken)
        return NotRestored(
            cause=Cause.KERNEL_MISSING,
            message=f"this machine has no kernel `{name}` for {language}",
            hint=_HINTS.get(spoken, f"install a Jupyter kernel for {language}"),
        )
    if spoken == "python":
        return _python(spec)
    return _other(language, spec)


def use_kernel(language: str, *, kernel: str | None) -> Environment | NotRestored:
    """Return the machine's kernel of that name, else the one it has for the language."""
    named = use_current(language, kernel=kernel)
    return use_current(language, kernel=None) if isinstance(named, NotRestored) else named


def _find(language: str, kernel: str | None) -> KernelSpec | None:
    """Return the kernelspec `kernel`; without a name the usual one, else any for the language."""
    manager = KernelSpecManager()
    try:
        return manager.get_kernel_spec(kernel or _USUAL.get(language, language))
    except NoSuchKernel:
        if kernel:
            return None
        specs = manager.get_all_specs().values()
        found = [one for one in specs if one["spec"].get("language", "").lower() == language]
        return KernelSpec.from_resource_dir(found[0]["resource_dir"]) if found else None


def _python(spec: KernelSpec) -> Environment | NotRestored:
    try:
        measured = measure(own_command(spec.argv))
    except OutsideFailed as error:
        return NotRestored(cause=Cause.KERNEL_MISSING, message=error.message)
    return Environment(
        language="python",
        python=measured.python,
        folder=None,
        kernel_command=own_command(spec.argv),
        packages=measured.packages,
        restored=False,
        seconds=0.0,
        mounts=measured.places,
        variables=tuple(sorted((spec.env or {}).items())),
        notes=(f"replayed with the machine's Python {measured.python}",),
    )


def _other(language: str, spec: KernelSpec) -> Environment | NotRestored:
    found = measure_r() if language.lower() == "r" else None
    if found is not None and not found.version:
        return NotRestored(
            cause=Cause.KERNEL_MISSING,
            message="the R kernel is registered, but R does not run",
            hint=_HINTS["r"],
        )
    own = {"R_HOME": found.home, **VARIABLES} if found is not None else {}
    version = found.version if found is not None else ""
    named = language[:1].upper() + language[1:]
    notes: tuple[str, ...] = (f"replayed with the machine's {named} {version}".strip(),)
    if found is None:
        notes += (not_restored_note(language, spec.display_name),)
    return Environment(
        language=language,
        python="",
        folder=None,
        kernel_command=tuple(spec.argv),
        packages=found.packages if found is not None else (),
        restored=False,
        seconds=0.0,
        variables=tuple(sorted({**(spec.env or {}), **own}.items())),
        notes=notes,
    )


def not_restored_note(language: str, kernel: str) -> str:
    """Return what a verdict says of a language whose packages recrate cannot restore."""
    return (
        f"packages of {language} are not restored: it ran with this machine's kernel `{kernel}`"
        " and whatever is installed for it"
    )
