"""Text as a terminal would show it: what `\\r` and `\\b` overwrote is gone, as in JupyterLab."""


def overwrite(text: str) -> str:
    """Return `text` after its carriage returns and backspaces; takes time linear in its length.

    `abc\\rX` becomes `Xbc`, `ab\\bc` becomes `ac`; a `\\r` at a line's end does nothing.
    """
    if "\r" not in text and "\b" not in text:
        return text
    lines = text.split("\n")
    last = len(lines) - 1
    return "\n".join(_line(line, open_end=number == last) for number, line in enumerate(lines))


def _line(line: str, *, open_end: bool) -> str:
    """Return one line overwritten.

    open_end: nothing follows yet; a `\\r` at its end still waits for what it will overwrite
    """
    if "\b" in line:
        line = _backspaces(line)
    if "\r" not in line:
        return line
    whole = line.rstrip("\r")
    waiting = "\r" if open_end and whole != line else ""
    shown = ""
    for part in whole.split("\r"):
        shown = part + shown[len(part) :]
    return shown + waiting


def _backspaces(line: str) -> str:
    kept: list[str] = []
    for character in line:
        if character != "\b":
            kept.append(character)
        elif kept and kept[-1] != "\r":
            kept.pop()
    return "".join(kept)
