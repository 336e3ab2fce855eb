"""Harmonic analysis of sea level: the functions the three notebooks share.

A tide is a sum of cosines whose speeds are known from astronomy, so that finding its
amplitudes and phases is a linear least-squares problem:

    level(t) = mean + slope * (p(t) - mean p) + sum_k H_k cos(speed_k * t - phase_k)

with t in hours since `EPOCH`, speeds in degrees per hour and p the air pressure in hPa.
"""

from dataclasses import dataclass

import numpy as np

EPOCH = np.datetime64("2025-01-01T00:00")
"""Time zero of all phases, Japan Standard Time."""

# Mean rates of the astronomical arguments in degrees per hour (Meeus, Astronomical
# Algorithms, 2nd ed., ch. 22 and 47, rates per Julian century of 876,600 hours).
MOON = 481267.88123421 / 876600  # mean longitude of the Moon
SUN = 36000.76982779 / 876600  # mean longitude of the Sun
PERIGEE = 4069.0137287 / 876600  # longitude of the lunar perigee
LUNAR_DAY = 15 - MOON + SUN  # hour angle of the mean Moon

# Doodson numbers: how many turns of (lunar day, Moon, Sun, perigee) make one of the tide.
DOODSON = {
    "M2": (2, 0, 0, 0),
    "S2": (2, 2, -2, 0),
    "N2": (2, -1, 0, 1),
    "K2": (2, 2, 0, 0),
    "K1": (1, 1, 0, 0),
    "O1": (1, -1, 0, 0),
    "P1": (1, 1, -2, 0),
    "Q1": (1, -2, 0, 1),
    "M4": (4, 0, 0, 0),
}

ORIGIN = {
    "M2": "Moon",
    "S2": "Sun",
    "N2": "Moon, elliptic orbit",
    "K2": "Moon and Sun, declination",
    "K1": "Moon and Sun, declination",
    "O1": "Moon, declination",
    "P1": "Sun, declination",
    "Q1": "Moon, elliptic orbit",
    "M4": "shallow water",
}


def speed(name):
    """Return the speed of a constituent in degrees per hour."""
    return float(np.dot(DOODSON[name], (LUNAR_DAY, MOON, SUN, PERIGEE)))


def hours_since_epoch(times):
    """Return hours since `EPOCH` for an array of datetime64."""
    return (np.asarray(times, "datetime64[s]") - EPOCH) / np.timedelta64(3600, "s")


def separation_days(first, second):
    """Return the length of record, in days, that tells two constituents apart (Rayleigh)."""
    return 360 / abs(speed(first) - speed(second)) / 24


@dataclass(frozen=True, repr=False)
class Tide:
    """A fitted tide. Levels in metres, phases in degrees, `slope` in metres per hPa.

    The `_error` fields are standard errors, right only if the residuals were white noise.
    """

    mean: float
    slope: float
    slope_error: float
    names: tuple
    amplitudes: np.ndarray
    amplitude_errors: np.ndarray
    phases: np.ndarray
    phase_errors: np.ndarray

    def level(self, hours):
        """Return the astronomical tide about mean sea level, shape of `hours`."""
        angles = np.radians(np.multiply.outer(hours, [speed(n) for n in self.names]) - self.phases)
        return np.cos(angles) @ self.amplitudes

    def __repr__(self):
        parts = ", ".join(f"{n} {1000 * h:.1f} mm" for n, h in zip(self.names, self.amplitudes))
        return f"Tide about {self.mean:.4f} m: {parts}"

    def as_record(self):
        """Return the tide as plain values for JSON, rounded far below its errors."""
        return {
            "mean_m": round(self.mean, 6),
            "slope_m_per_hpa": round(self.slope, 8),
            "slope_error_m_per_hpa": round(self.slope_error, 8),
            "constituents": {
                name: {
                    "amplitude_m": round(float(self.amplitudes[i]), 6),
                    "amplitude_error_m": round(float(self.amplitude_errors[i]), 6),
                    "phase_deg": round(float(self.phases[i]), 4),
                    "phase_error_deg": round(float(self.phase_errors[i]), 4),
                }
                for i, name in enumerate(self.names)
            },
        }

    @classmethod
    def from_record(cls, record):
        """Return the tide that `as_record` wrote down."""
        rows = record["constituents"].values()
        return cls(
            mean=record["mean_m"],
            slope=record["slope_m_per_hpa"],
            slope_error=record["slope_error_m_per_hpa"],
            names=tuple(record["constituents"]),
            amplitudes=np.array([row["amplitude_m"] for row in rows]),
            amplitude_errors=np.array([row["amplitude_error_m"] for row in rows]),
            phases=np.array([row["phase_deg"] for row in rows]),
            phase_errors=np.array([row["phase_error_deg"] for row in rows]),
        )

    def _repr_latex_(self):
        terms = [
            rf"{1000 * h:.0f}\cos({speed(n):.4f}^\circ t - {g:.1f}^\circ)"
            for n, h, g in zip(self.names, self.amplitudes, self.phases)
        ]
        rows = r" \\ &\quad + ".join(" + ".join(terms[i : i + 3]) for i in range(0, len(terms), 3))
        return (
            rf"$\displaystyle \begin{{aligned}} \frac{{\eta(t)}}{{\mathrm{{mm}}}} &= "
            rf"{1000 * self.mean:.0f} {'+' if self.slope > 0 else '-'} {1000 * abs(self.slope):.2f}\,"
            rf"\frac{{p - \bar p}}{{\mathrm{{hPa}}}} \\ &\quad + {rows} \end{{aligned}}$"
        )


