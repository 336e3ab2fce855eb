# ruff: noqa: E501 -- documents stand here as libraries write them
"""Texts as programs print them, and lines of which a rerun always gives others."""

import random

import numpy as np
import pandas as pd

from single_changes.kinds import Pair, kind, pair_of_prints


def report(rng: random.Random) -> str:
    """Return what an analysis prints: words, an array, a table of pandas, a dictionary."""
    rows = np.random.default_rng(rng.getrandbits(32))
    sites = ["Kiel", "Bergen", "Oban", "Brest", "Sines"]
    frame = pd.DataFrame(
        {"site": sites, "level": rows.normal(3, 1, 5).round(4), "n": rows.integers(20, 900, 5)}
    )
    lines = [
        f"model number {rng.randint(100, 900)} of the series converged: True",
        f"slope     {rng.uniform(0.1, 90):.4f}  stderr {rng.uniform(0, 1):.3f}",
        f"half-life {rng.uniform(1, 90):.2f} years, depth {rng.uniform(1, 50):.1f} m",
        f"speed {rng.uniform(1, 9):.2f} m/s, from 2019-05-{rng.randint(10, 28)}",
        "coefficients:",
        str(rows.normal(0, 3, 12).round(5)),
        frame.to_string(),
        f"counts {{'ash': {rng.randint(1, 40)}, 'oak': {rng.randint(41, 90)}}}",
        f"p = {rng.uniform(0.001, 0.2):.4f} **  95% of 0x1f",
        f"shape ({rng.randint(20, 90)}, 3), dtype float64, 1.{rng.randint(100, 999)}e-05",
    ]
    return "\n".join(lines) + "\n"


