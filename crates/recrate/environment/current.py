"""The machine's own kernel, used as it is."""

import sys

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from recrate.environment.measure import measure
from recrate.model.environment import Environment, NotRestored, Package
from recrate.model.verdict import Cause
from recrate.outside.process import run

_R = (
    "p <- installed.packages()[, c('Package', 'Version')];"
    "cat(paste(R.version$major, R.version$minor, sep='.'), R.home(), sep='\\n'); cat('\\n');"
    "cat(paste(p[, 1], p[, 2], sep='\\t'), sep='\\n')"
)


def use_current(language: str, *, kernel: str | None) -> Environment | NotRestored:
    """Return the machine's own environment for `language`, measured, never called restored.

    kernel: a kernelspec's name; None: for Python the interpreter that runs us
    """
    if language.lower() == "python" and kernel is None:
        return _python((sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"))
    name = kernel or {"r": "ir"}.get(language.lower(), language.lower())
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        hint = "apt-get install r-base-core r-cran-irkernel" if language.lower() == "r" else ""
        return NotRestored(
            cause=Cause.KERNEL_MISSING,
            message=f"this machine has no kernel `{name}` for {language}",
            hint=hint,
        )
    if language.lower() == "python":
        return _python(tuple(spec.argv))
    packages, version, home = _measure_r() if language.lower() == "r" else ((), "", "")
    return Environment(
        language=language,
        python="",
        folder=None,
        kernel_command=tuple(spec.argv),
        packages=packages,
        restored=False,
        seconds=0.0,
        variables=(("R_HOME", home),) if home else (),
        notes=(f"replayed with the machine's {language} {version}".strip(),),
    )


def _measure_r() -> tuple[tuple[Package, ...], str, str]:
    told = run(["Rscript", "--vanilla", "-e", _R], timeout_seconds=60)
    version, home, *rows = told.out.splitlines()
    pairs = sorted(row.split("\t") for row in rows if "\t" in row)
    return tuple(Package(name=name, version=number) for name, number in pairs), version, home


def _python(command: tuple[str, ...]) -> Environment:
    measured = measure(command[0])
    return Environment(
        language="python",
        python=measured.python,
        folder=None,
        kernel_command=command,
        packages=measured.packages,
        restored=False,
        seconds=0.0,
        mounts=(measured.prefix,),
        notes=(f"replayed with the machine's Python {measured.python}",),
    )
