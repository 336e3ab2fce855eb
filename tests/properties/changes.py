"""Single changes to recorded outputs: benign ones that every rerun brings, and real ones.

Each function takes an output and a `random.Random` and returns the changed output, or None where
the change does not apply.
"""

import base64
import copy
import io
import json
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

Output = dict[str, Any]
Change = Callable[[Output, random.Random], Output | None]
_DECIMAL = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[-+]?\d+)?(?![\w.])")
_WHOLE = re.compile(r"(?<![\w.\-:/%#])\d{1,6}(?![\w.:/%\-])")
_WORD = re.compile(r"\b[a-z]{4,12}\b")


def text_of(output: Output) -> str | None:
    """Return what a text output prints, None for another kind or one beside something richer."""
    if output.get("output_type") == "stream" and output.get("name") == "stdout":
        return "".join(output["text"])
    data = output.get("data", {})
    if set(data) == {"text/plain"} and not "".join(data["text/plain"]).lstrip("[(").startswith("<"):
        return "".join(data["text/plain"])
    return None


def with_text(output: Output, text: str) -> Output:
    changed = copy.deepcopy(output)
    if "text" in changed:
        changed["text"] = text
    else:
        changed["data"]["text/plain"] = text
    return changed


def _line_before(line: str) -> Change:
    def change(output: Output, _: random.Random) -> Output | None:
        text = text_of(output)
        return None if text is None else with_text(output, f"{line}\n{text}")

    return change


def pairs_of_lines(rng: random.Random) -> dict[str, tuple[str, str]]:
    """Return line pairs (recorded, rerun) that say the same: put before any text."""
    address = f"0x7f{rng.getrandbits(40):010x}", f"0x7f{rng.getrandbits(40):010x}"
    seconds = f"{rng.uniform(0.1, 9):.2f}", f"{rng.uniform(0.1, 9):.3f}"
    return {
        "address": (f"<models.Fit object at {address[0]}>", f"<models.Fit object at {address[1]}>"),
        "function": (f"<function f at {address[0]}>", f"<function f at {address[1]}>"),
        "temporary path": ("saved to /tmp/tmpab12cd/fit.csv", "saved to /tmp/tmpx_9y8z/fit.csv"),
        "home path": ("read /home/ada/study/data/a.csv", "read /Users/bob/w/study/data/a.csv"),
        "wall time": (f"Wall time: {seconds[0]} s", f"Wall time: {seconds[1]} ms"),
        "cpu times": (
            f"CPU times: user {seconds[0]} s, sys: 12 ms, total: 3 s",
            f"CPU times: user {seconds[1]} s, sys: 8 ms, total: 4 s",
        ),
        "timeit": (
            "1.21 s ± 3.1 ms per loop (mean ± std. dev. of 7 runs, 1 loop each)",
            "987 ms ± 12 ms per loop (mean ± std. dev. of 7 runs, 1 loop each)",
        ),
        "took": (f"fit took {seconds[0]} s", f"fit took {seconds[1]} s"),
        "log line": (
            "2021-03-04 10:11:12,345 - INFO - start",
            "2026-11-21 05:00:01,002 - INFO - start",
        ),
        "uuid": (
            f"run {rng.getrandbits(32):08x}-1111-4111-8111-{rng.getrandbits(48):012x}",
            f"run {rng.getrandbits(32):08x}-1111-4111-8111-{rng.getrandbits(48):012x}",
        ),
        "progress": (
            "100%|██████████| 50/50 [00:01<00:00, 33.2it/s]",
            "100%|██████████| 50/50 [00:02<00:00, 21.7it/s]",
        ),
        "colour": ("\x1b[31mfound\x1b[0m 3", "found 3"),
        "set": ("{'b', 'a', 'c'}", "{'c', 'a', 'b'}"),
        "wrapper": ("(np.float64(1.5), 2)", "(1.5, 2)"),
        "plot object": ("[<matplotlib.lines.Line2D at 0x7f1234567890>]", ""),
        "array": ("array([1. , 2.5, 3. ])", "array([1.,  2.5, 3.])"),
        "ctime": ("Mon Jan  4 10:11:12 2021", "Sat Nov 21 05:00:00 2026"),
        "process": ("worker pid=1234", "worker pid=99"),
    }


def drift(output: Output, rng: random.Random) -> Output | None:
    """Floats move in the tenth digit and are printed in full."""
    return _on_numbers(output, lambda value: repr(value * (1 + rng.uniform(-1, 1) * 1e-9)), 0)


