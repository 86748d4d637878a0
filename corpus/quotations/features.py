"""The numbers that the scorer sees of a quotation and a candidate: their names and sizes.

The scorer was fitted on exactly these (``benchmarks/train/quotes.py``); their order is part of
the weights' format, and ``NAMES`` is checked against the weights when they are read.
"""

from __future__ import annotations

from typing import Final

UNIT_NAMES: Final = (
    "lead",
    "lead_word",
    "tail",
    "follow",
    "length",
    "capital",
    "title_case",
    "single",
    "since_previous",
    "cues_before",
    "cues_after",
    "next_quote",
)
_LOCAL_NAMES: Final = (
    "kind",
    "word_before",
    "cue_after_gap",
    "cue_after_kind",
    "commas_to_cue_after",
    "candidates_to_cue_after",
    "cue_before_gap",
    "cue_before_kind",
    "candidates_to_cue_before",
    "char_after",
    "place_in_sentence",
    "frequency",
    "cued_frequency",
    "person",
    "word_after",
)
_PAIR_NAMES: Final = (
    "side",
    "distance",
    "stops",
    "breaks",
    "quotes",
    "candidates",
    "names",
    "cues",
    "commas",
    "colon",
    "same_as_previous",
    "inside_quote",
    "cue_far",
    "weak_far",
)
NAMES: Final = _PAIR_NAMES + _LOCAL_NAMES + UNIT_NAMES
"""The features' names, in their order in every vector."""

SIZES: Final = (
    *(4, 9, 4, 5, 4, 16, 5, 3, 5, 2, 5, 2, 7, 7),
    *(12, 10, 5, 4, 4, 4, 5, 4, 4, 10, 6, 5, 4, 6, 10),
    *(5, 10, 4, 8, 7, 3, 3, 2, 5, 3, 3, 3),
)
"""How many values each feature can take, from 0, in the order of ``NAMES``."""

BEFORE_SIDE: Final = 0
AFTER_SIDE: Final = 1
NOBODY: Final = 2

RUNNING_SIDE: Final = 3
"""The values of ``side``."""
