"""A clock that only moves when somebody waits, and a service that counts who asks too often."""

from dataclasses import dataclass, field


@dataclass
class Clock:
    """`slept`: the waits in their order, in seconds."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Rate:
    """So many requests in so many seconds, as Zenodo grants them; None: as many as you like."""

    clock: Clock = field(default_factory=Clock)
    granted: int | None = None
    window_seconds: float = 60.0
    times: list[float] = field(default_factory=list)

    def refusal(self) -> int | None:
        """Count a request; return the seconds of Retry-After where it is one too many."""
        now = self.clock.now
        self.times = [one for one in self.times if one > now - self.window_seconds]
        if self.granted is not None and len(self.times) >= self.granted:
            return int(self.times[0] + self.window_seconds - now) + 1
        self.times.append(now)
        return None