def respace(output: Output, rng: random.Random) -> Output | None:
    text = text_of(output)
    if text is None or " " not in text.strip() or "0x" in text:
        return None
    return with_text(output, re.sub(r"(?<=\S) (?=\S)", lambda m: " " * rng.choice((1, 2)), text))


def one_number(output: Output, rng: random.Random) -> Output | None:
    """One decimal number changes by 0.1 to 50 %, as far as its digits show it."""
    factor = 1 + rng.choice((-1, 1)) * 10 ** rng.uniform(-2.5, -0.3)
    return _on_numbers(output, lambda value: value * factor, 1, rng)


def one_integer(output: Output, rng: random.Random) -> Output | None:
    text = text_of(output)
    places = list(_WHOLE.finditer(text)) if text else []
    if not text or not places:
        return None
    place = rng.choice(places)
    changed = str(int(place.group()) + rng.choice((1, 2, 10)))
    return with_text(output, text[: place.start()] + changed + text[place.end() :])


def one_word(output: Output, rng: random.Random) -> Output | None:
    text = text_of(output)
    places = list(_WORD.finditer(text)) if text else []
    if not text or not places:
        return None
    place = rng.choice(places)
    changed = place.group()[1:] + rng.choice("qxz")
    return with_text(output, text[: place.start()] + changed + text[place.end() :])


def one_line_gone(output: Output, rng: random.Random) -> Output | None:
    text = text_of(output)
    lines = text.split("\n") if text else []
    full = [place for place, line in enumerate(lines) if re.search(r"\w", line)]
    if len(full) < 2:
        return None
    del lines[rng.choice(full)]
    return with_text(output, "\n".join(lines))


def _on_numbers(
    output: Output,
    change: Callable[[float], Any],
    most: int,
    rng: random.Random | None = None,
) -> Output | None:
    """Change all decimal numbers of a text or table, or `most` of them; None when none changed."""
    text = text_of(output)
    markup = "".join(output.get("data", {}).get("text/html", ""))
    if text is None and "<table" not in markup:
        return None
    source = text if text is not None else markup
    pattern = _DECIMAL if text is not None else re.compile(r"(?<=<td>)-?\d+\.\d+(?=</td>)")
    places = list(pattern.finditer(source))
    if rng is not None and most:
        places = rng.sample(places, min(most, len(places)))
    done = source
    for place in sorted(places, key=lambda match: -match.start()):
        old = place.group()
        new = change(float(old))
        if not isinstance(new, str):
            if "e" in old:
                continue
            new = f"{new:.{len(old.partition('.')[2])}f}"
        done = done[: place.start()] + new + done[place.end() :]
    if done == source or (most and not _far(source, done)):
        return None
    if text is not None:
        return with_text(output, done)
    changed = copy.deepcopy(output)
    changed["data"]["text/html"] = done
    return changed


def _far(before: str, after: str) -> bool:
    """Say whether printed numbers lie more than 1e-5 apart: what rounding cannot do."""
    pairs = zip(_DECIMAL.findall(before), _DECIMAL.findall(after), strict=False)
    return any(abs(float(a) - float(b)) > 2e-5 * abs(float(a)) for a, b in pairs)


def row_gone(output: Output, rng: random.Random) -> Output | None:
    markup = "".join(output.get("data", {}).get("text/html", ""))
    rows = list(re.finditer(r"<tr>.*?</tr>", markup, re.DOTALL))
    if len(rows) < 4:
        return None
    row = rng.choice(rows[2:])
    changed = copy.deepcopy(output)
    changed["data"]["text/html"] = markup[: row.start()] + markup[row.end() :]
    return changed


def restyled(output: Output, rng: random.Random) -> Output | None:
    """Another pandas: other style sheet, other random id, other border."""
    markup = "".join(output.get("data", {}).get("text/html", ""))
    if "<table" not in markup:
        return None
    changed = copy.deepcopy(output)
    styled = re.sub(r"<style.*?</style>", "<style>.x{top:0}</style>", markup, flags=re.DOTALL)
    styled = re.sub(r"<div>", f'<div id="df-{rng.getrandbits(64):016x}">', styled)
    changed["data"]["text/html"] = styled.replace('border="1" ', "")
    return changed


def _picture(output: Output) -> Image.Image | None:
    encoded = output.get("data", {}).get("image/png")
    if not encoded:
        return None
    picture = Image.open(io.BytesIO(base64.b64decode("".join(encoded)))).convert("RGBA")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture)
    return page.convert("RGB")


