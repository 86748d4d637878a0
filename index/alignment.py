"""A text against the stretches of documents that it is made of.

Exact runs of words are found first ("seeds"), then the best chain of them: it explains most
posted words with fewest leaps from one place of the corpus to another. Seeds that follow each
other closely in both texts make one stretch; a leap begins another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from corpus.folding import ELLIPSIS
from index.reading import coded
from index.stretch import Stretch
from index.words import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.nearby import Region
    from index.reading import Reading, Readings

# Runs of two words are looked for. Of two function words they are found everywhere, and count
# in a short text only; in the shortest each word counts.
_SEED_WORDS, _SHORT_TEXT, _SHORTEST_TEXT = 2, 12, 4
# More than so many source words left out, beyond those put in their place, are a leap.
SKIP_WORDS = 6
# An ellipsis in the post allows as many as `index.standing` calls near.
_ELLIPSIS_WORDS = 250
# In words: a leap must explain more than this to be worth it. At 2.6 a stretch of three words
# at an end is one, and a name of four words swapped for another is not.
_LEAP, _STEP_COST, _MOST_STEP_COST, _ELLIPSIS_COST = 2.6, 0.1, 1.0, 0.3
_LATER_REGION = 1e-4
# Bounds for texts that repeat themselves: places tried for one pair of words, seeds a region.
_PLACES_A_PAIR, _SEEDS_A_REGION, _MOST_REGIONS = 8, 60, 16


@dataclass(frozen=True, slots=True)
class Seed:
    """Equal runs: ``length`` posted words from ``posted``, source words from ``source`` on."""

    region: int
    posted: int
    source: int
    length: int

    @property
    def ends(self) -> tuple[int, int]:
        """Where it ends in the posted words and in the source's, exclusive."""
        return self.posted + self.length, self.source + self.length


def stretches(
    posted: Reading, meant: Sequence[str], regions: Sequence[Region], readings: Readings
) -> tuple[Stretch, ...]:
    """The stretches that explain the posted text best, in posted order; none if nothing does.

    ``meant`` is the posted words with slips of the hand corrected.
    """
    codes = coded(meant)
    least = 1 if len(codes) <= _SHORTEST_TEXT else _SEED_WORDS
    places = _places(codes, least)
    counts = [len(codes) <= _SHORT_TEXT or word not in STOPWORDS for word in meant]
    found: list[list[Seed]] = []
    kept: list[Region] = []
    for region in regions:
        line = readings.get(region.document_id).codes[region.start : region.end]
        runs = (
            Seed(len(kept), place, at + region.start, length)
            for place, at, length in _runs(codes, line, places, least)
            if length > _SEED_WORDS or any(counts[place : place + length])
        )
        seeds = sorted(runs, key=lambda seed: -seed.length)[:_SEEDS_A_REGION]
        if seeds:
            found.append(seeds)
            kept.append(region)
    chosen = [seed for at in _covering(found) for seed in found[at]]
    shortened = [ELLIPSIS in posted.gap(at) for at in range(len(posted))]
    groups = _chain(chosen, shortened)
    return tuple(
        _stretch(codes, group, kept[group[0].region].document_id, readings) for group in groups
    )


def _places(codes: str, length: int) -> dict[str, list[int]]:
    """Where each sequence of ``length`` words stands in ``codes``; the first places only."""
    places: dict[str, list[int]] = {}
    for at in range(len(codes) - length + 1):
        known = places.setdefault(codes[at : at + length], [])
        if len(known) < _PLACES_A_PAIR:
            known.append(at)
    return places


def _runs(
    codes: str, line: str, places: dict[str, list[int]], least: int
) -> Iterator[tuple[int, int, int]]:
    """The longest equal runs of at least ``least`` words: place in both, and length."""
    for at in range(len(line) - least + 1):
        for place in places.get(line[at : at + least], ()):
            if not (place and at and codes[place - 1] == line[at - 1]):
                yield place, at, _common(codes, place, line, at)


def _common(one: str, at: int, other: str, place: int) -> int:
    """How many code points are the same from ``at`` and ``place`` on; compared by doubling."""
    length, step = 0, 8
    most = min(len(one) - at, len(other) - place)
    while length < most:
        step = min(step, most - length)
        first, second = at + length, place + length
        if one[first : first + step] == other[second : second + step]:
            length += step
            step *= 2
        elif step == 1:
            break
        else:
            step //= 2
    return length