VERSIONS: dict[str, tuple[str, str]] = {
    "home": ("read /home/ada/study/data/a.csv", "read /Users/bob/w/study/data/a.csv"),
    "path of Windows": (r"read C:\Users\ada\study\a.csv", "read /home/bob/study/a.csv"),
    "timeit": (
        "1.21 s ± 3.1 ms per loop (mean ± std. dev. of 7 runs, 1 loop each)",
        "987 µs ± 12 µs per loop (mean ± std. dev. of 7 runs, 1,000 loops each)",
    ),
    "line of a log": (
        "2021-03-04 10:11:12,345 - fit - INFO - start",
        "2026-11-21 05:00:01,002 - fit - INFO - start",
    ),
    "line of a log in brackets": (
        "[I 2021-03-04 10:11:12,345] Trial 0 finished with value: 3",
        "[I 2026-11-21 05:00:01,002] Trial 0 finished with value: 3",
    ),
    "ctime": ("Mon Jan  4 10:11:12 2021", "Sat Nov 21 05:00:00 2026"),
    "last updated": ("Last updated: 2021-03-04", "Last updated: 2026-11-21"),
    "bar of pip": (
        "   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1.2/1.2 MB 9.1 MB/s eta 0:00:00",
        "   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1.2/1.2 MB 31.7 MB/s eta 0:00:00",
    ),
    "installer": (
        "Requirement already satisfied: numpy in /usr/lib/python3/dist-packages (1.19.2)",
        "Requirement already satisfied: numpy in /opt/lib (2.4.6)",
    ),
    "colour of a terminal": ("\x1b[31mfound\x1b[0m 3", "found 3"),
    "order of a set": ("{'b', 'a', 'c'}", "{'c', 'a', 'b'}"),
    "order of a set of tuples": ("{('b', 1), ('a', 2)}", "{('a', 2), ('b', 1)}"),
    "order of a frozen set": ("frozenset({'b', 'a', 'c'})", "frozenset({'c', 'a', 'b'})"),
    "order of a dictionary": (
        "{'b': [1, 2], 'a': (3, 4), 'c': {'y': 1, 'x': 2}}",
        "{'a': (3, 4), 'b': [1, 2], 'c': {'x': 2, 'y': 1}}",
    ),
    "numpy 2 writes its scalars": (
        "(1.5, 2, True)",
        "(np.float64(1.5), np.int64(2), np.True_)",
    ),
    "numpy 2 in a dictionary": ("{'a': 1.5, 'b': nan}", "{'a': np.float64(1.5), 'b': np.nan}"),
    "text of a plot": ("Text(0.5, 1.0, 'tide')", "Text(0.5, 1, 'tide')"),
    "axes before matplotlib 3.7": ("<AxesSubplot:xlabel='day'>", "<Axes: xlabel='day'>"),
    "array spaced otherwise": ("array([1. , 2.5, 3. ])", "array([1.,  2.5, 3.])"),
    "minus zero": ("[ 0. -0.  1.]", "[0. 0. 1.]"),
    "exponent written otherwise": ("tolerance 1e-05", "tolerance 1.0e-05"),
    "whole number as a float": ("mean 3.0, n 12", "mean 3, n 12"),
    "minus of typography": ("slope −0.25", "slope -0.25"),
    "type on Windows": ("array([1, 2], dtype=int32)", "array([1, 2], dtype=int64)"),
    "type of strings": (
        "Name: site, Length: 5, dtype: object",
        "Name: site, Length: 5, dtype: str",
    ),
    "ordered dictionary of 3.12": (
        "OrderedDict([('ash', 3), ('oak', [5, 6])])",
        "OrderedDict({'ash': 3, 'oak': [5, 6]})",
    ),
    "line of code": (
        "<ipython-input-5-0123456789ab>:3: found 4",
        "/tmp/ipykernel_4242/1234567.py:3: found 4",
    ),
    "line of a package": (
        "/usr/lib/python3.8/site-packages/fit/core.py:120: found 4",
        "/opt/lib/python3.11/site-packages/fit/core.py:131: found 4",
    ),
    "memory of a frame": ("memory usage: 1.2+ KB", "memory usage: 968.0+ bytes"),
    "class that moved": (
        "<class 'pandas.core.frame.DataFrame'>",
        "<class 'pandas.DataFrame'>",
    ),
    "range index": (
        "RangeIndex(start=0, stop=5, step=1)",
        "RangeIndex(start=0, stop=5, step=1) ",
    ),
    "missing value spelled otherwise": ("site    NaN", "site    nan"),
    "true of numpy 2": ("[True, False]", "[np.True_, np.False_]"),
    "index of pandas 2": ("Int64Index([3, 5], dtype='int64')", "Index([3, 5], dtype='int64')"),
    "moment of pandas 2": (
        "Timestamp('2019-05-12 00:00:00', freq='D')",
        "Timestamp('2019-05-12 00:00:00')",
    ),
    "categories of strings": (
        "Categories (2, object): ['a', 'b']",
        "Categories (2, str): ['a', 'b']",
    ),
    "types of columns": (
        "site      object\nlevel    float64",
        "site         str\nlevel    float64",
    ),
    "size in xarray": (
        "<xarray.DataArray 'level' (day: 3)>",
        "<xarray.DataArray 'level' (day: 3)> Size: 24B",
    ),
    "sizes of variables in xarray": (
        "  * day      (day) int64 1 2 3",
        "  * day      (day) int64 24B 1 2 3",
    ),
    "name of a gradient's function": (
        "tensor(0.25, grad_fn=<MeanBackward>)",
        "tensor(0.25, grad_fn=<MeanBackward0>)",
    ),
    "steps of keras 3": (
        "\x1b[1m10/10\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m5s\x1b[0m 2ms/step - loss: 0.29",
        "\x1b[1m10/10\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m0s\x1b[0m 3ms/step - loss: 0.29",
    ),
    "data that keras fetched": (
        "11490434/11490434 [==============================] - 1s 0us/step",
        "11490434/11490434 [==============================] - 3s 0us/step",
    ),
    "containers of a histogram": (
        "<a list of 10 Patch objects>",
        "<BarContainer object of 10 artists>",
    ),
    "exponent with a sign": ("1e+16 2.5", "1e16 2.5"),
    "point without digits": ("[1.e-05 2.e+00]", "[1e-05 2e+00]"),
    "order of a set of numbers": ("{2.5, 1.25, 4.0}", "{4.0, 2.5, 1.25}"),
    "zero of either sign": ("offset -0.0", "offset 0.0"),
}
"""Lines (recorded, rerun) that say the same, as other versions and machines write them."""


