"""A timeline as a picture: a lane a publisher, a shape and a colour a kind of document.

Drawn without `matplotlib.pyplot`, whose state several threads would share.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bot.citations import PUBLISHER_UNKNOWN
from bot.messages.markdown import shortened
from bot.pages import label
from bot.pictures.glyphs import check_drawable
from bot.timeline import heading
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.axes import Axes

    from bot.timeline import Timeline
    from corpus.document import Document, PartialDate

# Discord's limit for the description of an attachment, in UTF-16 units.
MAX_ALT_TEXT = 1_024
# Kind: colour of Okabe and Ito's palette, told apart by colour-blind people, and marker.
KINDS: dict[str, tuple[str, str]] = {
    "announcement": ("#0072B2", "o"),
    "news": ("#D55E00", "s"),
    "letter": ("#009E73", "^"),
    "other": ("#CC79A7", "D"),
}
# What the parts of a figure are, for whoever looks at it (``Artist.get_gid``).
MARK, PERIOD, LABEL, LANE = "mark", "period", "label", "lane"
_WIDTH_INCHES, _DPI = 12.0, 100
_ROW_INCHES, _HEAD_INCHES, _FOOT_INCHES, _SIDE = 0.34, 1.0, 0.85, 0.025
_LABEL_CHARACTERS, _TOPIC_CHARACTERS, _LANE_CHARACTERS = 56, 70, 80
_FONT_SIZE, _GAP_PIXELS = 10.5, 15
# Around the first and the last day, as a share of the time between, and at least in days.
_AROUND, _LEAST_DAYS = 0.06, 10
_INK, _QUIET, _GRID = "#101820", "#43505C", "#D5DCE2"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn timeline; ``alt_text`` says in words what it shows."""

    png: bytes
    alt_text: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """An entry to draw: from ``start`` to ``end`` in days; both are the same for a known day."""

    start: float
    end: float
    kind: str
    lane: str
    words: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark on its row, counted from the top; ``left`` and ``right`` are in pixels."""

    mark: _Mark
    words: str
    row: int
    is_left: bool
    left: float
    right: float


def picture(found: Timeline, document: Callable[[str], Document]) -> Picture:
    """The dated entries of a timeline as a PNG.

    Raises:
        InputError: none has a date.
    """
    out = io.BytesIO()
    drawing(found, document).savefig(out, format="png", metadata={"Software": None})
    return Picture(out.getvalue(), alt_text(found, document))


def drawing(found: Timeline, document: Callable[[str], Document]) -> Figure:
    """The same as a figure, laid out.

    Raises:
        InputError: none has a date.
    """
    marks = list(_marks(found, document))
    if not marks:
        raise InputError("no document on that topic has a date, so there is nothing to draw")
    figure = Figure(figsize=(_WIDTH_INCHES, 4.0), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((_SIDE, 0.2, 1 - 2 * _SIDE, 0.6))
    first, last = min(mark.start for mark in marks), max(mark.end for mark in marks)
    around = max((last - first) * _AROUND, _LEAST_DAYS)
    axes.set_xlim(first - around, last + around)
    lanes, placed = _laid_out(marks, axes)
    rows = 1 + max(one.row for one in placed)
    height = _HEAD_INCHES + _FOOT_INCHES + _ROW_INCHES * rows
    figure.set_size_inches(_WIDTH_INCHES, height)
    axes.set_position((_SIDE, _FOOT_INCHES / height, 1 - 2 * _SIDE, _ROW_INCHES * rows / height))
    axes.set_ylim(rows - 0.5, -0.5)
    style: dict[str, Any] = {"fontsize": _FONT_SIZE + 0.5, "weight": "bold"}
    for row, name in lanes:
        lane, _ = _fitted(axes, name, axes.bbox.width, **style)
        across = axes.get_yaxis_transform()
        axes.text(
            0.0, row, lane, transform=across, color=_INK, va="center", parse_math=False, gid=LANE,
            **style,
        )  # fmt: skip
        axes.plot((0, 1), (row - 0.5, row - 0.5), color=_GRID, linewidth=1, transform=across)
    for one in placed:
        _draw(axes, one)
    _frame(axes, figure, found, height, {mark.kind for mark in marks})
    return figure


def alt_text(found: Timeline, document: Callable[[str], Document]) -> str:
    """What the picture shows, entry by entry as far as Discord's limit allows, the rest counted."""
    text = f"Timeline of “{shortened(found.topic, _TOPIC_CHARACTERS)}”: {heading(found)}."
    dated = found.dated
    for at, entry in enumerate(dated):
        said = shortened(label(document(entry.document_id)), _LABEL_CHARACTERS)
        publisher = shortened(entry.publisher or PUBLISHER_UNKNOWN, _LANE_CHARACTERS)
        when = entry.published.spoken if entry.published else ""
        line = f" {when}: {entry.kind}, {publisher}, {said}."
        more = f" And {len(dated) - at - 1} more."
        if len((text + line + more).encode("utf-16-le", "surrogatepass")) // 2 > MAX_ALT_TEXT:
            return f"{text} And {len(dated) - at} more."
        text += line
    return text


def _marks(found: Timeline, document: Callable[[str], Document]) -> Iterable[_Mark]:
    for entry in found.dated:
        if entry.published is not None:
            start, end = _days(entry.published)
            when = entry.published.spoken
            title = shortened(label(document(entry.document_id)), _LABEL_CHARACTERS)
            lane = shortened(entry.publisher or PUBLISHER_UNKNOWN, _LANE_CHARACTERS)
            yield _Mark(
                start,
                end,
                entry.kind,
                _legible(lane, "a publisher whose name cannot be drawn"),
                f"{when} · {_legible(title, entry.document_id)}",
            )