def _covering(found: list[list[Seed]]) -> list[int]:
    """The regions that cover the posted text best: each adds most to those before it.

    Of regions that are as good as the first, some are kept: what stands there in order counts.
    """
    covers = [_cover(seeds) for seeds in found]
    order = sorted(range(len(found)), key=lambda at: -covers[at].bit_count())
    chosen = order[: _MOST_REGIONS // 4]
    covered = 0
    for at in chosen:
        covered |= covers[at]
    while len(chosen) < min(_MOST_REGIONS, len(found)):
        best = max(order, key=lambda at: (covers[at] & ~covered).bit_count())
        if not covers[best] & ~covered:
            break
        chosen.append(best)
        covered |= covers[best]
    return chosen


def _cover(seeds: list[Seed]) -> int:
    """A bit for each posted word that one of ``seeds`` explains."""
    cover = 0
    for seed in seeds:
        cover |= ((1 << seed.length) - 1) << seed.posted
    return cover


def _chain(seeds: list[Seed], shortened: Sequence[bool]) -> list[list[Seed]]:
    """The best chain of ``seeds``, cut where it leaps; overlaps go to the earlier seed."""
    seeds = sorted(seeds, key=lambda seed: (seed.ends, seed.posted))
    best: list[tuple[float, int, Seed, bool]] = []
    for seed in seeds:
        # Of places that explain as much, the one whose passage was found first.
        choice = (seed.length - _LATER_REGION * seed.region, -1, seed, True)
        for at in range(len(best)):
            score, previous = best[at][0], best[at][2]
            if score + seed.length <= choice[0]:
                continue
            link = _link(previous, seed, shortened)
            if link is not None and score + link[0] > choice[0]:
                choice = (score + link[0], at, link[1], link[2])
        best.append(choice)
    at = max(range(len(best)), key=lambda place: best[place][0], default=-1)
    groups: list[list[Seed]] = []
    leaps = True
    while at >= 0:
        _, previous_at, seed, starts = best[at]
        if leaps:
            groups.append([])
        groups[-1].append(seed)
        leaps, at = starts, previous_at
    return [group[::-1] for group in reversed(groups)]


def _link(before: Seed, seed: Seed, shortened: Sequence[bool]) -> tuple[float, Seed, bool] | None:
    """What ``seed`` adds after ``before``, the part of it that does, and whether that leaps."""
    end, source_end = before.ends
    cut = max(end - seed.posted, 0)
    if seed.region == before.region:
        close = max(cut, source_end - seed.source)
        part = _cut(seed, close)
        # Words of `before` that come again before `seed` are no step but a leap back.
        if part is not None and seed.ends[1] > source_end:
            put_in, left_out = part.posted - end, part.source - source_end
            if left_out <= put_in + SKIP_WORDS:
                cost = min(_STEP_COST * (put_in + left_out), _MOST_STEP_COST)
                return part.length - cost, part, False
            if left_out <= _ELLIPSIS_WORDS and any(shortened[end : part.posted + 1]):
                return part.length - _ELLIPSIS_COST, part, False
    part = _cut(seed, cut)
    if part is None or part.length <= _SEED_WORDS:
        return None
    return part.length - _LEAP, part, True


def _cut(seed: Seed, words: int) -> Seed | None:
    """``seed`` without its first ``words``, or ``None`` if nothing is left."""
    if words >= seed.length:
        return None
    return Seed(seed.region, seed.posted + words, seed.source + words, seed.length - words)


def _stretch(codes: str, group: list[Seed], document_id: str, readings: Readings) -> Stretch:
    """A group of seeds, with the words between them aligned."""
    line = readings.get(document_id).codes
    pairs: list[tuple[int, int]] = []
    end, source_end = group[0].posted, group[0].source
    for seed in group:
        pairs += aligned(codes, (end, seed.posted), line, (source_end, seed.source))
        pairs += [(seed.posted + at, seed.source + at) for at in range(seed.length)]
        end, source_end = seed.ends
    return Stretch(document_id, (group[0].posted, end), (group[0].source, source_end), tuple(pairs))


def aligned(
    codes: str, posted: tuple[int, int], line: str, source: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """The pairs of equal words in an alignment of two ranges with fewest changes."""
    for step in Levenshtein.opcodes(codes[slice(*posted)], line[slice(*source)]):
        if step.tag == "equal":
            for at in range(step.src_end - step.src_start):
                yield posted[0] + step.src_start + at, source[0] + step.dest_start + at
