"""What filters look at, as columns: the rows that a filter leaves are found without reading any.

The passages of a document follow one another, so a column of documents has one value for all of
them, and a quotation stands in a range of rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

Name = tuple[str, str | None, str | None]

_ARRAYS = ("starts", "first_days", "last_days", "published_by", "said_by", "said", "is_term")
# A day that no filter reaches, on either side.
_BEFORE, _AFTER = 0, date.max.toordinal() + 1
_NOBODY = -1


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of a catalogue.

    Of documents, in order of row: ``starts`` (n + 1,) are their first rows and the number of all
    rows, ``first_days`` and ``last_days`` (n,) ordinals, ``published_by`` (n,) places in
    ``publishers``. Of quotations: ``said_by`` (m,) are places in ``speakers``, ``said`` (m, 2)
    their rows from the first to before the last, and ``is_term`` (m,) marks mere terms. All are
    int32; -1 is nobody.
    """

    starts: NDArray[np.int32]
    first_days: NDArray[np.int32]
    last_days: NDArray[np.int32]
    published_by: NDArray[np.int32]
    said_by: NDArray[np.int32]
    said: NDArray[np.int32]
    is_term: NDArray[np.int32]
    publishers: tuple[str, ...]
    speakers: tuple[Name, ...]

    @cached_property
    def rows(self) -> int:
        """The number of passages."""
        return int(self.starts[-1])

    def published(
        self, since: date | None, until: date | None, publisher: Callable[[str | None], bool]
    ) -> NDArray[np.bool_]:
        """Shape (rows,): whether each passage's document may be of these days, both inclusive.

        Undated ones are of none. ``publisher`` tells of a name whether its documents count.
        """
        left = np.ones(len(self.starts) - 1, dtype=bool)
        if since is not None:
            left &= self.last_days >= since.toordinal()
        if until is not None:
            left &= self.first_days <= until.toordinal()
        # The last is for nobody, whose place is -1.
        wanted = np.array([publisher(name) for name in (*self.publishers, None)])
        left &= wanted[self.published_by]
        return np.repeat(left, np.diff(self.starts))

    def said_by_any(self, speakers: Sequence[int]) -> NDArray[np.bool_]:
        """Shape (rows,): whether a passage holds words of one of ``speakers``, by their places."""
        wanted = np.zeros(len(self.speakers) + 1, dtype=bool)
        wanted[list(speakers)] = True
        return self._covered(wanted[self.said_by])

    def quoted(self) -> NDArray[np.bool_]:
        """Shape (rows,): whether a passage is or holds words of somebody, not mere terms."""
        return self._covered(self.is_term == 0)

    def _covered(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        ends = [np.bincount(side[chosen], minlength=self.rows + 1) for side in self.said.T]
        return np.asarray(np.cumsum(ends[0] - ends[1])[: self.rows] > 0)

    def write(self, store: sqlite3.Connection) -> None:
        """Keep the columns in the table ``columns``, which is empty.

        Raises:
            sqlite3.Error: they cannot be written.
        """
        values = {name: getattr(self, name).astype("<i4").tobytes() for name in _ARRAYS}
        for name in ("publishers", "speakers"):
            values[name] = json.dumps(getattr(self, name)).encode()
        store.executemany("INSERT INTO columns VALUES (?, ?)", values.items())

    @classmethod
    def of(cls, values: Iterable[tuple[str, bytes]]) -> Columns:
        """The columns from the rows of the table that `write` filled.

        Raises:
            ValueError: one is missing or not whole.
        """
        kept: dict[str, Any] = dict(values)
        try:
            for name in _ARRAYS:
                kept[name] = np.frombuffer(kept[name], dtype="<i4")
            kept["said"] = kept["said"].reshape(-1, 2)
            kept["publishers"] = tuple(json.loads(kept["publishers"]))
            kept["speakers"] = tuple(tuple(name) for name in json.loads(kept["speakers"]))
            return cls(**kept)
        except (KeyError, TypeError) as error:
            raise ValueError("a column is missing") from error

    @classmethod
    def gathered(cls, store: sqlite3.Connection) -> Columns:
        """The columns of the tables in ``store``.

        Raises:
            sqlite3.Error: the tables cannot be read.
        """
        documents = store.execute(
            "SELECT id, first_day, last_day, publisher, coalesce(passages, 0) FROM documents"
            " LEFT JOIN (SELECT document, min(row) AS first, count(*) AS passages FROM passages"
            " GROUP BY document) ON document = id ORDER BY first"
        ).fetchall()
        starts = np.cumsum([0, *(row[4] for row in documents)])
        publishers = sorted({row[3] for row in documents if row[3] is not None})
        quotations = store.execute(
            "SELECT document, start, end, person, speaker, role, organisation, kind = 'term'"
            " FROM quotations ORDER BY id"
        ).fetchall()
        names = sorted({row[4:7] for row in quotations if row[3] is not None}, key=_sorting)
        speakers = {name: place for place, name in enumerate(names)}
        said_by = [speakers[row[4:7]] if row[3] is not None else _NOBODY for row in quotations]
        places = {name: place for place, name in enumerate(publishers)}
        return cls(
            starts.astype(np.int32),
            _int32(_AFTER if row[1] is None else _ordinal(row[1]) for row in documents),
            _int32(_BEFORE if row[2] is None else _ordinal(row[2]) for row in documents),
            _int32(_NOBODY if row[3] is None else places[row[3]] for row in documents),
            _int32(said_by),
            _rows_of(store, {row[0]: at for at, row in enumerate(documents)}, starts, quotations),
            _int32(row[7] for row in quotations),
            tuple(publishers),
            tuple(names),
        )


def _rows_of(
    store: sqlite3.Connection,
    documents: dict[str, int],
    starts: NDArray[np.int64],
    quotations: Sequence[Sequence[Any]],
) -> NDArray[np.int32]:
    """The rows, from the first to before the last, of the passages that each quotation meets."""
    spans = np.fromiter(
        store.execute("SELECT start, end FROM passages ORDER BY row"), dtype="i8,i8"
    )
    # A document's place above its offsets: one line on which all passages lie in order.
    lifted = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts)) << 32
    place = np.array([documents[row[0]] for row in quotations], dtype=np.int64) << 32
    begin = place + np.array([row[1] for row in quotations], dtype=np.int64)
    end = place + np.array([row[2] for row in quotations], dtype=np.int64)
    first = np.searchsorted(lifted + spans["f1"], begin, side="right")
    stop = np.searchsorted(lifted + spans["f0"], end, side="left")
    return np.stack([first, np.maximum(first, stop)], axis=1).astype(np.int32)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _int32(values: Iterable[int]) -> NDArray[np.int32]:
    return np.fromiter(values, dtype=np.int32)


def _sorting(name: Name) -> tuple[str, ...]:
    """No name before any, an empty one among them."""
    return tuple("" if part is None else f"+{part}" for part in name)
