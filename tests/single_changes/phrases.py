"""Lines that say something else after one change: units, names, dates, formulas."""

import random

from single_changes.kinds import Pair, kind, pair_of_prints, replaced
from single_changes.printed_texts import report

PHRASES = {
    "another unit": ("depth 3.20 m below", "depth 3.20 km below"),
    "another answer": ("converged: True", "converged: False"),
    "another sign of comparison": ("p < 0.05", "p > 0.05"),
    "stars of significance": ("slope 0.31 **", "slope 0.31 ***"),
    "a day in the data": ("first seen 2019-05-12", "first seen 2019-05-13"),
    "an hour in the data": ("high water 12:30 at Kiel", "high water 13:30 at Kiel"),
    "a year in the data": ("largest in 1998", "largest in 1999"),
    "a percentage": ("45% of 200 | 3 |", "46% of 200 | 3 |"),
    "an indented line of beta": ("          beta  0.2513", "          beta  0.3513"),
    "an indented percentage": ("            95% of 40", "            96% of 40"),
    "bars of a printed histogram": ("████████████ 12 ash", "████████ 8 ash"),
    "dimensions": ("a 2D model", "a 3D model"),
    "a superscript": ("in m² s", "in m³ s"),
    "a version": ("catalogue v1.2.3", "catalogue v1.2.4"),
    "an address on the web": ("https://example.org/data/a", "https://example.org/data/b"),
    "a sparkline": ("▁▂▃▅▇", "▁▂▅▃▇"),
    "a line of a contingency table": (
        "     ash  oak\nred   12    7",
        "     ash  oak\nred    7   12",
    ),
    "a truth in an array": ("[ True False  True]", "[ True  True  True]"),
    "a number in Roman": ("type Ia", "type Ib"),
    "a quarter": ("2019Q1    3.25", "2019Q2    3.25"),
    "a coordinate": ("54.32N 10.13E", "54.32N 10.13W"),
    "a sequence of bases": ("ACGTTGCA", "ACGTTGCC"),
    "a type of pandas": (
        "level    float64\nsite      object",
        "level      int64\nsite      object",
    ),
    "a confidence interval": ("95% CI [0.21, 0.43]", "95% CI [0.21, 0.53]"),
    "a duration of the data": ("covers 12 days 03:00:00", "covers 13 days 03:00:00"),
    "a time step": ("dt = 0.5 s", "dt = 0.25 s"),
    "a clock in a table": ("03:12  1.25\n09:20  3.75", "03:22  1.25\n09:20  3.75"),
    "an atomic mass": ("12C 98.9%", "13C 98.9%"),
    "a row with a percentage": ("| ash | 45% | 3.5 |", "| ash | 45% | 4.5 |"),
    "a name with a digit": ("best model x1: 0.91", "best model x2: 0.91"),
    "a checksum": (
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "sha256 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    ),
    "a checksum of 32 digits": (
        "md5 d41d8cd98f00b204e9800998ecf8427e",
        "md5 0cc175b9c0f1b6a831c399e269772661",
    ),
    "a hexadecimal number": ("mask 0x1f", "mask 0x2f"),
    "the name of a file": ("read /home/ada/data/a.csv", "read /home/ada/data/b.csv"),
    "values of a dictionary swapped": ("{'ash': 3, 'oak': 5}", "{'ash': 5, 'oak': 3}"),
    "values of a dictionary of floats swapped": (
        "{'ash': 3.25, 'oak': 5.125}",
        "{'ash': 5.125, 'oak': 3.25}",
    ),
    "words of a dictionary swapped": (
        "{'ash': 'low', 'oak': 'high'}",
        "{'ash': 'high', 'oak': 'low'}",
    ),
    "lists of a dictionary swapped": ("{'a': [1, 2], 'b': [3]}", "{'a': [3], 'b': [1, 2]}"),
    "a value of a dictionary": ("{'ash': 3, 'oak': 5}", "{'ash': 3, 'oak': 6}"),
    "a key of a dictionary": ("{'ash': 3, 'oak': 5}", "{'elm': 3, 'oak': 5}"),
    "an item of a set": ("{'ash', 'oak', 'elm'}", "{'ash', 'oak', 'yew'}"),
    "the order of a list": ("['ash', 'oak', 'elm']", "['oak', 'ash', 'elm']"),
    "the order of a tuple": ("('ash', 'oak')", "('oak', 'ash')"),
    "an item of a list in a dictionary": ("{'a': [1, 2], 'b': 3}", "{'a': [2, 1], 'b': 3}"),
    "bounds of an interval": ("in [0, 1)", "in [0, 1]"),
    "the imaginary part": ("root (1.5+2.5j)", "root (1.5-2.5j)"),
    "an exponent": ("rate 1.5e-05 per year", "rate 1.5e-06 per year"),
    "a power": ("grows as x**2", "grows as x**3"),
    "a speed in m/s": ("speed 3.2 m/s, level 5", "speed 4.2 m/s, level 5"),
    "a number beside a speed": ("v = 3.2 m/s ; t = 5", "v = 3.2 m/s ; t = 6"),
    "a number of eta": ("eta 5: 0.34", "eta 5: 0.43"),
    "a bar of a printed histogram": ("ash 45% ##########", "ash 45% #######"),
    "a stochastic process": ("Poisson process 12: 0.3", "Poisson process 13: 0.3"),
    "a time of a record": (
        "timestamp    2019-05-12 03:00:00",
        "timestamp    2019-05-13 03:00:00",
    ),
    "a date of a record": ("created    2019-05-12", "created    2019-06-12"),
    "a type": ("a    float64\ndtype: object", "a    int64\ndtype: object"),
    "a type of an array": (
        "array([1., 2.], dtype=float32)",
        "array([1., 2.], dtype=float16)",
    ),
    "the shape": ("shape (120, 4)", "shape (121, 4)"),
    "a state in the name of an object": ("<Fit: converged>", "<Fit: failed>"),
    "a chemical formula": ("peak of H2O", "peak of H3O"),
    "capital letters": ("allele A", "allele a"),
    "a quantity in seconds": ("period 3.2 s at Oban", "period 3.3 s at Oban"),
    "steps that were taken": ("took 31 steps", "took 32 steps"),
    "trials that ran": ("ran 120 trials", "ran 121 trials"),
    "a decimal comma": ("mean 3,25", "mean 3,26"),
    "thousands": ("total 1,234,567", "total 1,234,568"),
    "a fraction": ("share 3/7", "share 4/7"),
    "a range": ("from 3-7", "from 3-8"),
    "a name of a species": ("Larus canus", "Larus fuscus"),
    "a word in Japanese": ("潮位は上昇", "潮位は下降"),
    "a quantile's name": ("p50 of level", "p95 of level"),
    "the fourth digit": ("mean 3.141", "mean 3.142"),
    "the sixth digit": ("mean 3.14159", "mean 3.14180"),
    "a small number": ("residual 1.2e-12", "residual 1.2e-09"),
    "nearly nothing": ("p = 0.0001", "p = 0.0002"),
    "a missing value": ("level    3.2", "level    NaN"),
    "a verdict": ("reject H0", "accept H0"),
    "a negation": ("is stationary", "is not stationary"),
    "a label of a class": ("confusion\n[[9 1]\n [2 8]]", "confusion\n[[1 9]\n [2 8]]"),
    "a matrix transposed": ("[[1 2]\n [3 4]]", "[[1 3]\n [2 4]]"),
    "an index in braces": ("T_{i,j}", "T_{j,i}"),
    "a loss after an epoch": (
        "Epoch 5/5 - 1s - loss: 0.2513 - accuracy: 0.91",
        "Epoch 5/5 - 1s - loss: 0.3513 - accuracy: 0.91",
    ),
    "a line of regression": (
        "x1             2.4131      0.051     47.314      0.000       2.312       2.514",
        "x1             2.4431      0.051     47.314      0.000       2.312       2.514",
    ),
}


def _phrase(name: str) -> None:
    def make(rng: random.Random) -> Pair:
        text = report(rng)
        before, after = PHRASES[name]
        lines = text.split("\n")
        place = rng.choice((0, 1, 2, 3, 4))
        lines.insert(place, before)
        whole = "\n".join(lines)
        return pair_of_prints(whole, replaced(whole, before, after))

    kind("text", name, make, is_real=True)


for _name in PHRASES:
    _phrase(_name)