def _legible(text: str, otherwise: str) -> str:
    """``text``, unless the font would show something else than it says."""
    try:
        check_drawable(text, "labels")
    except InputError:
        return otherwise
    return text


def _days(when: PartialDate) -> tuple[float, float]:
    """The days that a date may mean: the middle of one, or from the first to past the last."""
    first = float(date2num(when.first_day))
    if when.day is not None:
        return first + 0.5, first + 0.5
    return first, float(date2num(when.last_day + timedelta(days=1)))


def _laid_out(marks: Iterable[_Mark], axes: Axes) -> tuple[list[tuple[int, str]], list[_Placed]]:
    """The rows of the lanes' names, and each mark on the first row of its lane that has room.

    Lanes are in order of their first date.
    """
    inside: dict[str, list[_Mark]] = {}
    for mark in marks:
        inside.setdefault(mark.lane, []).append(mark)
    lanes: list[tuple[int, str]] = []
    placed: list[_Placed] = []
    row = 0
    for lane, of_lane in inside.items():
        lanes.append((row, lane))
        row += 1
        here: list[_Placed] = []
        for mark in of_lane:
            one = _placed(mark, row, axes)
            while any(
                one.row == other.row and one.left < other.right and other.left < one.right
                for other in here
            ):
                one = replace(one, row=one.row + 1)
            here.append(one)
        placed += here
        row = 1 + max(one.row for one in here)
    return lanes, placed


def _placed(mark: _Mark, row: int, axes: Axes) -> _Placed:
    """Where a mark and its label reach, with a gap to the next; the label stands where room is."""
    start, end = (axes.transData.transform((day, 0))[0] for day in (mark.start, mark.end))
    right_room, left_room = axes.bbox.x1 - end, start - axes.bbox.x0
    room = max(right_room, left_room) - _GAP_PIXELS
    words, width = _fitted(axes, mark.words, room, fontsize=_FONT_SIZE)
    width += _GAP_PIXELS
    is_left = right_room < width and left_room > right_room
    left = start - _GAP_PIXELS - (width if is_left else 0)
    right = end + _GAP_PIXELS + (0 if is_left else width)
    return _Placed(mark, words, row, is_left, left, right)


def _fitted(
    axes: Axes,
    words: str,
    room: float,
    **style: Any,  # noqa: ANN401 - what a font is like
) -> tuple[str, float]:
    """A label as far as it fits into ``room`` pixels, and its width in pixels."""
    most = len(words)
    while most > 0:
        found = shortened(words, most)
        text = axes.text(0, 0, found, parse_math=False, **style)
        width = float(text.get_window_extent().width)
        text.remove()
        if width <= room:
            return found, width
        most = min(most - 1, int(len(found) * room / width))
    return "", 0.0


def _draw(axes: Axes, one: _Placed) -> None:
    mark = one.mark
    colour, shape = KINDS[mark.kind]
    is_day = mark.start == mark.end
    if not is_day:
        axes.plot(
            (mark.start, mark.end), (one.row, one.row), color=colour, linewidth=6, alpha=0.4,
            solid_capstyle="butt", gid=PERIOD,
        )  # fmt: skip
    axes.plot(
        [(mark.start + mark.end) / 2], [one.row], marker=shape, markersize=9.5, color=colour,
        markerfacecolor=colour if is_day else "white", markeredgewidth=1.6, gid=MARK,
    )  # fmt: skip
    axes.annotate(
        one.words, (mark.start if one.is_left else mark.end, one.row),
        xytext=(-9 if one.is_left else 9, 0), textcoords="offset points", va="center",
        ha="right" if one.is_left else "left", fontsize=_FONT_SIZE, color=_INK,
        parse_math=False, gid=LABEL, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )  # fmt: skip


def _frame(axes: Axes, figure: Figure, found: Timeline, height: float, kinds: set[str]) -> None:
    """The heading, the legend, and the axis of time."""
    topic = _legible(shortened(found.topic, _TOPIC_CHARACTERS), "a topic that cannot be drawn")
    style: dict[str, Any] = {"fontsize": 16, "weight": "bold"}
    topic, _ = _fitted(axes, topic, axes.bbox.width, **style)
    figure.text(_SIDE, 1 - 0.18 / height, topic, color=_INK, va="top", parse_math=False, **style)
    figure.text(
        _SIDE, 1 - 0.53 / height, heading(found), fontsize=_FONT_SIZE, color=_QUIET, va="top"
    )
    handles = [
        Line2D([], [], marker=shape, color=colour, linestyle="", markersize=9, label=kind)
        for kind, (colour, shape) in KINDS.items()
        if kind in kinds
    ]
    if any(entry.published and entry.published.day is None for entry in found.dated):
        handles.append(
            Line2D([], [], marker="o", color=_QUIET, markerfacecolor="white", linewidth=6,
                   markersize=8, label="some day in that time", alpha=0.6)
        )  # fmt: skip
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(_SIDE, 0.02 / height), frameon=False,
        ncols=len(handles), fontsize=_FONT_SIZE, labelcolor=_INK, borderaxespad=0,
    )  # fmt: skip
    locator = AutoDateLocator(minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.tick_params(axis="x", colors=_QUIET, labelsize=_FONT_SIZE)
    axes.grid(axis="x", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_QUIET)
