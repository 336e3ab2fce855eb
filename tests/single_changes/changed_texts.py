"""Printed text that says something else, and the same text written otherwise."""

import random
import re
from collections.abc import Callable

import numpy as np

from single_changes.kinds import Pair, benign, bundle, kind, pair_of_prints, printed, real
from single_changes.printed_texts import report

DECIMAL = re.compile(r"(?<![\w.\-])-?\d+\.\d+(?![\w.\-])")
WORD = re.compile(r"\b[a-z]{4,12}\b")


def on_decimal(text: str, rng: random.Random, change: Callable[[str], str]) -> str:
    """Change one decimal number of a text."""
    place = rng.choice([one for one in DECIMAL.finditer(text) if float(one.group())])
    return text[: place.start()] + change(place.group()) + text[place.end() :]


def scaled(number: str, factor: float) -> str:
    """Scale a printed number, with as many decimals, and at least by one in the last."""
    decimals = len(number.partition(".")[2])
    done = f"{float(number) * factor:.{decimals}f}"
    return done if done != number else f"{float(number) + 10.0**-decimals:.{decimals}f}"


@benign("text", "last digits of every number")
def _(rng: random.Random) -> Pair:
    text = "\n".join(repr(rng.uniform(0.1, 90)) for _ in range(12))
    factor = 1 + rng.uniform(-1, 1) * 1e-10
    return pair_of_prints(text, DECIMAL.sub(lambda one: repr(float(one.group()) * factor), text))


@benign("text", "last digit of an array")
def _(rng: random.Random) -> Pair:
    values = np.random.default_rng(rng.getrandbits(32)).normal(5, 1, 20)
    return pair_of_prints(str(values), str(values + 1e-8))


@benign("text", "array in lines of another width")
def _(rng: random.Random) -> Pair:
    values = np.random.default_rng(rng.getrandbits(32)).normal(5, 1, 40)
    wide = np.array2string(values, max_line_width=120)
    return pair_of_prints(np.array2string(values, max_line_width=75), wide)


@benign("text", "white space")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    return pair_of_prints(text, re.sub(r"(?<=\S) (?=\S)", lambda _: " " * rng.choice((1, 2)), text))


@benign("text", "line ends of Windows")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    return pair_of_prints(text, text.replace("\n", "\r\n"))


@benign("text", "empty lines at the end")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    return pair_of_prints(text, f"{text}\n \n")


@benign("streams", "printed in other portions")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    cut = rng.randint(5, len(text) - 5)
    return Pair(recorded=[printed(text)], rerun=[printed(text[:cut]), printed(text[cut:])])


@benign("streams", "a warning between two portions")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    cut = text.index("coefficients")
    warning = printed("/a/b.py:3: FutureWarning: x is gone\n  warnings.warn(x)\n", "stderr")
    rerun = [printed(text[:cut]), warning, printed(text[cut:])]
    return Pair(recorded=[printed(text)], rerun=rerun)


@benign("streams", "another warning")
def _(rng: random.Random) -> Pair:
    text = printed(report(rng))
    words = ("DeprecationWarning: np.int is old", "UserWarning: the figure has no labels")
    one, two = (printed(f"/a/b.py:3: {word}\n  import x\n", "stderr") for word in words)
    return Pair(recorded=[one, text], rerun=[two, text])


@benign("streams", "a warning is gone")
def _(rng: random.Random) -> Pair:
    text = printed(report(rng))
    warning = printed("/a/b.py:3: FutureWarning: x will go\n  import x\n", "stderr")
    return Pair(recorded=[warning, text], rerun=[text])


@benign("streams", "a bar on stderr")
def _(rng: random.Random) -> Pair:
    text = printed(report(rng))
    rates = [f"{rng.uniform(1, 99):.2f}" for _ in "ab"]
    one, two = (
        printed(f"\r100%|██████████| 50/50 [00:01<00:00, {rate}it/s]\n", "stderr") for rate in rates
    )
    return Pair(recorded=[one, text], rerun=[two, text])


@benign("streams", "a line of a log on stderr")
def _(rng: random.Random) -> Pair:
    text = printed(report(rng))
    one, two = (
        printed(f"{day} 10:11:12,345 INFO fit started on node{rng.randint(1, 99)}\n", "stderr")
        for day in ("2021-03-04", "2026-11-21")
    )
    return Pair(recorded=[one, text], rerun=[two, text])


@benign("text", "date of today, asked for by the code")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    source = "print(datetime.now())\nprint(summary)"
    line = f"2021-03-04 10:{rng.randint(10, 59)}:12.345678"
    return pair_of_prints(f"{line}\n{text}", f"2026-11-21 05:00:01.002100\n{text}", source)


