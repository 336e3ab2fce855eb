"""Numbers, times and sizes as people read them."""

from datetime import datetime

from markupsafe import Markup

from recrate.report.account import Language
from recrate.report.characters import escaped
from recrate.report.say import in_both
from recrate.report.words import word

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def size(count: float) -> str:
    """Return a number of bytes with a unit, 1 kB = 1,000 bytes: `3.2 MB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} TB"


def duration_in(seconds: float, language: Language) -> str:
    """Return a length of time, as fine as its size deserves: `0.42 s`, `3 min 4 s`."""
    if seconds < 59.95:
        digits = 2 if seconds < 1 else 1
        return word("seconds", language, count=f"{max(seconds, 0):.{digits}f}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return word("minutes", language, minutes=minutes, seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return word("hours", language, hours=f"{hours:,}", minutes=minutes)


def duration(seconds: float) -> Markup:
    """Return a length of time in both languages."""
    return in_both(escaped(duration_in(seconds, "en")), escaped(duration_in(seconds, "ja")))


def moment(text: str) -> Markup:
    """Return an ISO 8601 time as `<time>` in both languages; other text comes back as it is."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return escaped(text)
    zone = when.strftime("%z")
    zone = "UTC" if zone == "+0000" else f"{zone[:3]}:{zone[3:5]}" if zone else ""
    clock = f"{when:%H:%M} {zone}".strip()
    english = f"{when.day} {_MONTHS[when.month - 1]} {when.year}, {clock}"
    japanese = f"{when.year}年{when.month}月{when.day}日 {clock}"
    inside = in_both(escaped(english), escaped(japanese))
    return Markup(  # noqa: S704 - both parts are escaped
        f'<time datetime="{escaped(text)}">{inside}</time>'
    )


def seconds_between(started: str, ended: str) -> float | None:
    """Return the seconds from one ISO 8601 time to another, None when either is not one."""
    try:
        gap = datetime.fromisoformat(ended) - datetime.fromisoformat(started)
    except (ValueError, TypeError):
        return None
    return max(gap.total_seconds(), 0.0)


def short(identity: str) -> str:
    """Return the first 12 characters of a SHA-256: enough to recognise, not to verify."""
    return identity[:12]