def _places(rng: random.Random) -> dict[str, tuple[str, ...]]:
    """Return lines with addresses, paths and names that are drawn anew."""
    address = [f"0x7f{rng.getrandbits(40):010x}" for _ in "ab"]
    digits = [f"{rng.getrandbits(32):08x}" for _ in "ab"]
    return {
        "address": tuple(f"<models.Fit object at {one}>" for one in address),
        "address of a function": tuple(f"<function f at {one}>" for one in address),
        "address of a method": tuple(
            f"<bound method Fit.run of <models.Fit object at {one}>>" for one in address
        ),
        "address of a generator": tuple(f"<generator object f at {one}>" for one in address),
        "address in R": tuple(f"<environment: {one}>" for one in address),
        "bytecode in R": tuple(f"<bytecode: 0x55{one}ab>" for one in digits),
        "temporary path": tuple(f"saved to /tmp/tmp{one}/fit.csv" for one in digits),
        "temporary path of a Mac": (
            f"saved to /var/folders/ab/{digits[0]}/T/tmp{digits[1]}/fit.csv",
            f"saved to /tmp/tmp{digits[0]}/fit.csv",
        ),
        "UUID": tuple(f"run {one}-1111-4111-8111-{one}0000" for one in digits),
        "plot object": (f"[<matplotlib.lines.Line2D at {address[0]}>]", ""),
        "axes": (
            f"<matplotlib.axes._subplots.AxesSubplot at {address[0]}>",
            "<Axes: title={'center': 'tide'}, xlabel='day'>",
        ),
    }


def _times(rng: random.Random) -> dict[str, tuple[str, ...]]:
    """Return lines that say how long a run took, and last digits of numbers."""
    took = f"{rng.uniform(0.1, 9):.2f}", f"{rng.uniform(0.1, 9):.3f}"
    pid = [rng.randint(1000, 99999) for _ in "ab"]
    value = rng.uniform(1, 9)
    return {
        "wall time": (f"Wall time: {took[0]} s", f"Wall time: {took[1]} ms"),
        "times of the processor": tuple(
            f"CPU times: user {one} s, sys: {two} ms, total: {one} s"
            for one, two in zip(took, (12, 8), strict=True)
        ),
        "took": tuple(f"fit took {one} s" for one in took),
        "seconds between hyphens": tuple(f"--- {one} seconds ---" for one in took),
        "process": (f"worker pid={pid[0]}", f"worker pid={pid[1]}"),
        "process by name": (f"Process ID: {pid[0]}", f"Process ID: {pid[1]}"),
        "bar of tqdm": (
            f"fit: 100%|██████████| 50/50 [00:01<00:00, {took[0]}it/s]",
            f"fit: 100%|██████████| 50/50 [00:02<00:00, {took[1]}it/s]",
        ),
        "bar of tqdm in ASCII": (
            f"100%|##########| 50/50 [00:01<00:00, {took[0]}it/s]",
            f"100%|##########| 50/50 [00:02<00:00, {took[1]}s/it]",
        ),
        "bar with a unit": (
            f"100%|██████████| 5/5 [00:01<00:00, {took[0]}epoch/s]",
            f"100%|██████████| 5/5 [00:02<00:00, {took[1]}epoch/s]",
        ),
        "redrawn bar": (
            f"\r 10%|█         | 5/50 [00:01<00:09, 5it/s]\r100%|█████| 50/50 [00:03<00:00, {took[0]}it/s]",
            f"\r100%|██████████| 50/50 [00:02<00:00, {took[1]}it/s]",
        ),
        "steps of keras": (
            f"10/10 [==============================] - 0s {pid[0] % 90}ms/step - loss: 0.5",
            f"10/10 [==============================] - 1s {pid[1] % 90}ms/step - loss: 0.5",
        ),
        "joblib": (
            f"[Parallel(n_jobs=1)]: Done  10 out of  10 | elapsed:    {took[0]}s finished",
            f"[Parallel(n_jobs=1)]: Done  10 out of  10 | elapsed:    {took[1]}s finished",
        ),
        "sixteenth digit": (f"{value!r}", f"{float(np.nextafter(value, 10))!r}"),
        "fewer digits shown": (f"{value:.12f}", f"{value:.6f}"),
        "file was downloaded": (
            f"2021-03-04 10:11:12 ({took[0]} MB/s) - 'a.csv' saved [1234/1234]",
            f"2026-11-21 05:00:01 ({took[1]} MB/s) - 'a.csv' saved [1234/1234]",
        ),
    }


def _pairs(rng: random.Random) -> dict[str, tuple[str, ...]]:
    """Return lines (recorded, rerun) that say the same."""
    return VERSIONS | _places(rng) | _times(rng)


def _add(name: str) -> None:
    def make(rng: random.Random) -> Pair:
        text = report(rng)
        before, after = _pairs(rng)[name]
        return pair_of_prints(f"{before}\n{text}", f"{after}\n{text}")

    kind("text", name, make, is_real=False)


for _name in _pairs(random.Random(0)):
    _add(_name)
