"""How much of a run may go into one page, so that it opens whatever the notebooks printed.

Outputs that differ ("loud") and those that agree ("quiet") draw from separate shares: ten thousand
identical pictures never crowd out the one that changed.
"""

import re
from dataclasses import dataclass, field

TEXT_PER_OUTPUT = {True: 20_000, False: 4_000}
"""Characters of one side of one output; loud outputs get more."""

MARKUP_PER_OUTPUT = {True: 200_000, False: 60_000}
"""Characters of sanitised HTML of one side, without the pictures in it; all of it or nothing."""
_EMBEDDED = re.compile(r'src="data:[^"]*"')


def _texts() -> dict[bool, int]:
    return {True: 8_000_000, False: 4_000_000}


def _pictures() -> dict[bool, int]:
    return {True: 40_000_000, False: 20_000_000}


@dataclass(slots=True)
class Allowance:
    """What is left of a page's room.

    texts:    characters, by loudness
    pictures: bytes of pictures before base64, by loudness
    effort:   pairs of lines, words or table rows that may still be compared with one another;
              difflib takes about a second for 20 million
    """

    texts: dict[bool, int] = field(default_factory=_texts)
    pictures: dict[bool, int] = field(default_factory=_pictures)
    effort: int = 30_000_000
    prose: int = 6_000_000
    """Squares of the lengths of Markdown cells, over 400; a million may take a second."""

    def room_for_text(self, wanted: int, *, loud: bool) -> int:
        """Return how many of `wanted` characters may be shown, and take them."""
        granted = min(wanted, TEXT_PER_OUTPUT[loud], self.texts[loud])
        self.texts[loud] -= granted
        return granted

    def admits_markup(self, html: str, *, loud: bool) -> bool:
        """Say whether sanitised HTML fits, and take its room when it does."""
        wanted = len(_EMBEDDED.sub("", html))
        fits = wanted <= min(MARKUP_PER_OUTPUT[loud], self.texts[loud])
        if fits:
            self.texts[loud] -= wanted
        return fits

    def admits_picture(self, size_bytes: int, *, loud: bool) -> bool:
        """Say whether a picture fits, and take its room when it does."""
        fits = size_bytes <= self.pictures[loud]
        if fits:
            self.pictures[loud] -= size_bytes
        return fits

    def admits_prose(self, characters: int) -> bool:
        """Say whether a Markdown cell of this length may be read, and take its room."""
        wanted = characters * characters // 400
        fits = wanted <= self.prose
        if fits:
            self.prose -= wanted
        return fits

    def admits_comparison(self, pairs: int) -> bool:
        """Say whether `pairs` comparisons are affordable, and take them; one million at a time."""
        fits = pairs <= min(self.effort, 1_000_000)
        if fits:
            self.effort -= pairs
        return fits
