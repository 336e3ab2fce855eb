"""Errors that an author recorded on purpose."""

import random
from typing import Any

from single_changes.kinds import Pair, bundle, kind


def error(name: str, message: str, traceback: list[str]) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": traceback}


def trace(rng: random.Random, name: str, message: str) -> list[str]:
    where = rng.choice(("/tmp/ipykernel_12/34.py in <module>", "Cell In[5], line 3"))
    return [
        f"\x1b[0;31m{'-' * 75}\x1b[0m",
        f"File {where}:{rng.randint(1, 90)}",
        f"{name}: {message}",
    ]


ERRORS: dict[str, tuple[tuple[str, str], tuple[str, str], bool]] = {
    "another traceback": (("ValueError", "no level"), ("ValueError", "no level"), False),
    "an address in the message": (
        ("TypeError", "bad <Fit object at 0x7f12a4bc9d30>"),
        ("TypeError", "bad <Fit object at 0x7f99a4bc9d31>"),
        False,
    ),
    "a path in the message": (
        ("FileNotFoundError", "no file: '/home/ada/study/a.csv'"),
        ("FileNotFoundError", "no file: '/tmp/run7/a.csv'"),
        False,
    ),
    "the class of a method, Python 3.10": (
        ("TypeError", "run() missing 1 required positional argument: 'n'"),
        ("TypeError", "Fit.run() missing 1 required positional argument: 'n'"),
        False,
    ),
    "division by zero, Python 3.14": (
        ("ZeroDivisionError", "float division by zero"),
        ("ZeroDivisionError", "division by zero"),
        False,
    ),
    "another argument is missing": (
        ("TypeError", "run() missing 1 required positional argument: 'n'"),
        ("TypeError", "run() missing 1 required positional argument: 'k'"),
        True,
    ),
    "another class": (("ValueError", "no level"), ("KeyError", "no level"), True),
    "another message": (("ValueError", "no level"), ("ValueError", "no depth"), True),
    "a number in the message": (
        ("ValueError", "shapes (3,) and (4,)"),
        ("ValueError", "shapes (3,) and (5,)"),
        True,
    ),
    "the name of a file": (
        ("FileNotFoundError", "no file: '/home/ada/a.csv'"),
        ("FileNotFoundError", "no file: '/home/ada/b.csv'"),
        True,
    ),
    "a name": (
        ("NameError", "name 'x' is not defined"),
        ("NameError", "name 'z' is not defined"),
        True,
    ),
}


def _error(name: str, before: tuple[str, str], after: tuple[str, str], *, is_real: bool) -> None:
    def pair(rng: random.Random) -> Pair:
        recorded = error(*before, trace(rng, *before))
        rerun = error(*after, [*trace(rng, *after), f"run {rng.random()}"])
        return Pair(recorded=[recorded], rerun=[rerun])

    kind("error", name, pair, is_real=is_real)


for _name, (_before, _after, _is_real) in ERRORS.items():
    _error(_name, _before, _after, is_real=_is_real)


def _no_error(rng: random.Random) -> Pair:
    found = error("ValueError", "no level", trace(rng, "ValueError", "no level"))
    return Pair(recorded=[found], rerun=[])


def _an_error(rng: random.Random) -> Pair:
    found = error("ValueError", "no level", trace(rng, "ValueError", "no level"))
    table = bundle({"text/plain": f"level {rng.random()}"})
    return Pair(recorded=[table], rerun=[found])


kind("error", "the error is gone", _no_error, is_real=True)
kind("error", "an error instead of a result", _an_error, is_real=True)
