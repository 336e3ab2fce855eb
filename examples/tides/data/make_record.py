"""Make the synthetic record of the tide gauge at Shiomi: `python make_record.py`.

Writes `sea-level-raw.csv` (what the gauge would have logged) and `truth.json` (what was put in).
Nothing here was measured. The port is imaginary; its amplitudes are invented and have the size
met on the Pacific coast of central Japan. Only the speeds of the constituents are real.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from tides import EPOCH, speed  # noqa: E402

SEED = 20250101
DAYS = 190
CONSTITUENTS = {  # amplitude in metres, phase in degrees at EPOCH
    "M2": (0.472, 154.3),
    "S2": (0.228, 182.6),
    "N2": (0.071, 148.9),
    "K2": (0.062, 176.4),
    "K1": (0.251, 178.8),
    "O1": (0.194, 160.1),
    "P1": (0.080, 176.0),
    "Q1": (0.039, 151.7),
    "M4": (0.013, 42.0),
}
MEAN = 2.150  # metres above the zero of the gauge
SLOPE = -1e2 / (1025 * 9.80)  # metres per hPa: water of 1025 kg/m3 under 9.80 m/s2
TYPHOON_HOUR = 24 * 173 + 15  # 23 June, 15:00
TYPHOON_DEPTH = 36.0  # hPa
SURGE = 0.42  # metres raised by the wind


def red_noise(generator, size, memory_hours, deviation):
    """Return noise that forgets itself over `memory_hours` (AR(1)), shape (size,)."""
    keep = np.exp(-1 / memory_hours)
    steps = generator.normal(0, deviation * np.sqrt(1 - keep**2), size)
    values = np.zeros(size)
    for i in range(1, size):
        values[i] = keep * values[i - 1] + steps[i]
    return values


def make_record():
    """Return (hours kept, level in m, pressure in hPa), each of shape (n,)."""
    generator = np.random.default_rng(SEED)
    hours = np.arange(24 * DAYS)
    away = hours - TYPHOON_HOUR
    pressure = 1013.0 + red_noise(generator, hours.size, 60, 5.0)
    pressure -= TYPHOON_DEPTH / (1 + (away / 7.0) ** 2)
    level = MEAN + SLOPE * (pressure - pressure.mean())
    for name, (amplitude, phase) in CONSTITUENTS.items():
        level += amplitude * np.cos(np.radians(speed(name) * hours - phase))
    level += red_noise(generator, hours.size, 12, 0.020) + generator.normal(0, 0.004, hours.size)
    level += SURGE * np.exp(-np.where(away < 0, away / 5.0, away / 11.0) ** 2)

    spikes = generator.choice(hours.size, 14, replace=False)
    level[spikes] += generator.choice([-1, 1], 14) * generator.uniform(0.35, 1.6, 14)
    stuck = 24 * 61 + 5
    level[stuck : stuck + 9] = level[stuck]
    lost = generator.choice(hours.size, 41, replace=False)
    kept = np.setdiff1d(hours, np.concatenate([lost, np.arange(24 * 96 + 11, 24 * 97 + 18)]))
    return kept, np.round(level[kept], 3), np.round(pressure[kept], 1)


def main():
    """Write both files beside this script."""
    with (HERE / "sea-level-raw.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["time", "level_m", "pressure_hpa"])
        for hour, level, pressure in zip(*make_record()):
            writer.writerow([EPOCH + np.timedelta64(hour, "h"), f"{level:.3f}", f"{pressure:.1f}"])
    truth = {
        "mean_m": MEAN,
        "slope_m_per_hpa": round(SLOPE, 6),
        "constituents": {
            name: {"amplitude_m": amplitude, "phase_deg": phase}
            for name, (amplitude, phase) in CONSTITUENTS.items()
        },
    }
    (HERE / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
