"""R and Julia, read by careful patterns: libraries, and files and URLs written as constants."""

import re
from collections.abc import Iterator

from recrate.scan.uses import Place, Uses

_STRING = r"(?P<quote>['\"])(?P<text>[^'\"\n]+)(?P=quote)"
_R_LIBRARY = re.compile(
    r"\b(?P<how>library|require|requireNamespace|loadNamespace|p_load|use_package)"
    r"\(\s*(?:package\s*=\s*)?['\"]?(?P<name>[A-Za-z][\w.]*)['\"]?"
)
_R_PREFIX = re.compile(r"(?<![\w.$@:])(?P<name>[A-Za-z][\w.]*[A-Za-z0-9]):::?[A-Za-z_.]")
_R_READ = re.compile(
    r"\b(?:read\.\w+|read_\w+|readRDS|readLines|fread|scan|source|load|readxl::\w+|st_read|raster"
    r"|read\.xlsx|vroom|readOGR|nc_open|read_parquet|file)\(\s*(?:file\s*=\s*|path\s*=\s*)?"
    + _STRING
)
_R_WRITE = re.compile(
    r"\b(?:png|pdf|jpeg|svg|tiff|ggsave|sink|saveWorkbook)\(\s*(?:file(?:name)?\s*=\s*)?" + _STRING
)
_R_WRITE_SECOND = re.compile(
    r"\b(?:write\.\w+|write_\w+|saveRDS|save|fwrite|writeLines)\("
    r"[^\n]*?(?:,\s*(?:file|path|con)?\s*=?\s*)" + _STRING
)
_R_INSTALL = re.compile(r"\binstall\.packages\(\s*(?:c\()?(?P<names>[^)\n]*)")
_R_FETCH = re.compile(r"\b(?:download\.file|url|curl|GET|curl_download|getURL)\(\s*" + _STRING)
_R_ENVIRONMENT = re.compile(r"\bSys\.getenv\(\s*" + _STRING)
_R_FOLDER = re.compile(r"\bsetwd\(\s*" + _STRING)
_R_SYSTEM = re.compile(r"\bsystem2?\(\s*" + _STRING)
_JULIA_USING = re.compile(r"^\s*(?:using|import)\s+(?P<names>[A-Za-z.][\w.,:\s]*)", re.MULTILINE)
_JULIA_READ = re.compile(
    r"\b(?:CSV\.(?:read|File)|readdlm|readcsv|open|load|h5open|include|JSON\.parsefile|read|readlines"
    r"|XLSX\.readxlsx|matread|jldopen)\(\s*" + _STRING + r"(?:\s*,\s*\"(?P<mode>[rwa+]+)\")?"
)
_JULIA_WRITE = re.compile(r"\b(?:CSV\.write|writedlm|savefig|save|h5write|jldsave)\(\s*" + _STRING)
_JULIA_ADD = re.compile(r"\bPkg\.add\(\s*" + _STRING)
_URL = re.compile(r"(?:https?|ftp)://[^\s'\"<>)]+")


def read_r(text: str, cell: int | None, uses: Uses) -> None:
    """Take in R code that stands in `cell`."""
    for number, line in _code_lines(text):
        place = Place(cell, number)
        for match in _R_LIBRARY.finditer(line):
            optional = (
                match["how"] in {"require", "requireNamespace"} and "if" in line.split("(")[0]
            )
            uses.add_import(match["name"], place, optional=optional)
        for match in _R_PREFIX.finditer(line):
            uses.add_import(match["name"], place)
        for match in _R_INSTALL.finditer(line):
            uses.install_places.append(place)
            uses.installs.extend(re.findall(r"['\"]([A-Za-z][\w.]*)['\"]", match["names"]))
        for match in _R_FETCH.finditer(line):
            _fetch(match["text"], place, uses)
        for match in _R_ENVIRONMENT.finditer(line):
            uses.variables.setdefault(match["text"], place)
        for match in _R_SYSTEM.finditer(line):
            uses.makes_unknown_files = True
            uses.add_program(match["text"].split()[0] if match["text"].split() else "sh")
        _files(line, place, uses, _R_READ, (_R_WRITE, _R_WRITE_SECOND))
        for match in _R_FOLDER.finditer(line):
            uses.enter(match["text"])
            if match["text"].startswith(("/", "~")) or match["text"][1:2] == ":":
                uses.absolute.append((place, match["text"]))
        _urls(line, place, uses)


def read_julia(text: str, cell: int | None, uses: Uses) -> None:
    """Take in Julia code that stands in `cell`."""
    for number, line in _code_lines(text):
        place = Place(cell, number)
        if match := _JULIA_USING.match(line):
            names = match["names"].split(":")[0]
            for name in names.split(","):
                top = name.strip().split(".")[0].split(" ")[0]
                if top and not name.strip().startswith("."):
                    uses.add_import(top, place)
        for match in _JULIA_ADD.finditer(line):
            uses.install_places.append(place)
            uses.installs.append(match["text"])
        if match := re.search(r"\bdownload\(\s*" + _STRING, line):
            _fetch(match["text"], place, uses)
        for match in re.finditer(r"\bENV\[" + _STRING + r"\](?!\s*=[^=])", line):
            uses.variables.setdefault(match["text"], place)
        _files(line, place, uses, _JULIA_READ, (_JULIA_WRITE,))
        _urls(line, place, uses)


def _code_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) <= 5000 and not line.lstrip().startswith(("#", "%")):
            yield number, line


def _files(
    line: str,
    place: Place,
    uses: Uses,
    reading: re.Pattern[str],
    writing: tuple[re.Pattern[str], ...],
) -> None:
    for match in reading.finditer(line):
        if "://" in match["text"]:
            _fetch(match["text"], place, uses)
        elif re.search(r"[wa]", match.groupdict().get("mode") or ""):
            uses.add_write(match["text"], place)
        elif re.search(r"\.\w+$|/", match["text"]):
            uses.add_read(match["text"], place)
    for pattern in writing:
        for match in pattern.finditer(line):
            if "." in match["text"]:
                uses.add_write(match["text"], place)


def _fetch(text: str, place: Place, uses: Uses) -> None:
    if "://" in text:
        uses.add_web(text, place, fetched=True)


def _urls(line: str, place: Place, uses: Uses) -> None:
    for match in _URL.finditer(line):
        uses.add_web(match.group().rstrip(".,;"), place, fetched=False)
