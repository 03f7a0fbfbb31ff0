"""The leaflet: the case and what to do in front, the letter overleaf, on two sides whatever the paper.

Type is made as large as two sides allow. A first print, on sheets so long that nothing goes on overleaf, says how much
room the words take; the size that just fills a side follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from letters.paper.campaign import set_in_type
from letters.paper.facts import Facts
from letters.paper.imposition import two_up
from letters.paper.items import Section
from letters.paper.pdf import Half, Paper
from letters.paper.renderer import Typeset

# The smallest and the largest type, in points.
TYPE: dict[Paper | Half, tuple[float, float]] = {
    "A4": (7.8, 12.5),
    "letter": (7.8, 12.5),
    "A5": (6.8, 10),
    "half": (6.8, 10),
}
SIZES = tuple(TYPE)
HALVES = ("A5", "half")
# Width and height of a page, in millimetres.
PAGE_MM: dict[Paper | Half, tuple[float, float]] = {
    "A4": (210, 297),
    "letter": (215.9, 279.4),
    "A5": (148.5, 210),
    "half": (139.7, 215.9),
}
LONG_MM = 2000
SIDES = 2
# How full the fuller side is at best, so that a line more or less does no harm, and when another try may pay.
FULL, LOOSE = 0.96, 0.84
TRIES = 3
# Words take room as this power of their size: two for whole paragraphs, less for single lines, which stay single when
# type gets smaller.
WIDER, NARROWER = 2, 1.65
# By how much type that was too large gets smaller.
STEP = 0.96
# What goes when even the smallest type is too large.
LEFT_OUT: tuple[tuple[str, ...], ...] = (
    (),
    ("voices",),
    ("voices", "timeline"),
    ("voices", "timeline", "story", "claims", "advice"),
)
# Lines to write on, where there is no model letter: at least so many, so far apart (leaflet.css).
FEW_LINES = 5
LINE_MM = {"A4": 8, "letter": 8, "A5": 7, "half": 7}


def leaflet_pdf(facts: Facts, *, paper: Paper | Half = "A4") -> bytes:
    """Return the leaflet: two pages, or more where the letters need them; half pages two of each beside each other.

    Raises:
        RenderingFailedError: there is none.
    """
    pdf = fitted(facts, paper).pdf
    return two_up(pdf) if paper in HALVES else pdf


@dataclass(frozen=True)
class Setting:
    """How a leaflet is set; `is_long`: on a sheet without an end, to be measured."""

    paper: Paper | Half
    points: float
    left_out: tuple[str, ...] = ()
    lines: int = FEW_LINES
    is_long: bool = False


@dataclass(frozen=True)
class Trial:
    """A leaflet as it came out in some setting. Shares are those of a side, 1 being just full."""

    setting: Setting
    document: Typeset
    has_letter: bool

    @property
    def fits(self) -> bool:
        return self.document.pages == SIDES

    @property
    def room(self) -> float:
        """Millimetres from the top of a side to its foot."""
        _width, height = PAGE_MM[self.setting.paper]
        return self._below_the_top("foot") - (LONG_MM - height if self.setting.is_long else 0)

    @property
    def front(self) -> float:
        """The share that the front takes."""
        return self._below_the_top("front-end") / self.room

    @property
    def text_of_back(self) -> float:
        """The share that the back takes without the lines to write on."""
        return self._below_the_top("back-end") / self.room - self.ruled(self.setting.lines)

    @property
    def fullest(self) -> float:
        """The share of the fuller side, with as few lines as may be."""
        return max(self.front, self.text_of_back + self.ruled(FEW_LINES))

    def ruled(self, lines: int) -> float:
        """The share of so many lines."""
        return 0 if self.has_letter else lines * LINE_MM[self.setting.paper] / self.room

    def filled(self) -> Setting:
        """The setting that just fills the fuller side, and the back with lines."""
        _smallest, largest = TYPE[self.setting.paper]
        growth = FULL / self.fullest
        points = min(largest, round(self.setting.points * growth ** (1 / (WIDER if growth > 1 else NARROWER)), 2))
        change = points / self.setting.points
        text = self.text_of_back * change ** (WIDER if change > 1 else 1)
        lines = int((FULL - text) / (self.ruled(1) or 1))
        return replace(self.setting, points=points, lines=max(FEW_LINES, lines), is_long=False)

    def _below_the_top(self, name: str) -> float:
        return self.document.places[name][1] - self.document.places["back"][1]


def fitted(facts: Facts, paper: Paper | Half) -> Typeset:
    """The leaflet on two sides; where offices and letters alone are too long for one, all of it on more sheets."""
    smallest, largest = TYPE[paper]
    usual = Setting(paper, (smallest + largest) / 2)
    for left_out in LEFT_OUT:
        measured = tried(facts, replace(usual, left_out=left_out, is_long=True))
        if found := largest_that_fits(facts, measured):
            return found
    return printed(facts, usual)


def largest_that_fits(facts: Facts, measured: Trial) -> Typeset | None:
    """The leaflet in the largest type that two sides hold, as far as a few tries tell; None: in no type they do."""
    setting, found = measured.filled(), None
    smallest, largest = TYPE[setting.paper]
    for _number in range(TRIES):
        if setting.points < smallest * STEP:
            break
        setting = replace(setting, points=max(smallest, setting.points))
        trial = tried(facts, setting)
        if trial.fits:
            found = trial.document
            if trial.fullest > LOOSE or setting.points == largest:
                break
            setting = trial.filled()
        elif found or setting.points == smallest:
            break
        else:
            setting = smaller(setting)
    return found


def smaller(setting: Setting) -> Setting:
    """The next smaller type, and a line less to write on."""
    return replace(setting, points=round(setting.points * STEP, 2), lines=max(FEW_LINES, setting.lines - 1))


def tried(facts: Facts, setting: Setting) -> Trial:
    return Trial(setting, printed(facts, setting), facts.has_letter)


def printed(facts: Facts, setting: Setting) -> Typeset:
    """The leaflet in this setting."""

    def parts(*keys: str) -> list[Section]:
        return [facts.sections[key] for key in keys if key in facts.sections and key not in setting.left_out]

    return set_in_type(
        "pdf/leaflet.html",
        facts,
        setting.paper,
        size=f"{setting.points}pt",
        width=PAGE_MM[setting.paper][0],
        length=LONG_MM if setting.is_long else 0,
        half=setting.paper in HALVES,
        rules=range(setting.lines),
        telling=parts("case", "story", "timeline", "claims"),
        acts=parts("demands", "asks", "copies"),
        behind=parts("advice", "voices"),
        whole=not setting.left_out,
    )
