"""What a build makes before hatchling packs: the translations, and the JupyterLab extension.

By hand: `python hatch_build.py` compiles the translations in place.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
LOCALE = Path("server/recrate_server/locale")
BUILT = Path("server/recrate_server/labextension/package.json")
NO_NODE = """\
recrate's JupyterLab extension is built with npm and Node.js (20 from 20.19 on, or 22.12 and newer).
Here there is {found}.
hint: install Node.js; or install a released recrate, which is built already; or set
SKIP_JUPYTER_BUILDER=1 to install the command line and the server without the extension"""


def compile_catalog(source: Path) -> None:
    """Write the .json (for the browser) and the .mo (for the server) of one .po file beside it.

    The browser's file is gettext's as JupyterLab reads it: a head under the empty key, then for
    each message a list with one text per plural form. Fuzzy and empty translations are left out.
    JupyterLab ignores a counting message with one form only, so such a form is written twice.
    Source: dcnpgettext in https://github.com/jupyterlab/jupyterlab/blob/main/packages/translation/src/gettext.ts
    """
    from babel.messages.mofile import write_mo  # noqa: PLC0415  only builds have babel
    from babel.messages.pofile import read_po  # noqa: PLC0415

    language = source.parent.parent.name
    with source.open("rb") as file:
        catalog = read_po(file, locale=language)
    head = {
        "domain": source.stem,
        "language": language.replace("_", "-"),
        "plural_forms": catalog.plural_forms,
        "version": json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["version"],
    }
    messages: dict[str, Any] = {"": head}
    for message in catalog:
        if not message.id or message.fuzzy or not message.string:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        if message.context:
            key = f"{message.context}\x04{key}"
        if isinstance(message.string, str):
            messages[key] = [message.string]
        else:
            forms = list(message.string)
            messages[key] = forms if len(forms) > 1 else forms * 2
    text = json.dumps(messages, ensure_ascii=False, indent=1, sort_keys=True)
    source.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def compile_catalogs(root: Path) -> None:
    """Compile every catalogue of `root`, a checkout or an unpacked source distribution."""
    for source in sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po")):
        compile_catalog(source)


def build_labextension(target_name: str, version: str) -> None:  # noqa: ARG001  as it is called
    """Build the JupyterLab extension; hatch-jupyter-builder calls it in the root folder.

    An unpacked source distribution holds it built, so that installing one needs no Node.js. An
    editable install takes what is there, and else makes the quick build with source maps.
    """
    editable = version == "editable"
    if BUILT.is_file() and (editable or Path("PKG-INFO").is_file()):
        return
    npm = _find_npm()
    if not packages_are_current(Path()):
        subprocess.run([npm, "ci"], check=True)
    subprocess.run([npm, "run", "build" if editable else "build:prod"], check=True)


def _find_npm() -> str:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise SystemExit(NO_NODE.format(found="none on the PATH"))
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = (int(part) for part in answer.strip().lstrip("v").split(".")[:2])
    if (major, minor) < (20, 19) or (21, 0) <= (major, minor) < (22, 12):
        raise SystemExit(NO_NODE.format(found=f"Node.js {answer.strip()}"))
    return npm


def packages_are_current(folder: Path) -> bool:
    """Say whether node_modules of `folder` holds what its lockfile names, so that npm can rest.

    Packages that are for another kind of machine are in the lockfile only, as optional ones.
    """
    installed = folder / "node_modules" / ".package-lock.json"
    locked = folder / "package-lock.json"
    if not installed.is_file():
        return False
    here, wanted = (json.loads(path.read_bytes())["packages"] for path in (installed, locked))
    return all(
        here[name] == package if name in here else package.get("optional", False)
        for name, package in wanted.items()
        if name
    )


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand, without hatchling
    pass
else:

    class CatalogHook(BuildHookInterface):  # type: ignore[type-arg]
        """Compile the translations in every build, also that of an editable install."""

        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling's signature
            """Compile; what comes out is named under `artifacts` in pyproject.toml."""
            compile_catalogs(Path(self.root))


if __name__ == "__main__":
    compile_catalogs(ROOT)