@benign("text", "time, measured by the code")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    source = "start = time.time()\nfit()\nprint('seconds', time.time() - start)"
    before, after = (f"seconds {rng.uniform(0, 9)!r}" for _ in "ab")
    return pair_of_prints(f"{before}\n{text}", f"{after}\n{text}", source)


def _numbers(name: str, change: Callable[[str, random.Random], str]) -> None:
    def make(rng: random.Random) -> Pair:
        text = report(rng)
        return pair_of_prints(text, on_decimal(text, rng, lambda number: change(number, rng)))

    kind("text", name, make, is_real=True)


_numbers("a number off by 1 %", lambda number, rng: scaled(number, 1 + rng.choice((-1, 1)) * 0.01))
_numbers("a number off by half", lambda number, rng: scaled(number, rng.choice((0.5, 1.5))))
_numbers("another sign", lambda number, _: number[1:] if number.startswith("-") else f"-{number}")
_numbers("NaN instead of a number", lambda *_: "nan")
_numbers("infinite instead of a number", lambda *_: "inf")
_numbers("a point elsewhere", lambda number, _: scaled(number, 10))


@real("text", "a whole number off by one")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    places = list(re.finditer(r"(?<![\w.\-:/%#])\d{1,6}(?![\w.:/%\-])", text))
    place = rng.choice(places)
    changed = str(int(place.group()) + rng.choice((1, 2)))
    return pair_of_prints(text, text[: place.start()] + changed + text[place.end() :])


@real("text", "another word")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    place = rng.choice(list(WORD.finditer(text)))
    changed = place.group()[1:] + rng.choice("qxz")
    return pair_of_prints(text, text[: place.start()] + changed + text[place.end() :])


@real("text", "a line is gone")
def _(rng: random.Random) -> Pair:
    lines = report(rng).split("\n")
    fewer = list(lines)
    del fewer[rng.randrange(len(lines) - 1)]
    return pair_of_prints("\n".join(lines), "\n".join(fewer))


@real("text", "a line more")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    return pair_of_prints(text, f"{text}did not converge\n")


@real("text", "two lines in another order")
def _(rng: random.Random) -> Pair:
    lines = report(rng).split("\n")
    other = list(lines)
    other[0], other[1] = other[1], other[0]
    return pair_of_prints("\n".join(lines), "\n".join(other))


@real("text", "two numbers of an array swapped")
def _(rng: random.Random) -> Pair:
    values = np.random.default_rng(rng.getrandbits(32)).normal(5, 1, 12)
    other = values.copy()
    other[[2, 7]] = other[[7, 2]]
    return pair_of_prints(str(values), str(other))


@real("text", "an array is one shorter")
def _(rng: random.Random) -> Pair:
    values = np.random.default_rng(rng.getrandbits(32)).normal(5, 1, 12)
    return pair_of_prints(str(values), str(values[:-1]))


@real("text", "an array has another shape")
def _(rng: random.Random) -> Pair:
    values = np.random.default_rng(rng.getrandbits(32)).integers(0, 90, 12)
    return pair_of_prints(repr(values.reshape(3, 4)), repr(values.reshape(4, 3)))


@real("streams", "nothing is printed any more")
def _(rng: random.Random) -> Pair:
    return Pair(recorded=[printed(report(rng))], rerun=[])


@real("streams", "printed on stderr instead")
def _(rng: random.Random) -> Pair:
    text = report(rng)
    return Pair(recorded=[printed(text)], rerun=[printed(text, "stderr")])


@benign("streams", "a table before the print")
def _(rng: random.Random) -> Pair:
    table = bundle({"text/latex": f"$x = {rng.random():.5f}$"})
    text = printed(report(rng))
    return Pair(recorded=[text, table], rerun=[table, text])


@benign("streams", "a name of a plot object more")
def _(rng: random.Random) -> Pair:
    text = printed(report(rng))
    named = bundle({"text/plain": "<Axes: xlabel='day'>"})
    return Pair(recorded=[text, named], rerun=[text])


@real("streams", "tests fail on stderr")
def _(rng: random.Random) -> Pair:
    text = printed(report(rng))
    fine = printed("..\nRan 2 tests in 0.001s\n\nOK\n", "stderr")
    bad = printed(".F\nRan 2 tests in 0.001s\n\nFAILED (failures=1)\n", "stderr")
    return Pair(recorded=[text, fine], rerun=[text, bad])


@real("streams", "a number in the second portion")
def _(rng: random.Random) -> Pair:
    one, two = report(rng), report(rng)
    warning = printed("/a/b.py:3: FutureWarning: x\n  import x\n", "stderr")
    changed = on_decimal(two, rng, lambda number: scaled(number, 1.02))
    recorded = [printed(one), warning, printed(two)]
    return Pair(recorded=recorded, rerun=[printed(one), warning, printed(changed)])
