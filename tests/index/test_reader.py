"""What a reader's output means, to the character."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import ModelError
from index.reader import READER_FILES, Reader, Reading

if TYPE_CHECKING:
    from pathlib import Path

    from index.opened import OpenSnapshot

WINDOW = (
    "At least 22 officers were injured in Brixton on Wednesday. "
    "A spokesman said that the street party was stopped at 11pm."
)


def reading(starts: list[float], ends: list[float]) -> Reading:
    offsets = [(4 * at, 4 * at + 3) for at in range(len(starts))]
    return Reading(
        0.0,
        np.array(offsets, np.int64).reshape(-1, 2),
        np.array(starts, np.float32),
        np.array(ends, np.float32),
    )


def test_the_best_stretch_begins_inside_and_never_ends_before_it_begins() -> None:
    one = reading([1, 5, 0, 2], [9, 1, 3, 0])
    assert one.best(0, 16) == 10.0  # the first word alone
    assert one.best(4, 16) == 8.0  # the second to the third
    assert one.best(12, 13) == 2.0


def test_where_no_token_begins_nothing_can_be_said() -> None:
    assert reading([1.0], [1.0]).best(1, 4) is None
    assert reading([], []).best(0, 100) is None


def test_an_answer_is_short() -> None:
    ends = [0.0] * 40
    ends[30] = 50.0
    starts = [0.0] * 40
    assert reading(starts, ends).best(0, 1) == 0.0
    assert reading(starts, ends).best(4 * 10, 4 * 10 + 1) == 50.0


@pytest.fixture(scope="module")
def reader(starter: OpenSnapshot) -> Reader:
    assert isinstance(starter.reader, Reader)
    return starter.reader


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many officers were injured?", "At least 22"),
        ("Where were the officers injured?", "in Brixton"),
        ("When was the street party stopped?", "11pm"),
    ],
)
def test_the_packaged_reader_points_at_the_answer(
    reader: Reader, question: str, answer: str
) -> None:
    (found,) = reader.read(question, [WINDOW])
    at = WINDOW.index(answer)
    inside = found.best(at, at + len(answer))
    rest = max(
        value
        for value in (found.best(0, at), found.best(at + len(answer), len(WINDOW)))
        if value is not None
    )
    assert inside is not None
    assert inside > rest


def test_offsets_are_those_of_the_window(reader: Reader) -> None:
    (found,) = reader.read("Who spoke?", [WINDOW])
    words = [WINDOW[start:end] for start, end in found.offsets]
    assert words[:4] == ["At", "least", "22", "officers"]
    assert "".join(words) == WINDOW.replace(" ", "")


def probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def test_windows_are_read_alike_alone_and_together(reader: Reader) -> None:
    windows = [WINDOW, "Nobody spoke.", WINDOW + " " + WINDOW]
    together = reader.read("How many officers were injured?", windows)
    for window, one in zip(windows, together, strict=True):
        (alone,) = reader.read("How many officers were injured?", [window])
        assert probability(one.answers) == pytest.approx(probability(alone.answers), abs=0.05)
        assert np.array_equal(one.offsets, alone.offsets)
    assert reader.read("Who?", []) == []


def test_what_is_too_long_loses_its_end_alone(reader: Reader) -> None:
    (found,) = reader.read("How many officers were injured? " * 3, [WINDOW * 20])
    assert WINDOW.startswith(WINDOW[: found.offsets[3][1]])
    assert 0 < len(found.starts) < 192


def test_a_question_that_is_longer_than_all_that_fits_is_read_as_far_as_it_does(
    reader: Reader,
) -> None:
    (found,) = reader.read("who was hurt " * 300, [WINDOW])
    assert [WINDOW[start:end] for start, end in found.offsets][:2] == ["At", "least"]


@pytest.mark.parametrize("name", READER_FILES)
def test_a_missing_or_damaged_file_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="the reader in"):
        Reader.open(tmp_path)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(ModelError, match="the reader in"):
        Reader.open(tmp_path)