def _with_picture(output: Output, picture: Image.Image, **options: Any) -> Output:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", **options)
    changed = copy.deepcopy(output)
    changed["data"]["image/png"] = base64.b64encode(buffer.getvalue()).decode()
    return changed


def reencoded(output: Output, _: random.Random) -> Output | None:
    picture = _picture(output)
    return None if picture is None else _with_picture(output, picture, compress_level=1)


def wider_margin(output: Output, rng: random.Random) -> Output | None:
    picture = _picture(output)
    if picture is None or picture.getpixel((0, 0)) != (255, 255, 255) or min(picture.size) < 100:
        return None
    left, top, right, bottom = (rng.randint(0, 3) for _ in range(4))
    size = picture.width + left + right, picture.height + top + bottom
    page = Image.new("RGB", size, "white")
    page.paste(picture, (left, top))
    return _with_picture(output, page)


def faint_noise(output: Output, rng: random.Random) -> Output | None:
    """The smoothing of edges comes out a little different."""
    picture = _picture(output)
    if picture is None:
        return None
    pixels = np.asarray(picture).astype(int)
    edges = np.abs(np.diff(pixels, axis=1, prepend=pixels[:, :1])).max(axis=2) > 20
    noise = np.random.default_rng(rng.getrandbits(32)).integers(-12, 13, edges.shape)
    pixels[edges] += noise[edges][:, None]
    return _with_picture(output, Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))


def moved_part(output: Output, rng: random.Random) -> Output | None:
    """Something drawn moves up by 3 % of the height, all else stays."""
    picture = _picture(output)
    if picture is None or min(picture.size) < 100:
        return None
    pixels = np.asarray(picture)
    height, width = pixels.shape[:2]
    step = max(3, round(height * 0.03))
    for _ in range(50):
        x, y = rng.randint(width // 6, width * 2 // 3), rng.randint(height // 6, height * 2 // 3)
        part = pixels[y : y + height // 5, x : x + width // 5]
        changed = pixels.copy()
        changed[y - step : y - step + part.shape[0], x : x + part.shape[1]] = part
        apart = np.abs(changed.astype(int) - pixels).max(axis=2) > 60
        if np.count_nonzero(apart) > 60:
            return _with_picture(output, Image.fromarray(changed))
    return None


def spot_painted(output: Output, rng: random.Random) -> Output | None:
    """A point of six pixels is there that was not."""
    picture = _picture(output)
    if picture is None or min(picture.size) < 60:
        return None
    x, y = rng.randint(10, picture.width - 20), rng.randint(10, picture.height - 20)
    before = np.asarray(picture).copy()
    ImageDraw.Draw(picture).ellipse((x, y, x + 6, y + 6), fill=(214, 39, 40))
    apart = np.abs(np.asarray(picture).astype(int) - before).max(axis=2) > 60
    return _with_picture(output, picture) if np.count_nonzero(apart) > 20 else None


def recoloured(output: Output, _: random.Random) -> Output | None:
    """What is coloured gets another colour."""
    picture = _picture(output)
    if picture is None:
        return None
    pixels = np.asarray(picture)
    coloured = (pixels.max(axis=2).astype(int) - pixels.min(axis=2)) > 60
    if np.count_nonzero(coloured) < 50:
        return None
    changed = pixels.copy()
    changed[coloured] = pixels[coloured][:, [1, 2, 0]]
    return _with_picture(output, Image.fromarray(changed))


def structure_changed(output: Output, rng: random.Random) -> Output | None:
    """One number in a plotly or Vega figure changes by a tenth."""
    for mime, content in output.get("data", {}).items():
        if mime.endswith("+json") and "widget" not in mime:
            written = json.dumps(content)
            places = list(_DECIMAL.finditer(written))
            if places:
                place = rng.choice(places)
                value = f"{float(place.group()) * 1.1 + 1:.6f}"
                changed = copy.deepcopy(output)
                done = written[: place.start()] + value + written[place.end() :]
                changed["data"][mime] = json.loads(done)
                return changed
    return None


BENIGN: dict[str, Change] = {
    "drift": drift,
    "white space": respace,
    "restyled table": restyled,
    "re-encoded picture": reencoded,
    "wider margin": wider_margin,
    "faint noise": faint_noise,
}
REAL: dict[str, Change] = {
    "one number": one_number,
    "one integer": one_integer,
    "one word": one_word,
    "line gone": one_line_gone,
    "row gone": row_gone,
    "part moved": moved_part,
    "spot painted": spot_painted,
    "recoloured": recoloured,
    "figure's number": structure_changed,
}