def design_matrix(hours, pressure, names):
    """Return the matrix of the least-squares problem, shape (n, 2 + 2 * len(names))."""
    angles = np.radians(np.multiply.outer(hours, [speed(n) for n in names]))
    return np.column_stack(
        [np.ones_like(hours), pressure - np.mean(pressure), np.cos(angles), np.sin(angles)]
    )


def fit(hours, level, pressure, names=tuple(DOODSON)):
    """Fit mean, pressure effect and constituents; return a `Tide` and the residual, shape (n,)."""
    matrix = design_matrix(hours, pressure, names)
    solution, *_ = np.linalg.lstsq(matrix, level, rcond=None)
    residual = level - matrix @ solution
    variance = residual @ residual / (len(level) - matrix.shape[1])
    errors = np.sqrt(variance * np.diag(np.linalg.inv(matrix.T @ matrix)))
    k = len(names)
    a, b = solution[2 : 2 + k], solution[2 + k :]
    a_error, b_error = errors[2 : 2 + k], errors[2 + k :]
    amplitudes = np.hypot(a, b)
    tide = Tide(
        mean=float(solution[0]),
        slope=float(solution[1]),
        slope_error=float(errors[1]),
        names=tuple(names),
        amplitudes=amplitudes,
        amplitude_errors=np.hypot(a * a_error, b * b_error) / amplitudes,
        phases=np.degrees(np.arctan2(b, a)) % 360,
        phase_errors=np.degrees(np.hypot(b * a_error, a * b_error) / amplitudes**2),
    )
    return tide, residual


def set_storms_aside(residual, threshold=6.0):
    """Return a mask of the residuals no larger than `threshold` robust standard deviations."""
    centred = np.abs(residual - np.median(residual))
    return centred <= threshold * 1.4826 * np.median(centred)


def find_stuck(level, length=4):
    """Return a mask of readings that repeat for `length` hours or more: a stuck float."""
    change = np.flatnonzero(np.diff(level) != 0) + 1
    stuck = np.zeros(len(level), bool)
    for run in np.split(np.arange(len(level)), change):
        stuck[run] = len(run) >= length
    return stuck


def find_spikes(level, threshold=8.0):
    """Return a mask of readings that do not fit a cubic through their four neighbours.

    level: shape (n,), hourly, NaN where nothing was recorded. A spike spoils the check of its
    neighbours too, so the worst is taken out first and the rest is looked at again.
    threshold: in robust standard deviations (1.4826 * median absolute deviation).
    """
    level = np.array(level, float)
    spikes = np.zeros(len(level), bool)
    while True:
        outer, inner = level[:-4] + level[4:], level[1:-3] + level[3:-1]
        misfit = np.abs(level[2:-2] - (4 * inner - outer) / 6)
        worst = int(np.nanargmax(misfit))
        if misfit[worst] <= threshold * 1.4826 * np.nanmedian(misfit):
            return spikes
        spikes[worst + 2] = True
        level[worst + 2] = np.nan


def turning_points(tide, start_hour, end_hour):
    """Return (hours, heights, is_high) of high and low waters between two hours since `EPOCH`.

    Hours to the minute, heights in metres about the mean; all of shape (n,).
    """
    minutes = np.arange(start_hour * 60 - 1, end_hour * 60 + 2)
    height = tide.level(minutes / 60)
    bend = np.diff(np.sign(np.diff(height)))
    turns = np.flatnonzero(bend != 0)
    return minutes[turns + 1] / 60, height[turns + 1], bend[turns] < 0
