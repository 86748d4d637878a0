"""What was erased from one corpus, erased from another: an older state of it that is put back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus import leftovers
from corpus.curator import Curator
from corpus.naming import proposed_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from corpus.journal import Entry
    from corpus.library import Library

_REASON = "erased before the restore, too"


def repeat(
    old: Library, new: Library, *, by: str, clock: Callable[[], datetime]
) -> tuple[str, ...]:
    """Erase from ``new`` every text that was erased from ``old``; the ids in ``new``.

    What was erased and is not even known to ``new`` is put on record there, so that it is
    recognised if it comes again. Nobody else writes to either meanwhile.

    Raises:
        JournalDamaged: one of the journals does not hold together.
        StorageError: ``new`` cannot be written.
    """
    erased = leftovers.gone(old.journal.records())
    writer = Curator(new, by=by, clock=clock)
    holding = _holding(new, erased)
    for name in holding:
        writer.erase(name, _REASON)
    lines = tuple(_unknown(old, new))
    if lines:
        new.journal.append(*lines)
    return holding


def _holding(library: Library, texts: frozenset[str]) -> tuple[str, ...]:
    """The ids of documents of which any version has one of these texts."""
    recorded = {
        record.id
        for record in library.journal.records().values()
        if not record.erased and texts & {entry.text_sha256 for entry in record.versions}
    }
    by_hand = {one.id for one in library.read().documents if one.sha256 in texts}
    return tuple(sorted(recorded | by_hand))


def _unknown(old: Library, new: Library) -> Iterator[Entry]:
    """The lines of erased documents that have a text which is not on record in ``new``."""
    known = {entry.text_sha256 for entry in new.journal.entries()}
    taken = {*new.journal.records(), *(path.stem for path in new.paths())}
    for record in old.journal.records().values():
        texts = {entry.text_sha256 for entry in record.versions}
        if record.erased is None or texts <= known:
            continue
        name = proposed_id(record.id, "", taken)
        taken.add(name)
        for entry in (*record.versions, record.erased):
            # No file bears this name, and none is looked for.
            yield replace(entry, id=name, file=None)
