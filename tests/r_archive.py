"""A small archive of Debian packages of R, made here, and an apt that knows no other."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

KERNEL = Path("/usr/share/jupyter/kernels/ir/kernel.json")
needs_r = pytest.mark.skipif(
    shutil.which("Rscript") is None or not KERNEL.exists() or shutil.which("apt-get") is None,
    reason="needs R with IRkernel, and apt",
)


@dataclass
class Archive:
    """A folder of packages with an index, and the settings of an apt that has only that one."""

    root: Path
    entries: list[str] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.root / "apt.conf"

    @property
    def variables(self) -> dict[str, str]:
        return {**os.environ, "APT_CONFIG": str(self.config)}

    @property
    def archives(self) -> Path:
        return self.root / "archives"

    def begin(self) -> "Archive":
        for name in ("archives", "lists/partial", "made"):
            (self.root / name).mkdir(parents=True)
        (self.root / "sources.list").write_text(f"deb [trusted=yes] copy:{self.archives} ./\n")
        self.config.write_text(
            f'Dir::State::Lists "{self.root}/lists/";\nDir::Etc::SourceList'
            f' "{self.root}/sources.list";\nDir::Etc::SourceParts "/dev/null";\n'
            "APT::Get::List-Cleanup false;\n"
        )
        return self

    def add_r(
        self,
        name: str,
        version: str,
        code: str,
        *,
        depends: str = "r-base-core",
        imports: str = "",
        revision: str = "1",
    ) -> Path:
        """Add a package of R, built by R itself, as `r-cran-NAME`."""
        source = self.root / "made" / f"{name}-{version}"
        (source / "R").mkdir(parents=True)
        more = f"Imports: {imports}\n" if imports else ""
        (source / "DESCRIPTION").write_text(
            f"Package: {name}\nVersion: {version}\nTitle: T\nDescription: D.\nLicense: MIT\n"
            f"Author: A\nMaintainer: A <a@example.org>\n{more}"
        )
        (source / "NAMESPACE").write_text('exportPattern("^[a-z]")\n')
        (source / "R" / "code.R").write_text(code)
        stage = self.root / "made" / f"{name}-{version}-deb"
        library = stage / "usr" / "lib" / "R" / "site-library"
        library.mkdir(parents=True)
        subprocess.run(
            ["R", "CMD", "INSTALL", "--no-docs", "--no-test-load", "-l", library, source],
            check=True,
            capture_output=True,
            env={**os.environ, "R_LIBS": self._made_libraries()},
        )
        return self.add(f"r-cran-{name.lower()}", f"{version}-{revision}", stage, depends)

    def _made_libraries(self) -> str:
        found = sorted(self.root.glob("made/*-deb/usr/lib/R/site-library"))
        return os.pathsep.join(str(one) for one in found)

    def add(self, name: str, version: str, stage: Path, depends: str = "") -> Path:
        """Add a package that holds what lies in `stage`."""
        control = f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: A <a@b.c>\n"
        control += f"Depends: {depends}\n" if depends else ""
        control += "Description: d\n"
        (stage / "DEBIAN").mkdir()
        (stage / "DEBIAN" / "control").write_text(control)
        # A script that must never run: nothing is installed.
        script = stage / "DEBIAN" / "postinst"
        script.write_text(f"#!/bin/sh\ntouch {self.root}/ran\n")
        script.chmod(0o755)
        place = self.archives / f"{name}_{version}_all.deb"
        subprocess.run(["dpkg-deb", "--build", stage, place], check=True, capture_output=True)
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        self.entries.append(
            f"{control}Filename: ./{place.name}\nSize: {place.stat().st_size}\nSHA256: {digest}\n"
        )
        return place

    def publish(self) -> None:
        """Write the index, and let apt read it."""
        (self.archives / "Packages").write_text("\n".join(self.entries))
        told = subprocess.run(
            ["apt-get", "-o", "Debug::NoLocking=1", "update"],
            env=self.variables,
            capture_output=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr.decode()

    def empty(self) -> Mapping[str, str]:
        """Return the variables of an apt without any list."""
        (self.root / "none" / "partial").mkdir(parents=True, exist_ok=True)
        config = self.root / "none.conf"
        config.write_text(
            f'Dir::State::Lists "{self.root}/none/";\nDir::Etc::SourceList "/dev/null";\n'
            'Dir::Etc::SourceParts "/dev/null";\n'
        )
        return {**os.environ, "APT_CONFIG": str(config)}
