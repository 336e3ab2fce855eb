"""Shell lines: which programs they start, what they install, fetch, read and write.

Lines are cut into words, never run. What a shell would compute (variables, globs) stays unknown.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from recrate.scan.uses import Place, Uses

_CUT = re.compile(r"\|\||&&|[;|\n]")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*")
_INTERPRETER = re.compile(r"(\{sys\.executable\}|(.*/)?(python|py)[\d.]*(\.exe)?)")
_WRAPPERS = frozenset({"sudo", "time", "nohup", "env", "exec", "command", "nice", "xvfb-run"})
_WORDS = frozenset(
    {
        "cd", "echo", "export", "pwd", "ls", "cat", "cp", "mv", "rm", "mkdir", "rmdir", "touch",
        "head", "tail", "grep", "sed", "awk", "sort", "uniq", "wc", "find", "cut", "tr", "tee",
        "true", "false", "test", "[", "if", "then", "else", "elif", "fi", "for", "do", "done",
        "while", "case", "esac", "set", "source", ".", "chmod", "ln", "date", "which", "type",
        "sleep", "printf", "read", "exit", "return", "function", "local", "unset", "kill", "ps",
        "df", "du", "free", "uname", "hostname", "whoami", "id", "xargs", "basename", "dirname",
        "realpath", "diff", "dir", "copy", "del", "break", "continue", "shift", "eval", "{", "}",
        "!", "(", ")", "lscpu", "env", "less", "more", "file", "stat", "seq", "yes", "in",
    }
)  # fmt: skip
"""Words of the shell and programs that every POSIX machine has: no system package to name."""
_FETCHERS = frozenset({"wget", "curl", "aria2c", "axel", "http", "https"})
_MAKERS = frozenset(
    {
        "git", "unzip", "tar", "7z", "gunzip", "kaggle", "gdown", "dvc", "datalad", "make",
        "aws", "gsutil", "rclone", "svn", "rsync", "scp", "bunzip2", "unrar", "zenodo_get", "dot",
        "bash", "sh", "python", "python3", "Rscript", "jupyter", "snakemake", "source", ".",
    }
)  # fmt: skip
"""Of those words, and others: programs that leave files which the line does not name."""
_TIDY = frozenset(
    {"apt", "apt-get", "brew", "yum", "dnf", "npm", "nvidia-smi", "java", "which", "julia", "R"}
)
"""Programs that leave no file in the study."""
_NETWORK = frozenset(
    {"nltk.downloader", "kaggle", "gdown", "zenodo_get", "gsutil", "aws", "rclone"}
)
_URL = re.compile(r"(?:https?|ftp)://[^\s'\"<>|)]+")
_SKIPPED_OPTIONS = frozenset(
    {"-i", "-e", "--editable", "--index-url", "--extra-index-url", "-f",
     "--find-links", "-t", "--target", "--prefix",
     "-c", "--channel", "-n", "--name", "-p", "--root", "--python", "--proxy", "--trusted-host",
     "--constraint", "--override-channels", "--platform", "--cache-dir", "--timeout", "--log"}
)  # fmt: skip
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9][\w.-]*(\[[\w,.\s-]+\])?"
    r"(\s*(===|~=|[<>=!]=?)\s*[\w.*+!-]+(\s*,\s*[<>=!~]=?[\w.*]+)*)?"
)


def read_shell(text: str, place: Place, uses: Uses) -> None:
    """Take in shell `text` (one or more lines) that stands at `place`."""
    text = text.replace("\\\n", " ")
    for number, line in enumerate(text.split("\n")):
        here = Place(place.cell, place.line + number)
        if line.strip().startswith("#"):
            continue
        for match in _URL.finditer(line):
            uses.add_web(match.group().rstrip(".,;"), here, fetched=False)
        for part in _CUT.split(line):
            _read_command(_words(part), here, uses)


def _words(part: str) -> list[str]:
    try:
        return shlex.split(part, comments=True)
    except ValueError:
        return part.split()


def _read_command(words: list[str], place: Place, uses: Uses) -> None:
    while words and (words[0] in _WRAPPERS or _ASSIGNMENT.fullmatch(words[0])):
        words = words[1:]
    words = list(_redirected(words, place, uses))
    if not words:
        return
    program = PurePosixPath(words[0]).name
    if _INTERPRETER.fullmatch(words[0]) and words[1:2] == ["-m"] and len(words) > 2:
        program, words = words[2], words[2:]
    if program == "uv" and words[1:2] == ["pip"]:
        program, words = "pip", words[1:]
    if re.fullmatch(r"pip[\d.]*", program) or program in {"conda", "mamba", "micromamba"}:
        read_install(program, words[1:], place, uses)
        return
    if not re.fullmatch(r"[\w.+-]+", program) or program.startswith(("-", "$")):
        return
    if program not in _WORDS:
        uses.add_program(program)
    if program == "nvidia-smi":
        uses.gpu.append((place, "`nvidia-smi`"))
    if "/" in words[0]:
        uses.makes_unknown_files = True
    _read_effects(program, words[1:], place, uses)


def _redirected(words: list[str], place: Place, uses: Uses) -> Iterator[str]:
    """Yield the words that are no redirection; `> file` is written, `< file` read."""
    index = 0
    while index < len(words):
        word = words[index]
        match = re.fullmatch(r"\d?(>>?|<)(.*)", word)
        if match is None or word.startswith("<<"):
            yield word
        else:
            name = match[2] or (words[index + 1] if index + 1 < len(words) else "")
            index += 0 if match[2] else 1
            if name and _is_plain(name) and not name.startswith("&"):
                (uses.add_write if ">" in match[1] else uses.add_read)(name, place)
        index += 1


def _read_effects(program: str, words: list[str], place: Place, uses: Uses) -> None:
    files = [word for word in words if not word.startswith("-") and _is_plain(word)]
    if program in _FETCHERS:
        _read_fetch(program, words, place, uses)
    elif program == "git" and words[:1] == ["clone"]:
        for word in words[1:]:
            if "://" in word or word.startswith("git@"):
                uses.add_web(word, place, fetched=True)
    else:
        _read_file_words(program, files, place, uses)
    if _INTERPRETER.fullmatch(program) and files and files[0].endswith(".py"):
        uses.add_read(files[0], place)
        uses.runs.append((files[0], place))
    if program in _MAKERS or program not in _WORDS | _FETCHERS | _TIDY:
        uses.makes_unknown_files = True
    if program in _NETWORK or (program == "spacy" and words[:1] == ["download"]):
        uses.network.append((place, f"`{program}`"))


def _read_file_words(program: str, files: list[str], place: Place, uses: Uses) -> None:
    if program in {"unzip", "gunzip", "source"}:
        files = files[:1]
    if program in {"cat", "head", "tail", "wc", "unzip", "gunzip", "source"}:
        for file in files:
            if "." in file:
                uses.add_read(file, place, guarded=True)
    elif program in {"mkdir", "touch"}:
        for file in files:
            uses.add_write(file, place)
    elif program in {"cp", "mv"} and len(files) > 1:
        for file in files[:-1]:
            uses.add_read(file, place, guarded=True)
        uses.add_write(files[-1], place)
        uses.add_write(f"{files[-1]}/{PurePosixPath(files[0]).name}", place)


def _read_fetch(program: str, words: list[str], place: Place, uses: Uses) -> None:
    urls = [word for word in words if "://" in word]
    for url in urls:
        uses.add_web(url, place, fetched=True)
    named = False
    for index, word in enumerate(words[:-1]):
        if word in {"-O", "--output-document", "-o", "--output"} and (
            program != "curl" or word != "-O"
        ):
            named = True
            if _is_plain(words[index + 1]):
                uses.add_write(words[index + 1], place)
    if not named:
        for url in urls:
            name = PurePosixPath(url.split("?")[0].split("#")[0]).name
            if name:
                uses.add_write(name, place)
    if not urls or any(word in {"-r", "-P", "-i", "-x", "-m"} for word in words):
        uses.makes_unknown_files = True


def read_install(program: str, words: list[str], place: Place, uses: Uses) -> None:
    """Take in the words after `pip` or `conda`: what they install goes to `uses.installs`."""
    if "install" not in words:
        return
    words = words[words.index("install") + 1 :]
    conda = not program.startswith("pip")
    uses.install_places.append(place)
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if word in {"-r", "--requirement"} and index < len(words):
            uses.add_read(words[index], place)
            index += 1
        elif word in _SKIPPED_OPTIONS:
            index += 1
        elif not word.startswith("-"):
            requirement = _requirement(word.strip("'\""), conda=conda)
            if requirement and requirement not in uses.installs:
                uses.installs.append(requirement)


def _requirement(word: str, *, conda: bool) -> str | None:
    """Return a word as a PEP 508 requirement: conda's `a=1.2` becomes `a==1.2.*`."""
    if word.startswith(("git+", "hg+")) or word.endswith((".whl", ".tar.gz", ".zip")):
        match = re.search(r"#egg=([\w.-]+)", word)
        return f"{match[1]} @ {word}" if match and "://" in word else None
    if conda:
        word = word.rsplit("::", 1)[-1]
        match = re.fullmatch(r"([\w.-]+)=([\w.]+)(=\S*)?", word)
        if match:
            return f"{match[1]}=={match[2]}.*"
    return word if _REQUIREMENT.fullmatch(word) and word not in {".", "pip"} else None


def _is_plain(word: str) -> bool:
    return "://" not in word and not re.search(r"[$*?{}`\n\0]", word) and word != "-"
