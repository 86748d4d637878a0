"""What reads again what was found: the packaged reader, or a cross-encoder of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from index.model import fingerprint, locate
from index.reader import READER_FILES
from index.reader_export import exported_reader, is_for, learned
from index.reranker import RERANKER_FILES
from index.reranker_export import exported_reranker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class _Export(Protocol):
    def __call__(self, *, models: Path, announce: Callable[[str], None]) -> Path: ...


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What reads again, not exported yet.

    ``folder`` is where a snapshot has its ``files``, ``made_of`` a hex SHA-256 of what it is made
    of. ``export`` gives the folder below ``models`` that has the files; it makes them at the
    first use, and raises what `exported_reader` and `exported_reranker` do.
    """

    folder: str
    files: tuple[str, ...]
    made_of: str
    export: _Export


def second_reading(encoder: Path, reranker: str) -> SecondReading | None:
    """What reads again beside the encoder's model in the folder ``encoder``.

    ``reranker`` is a cross-encoder's name or folder; if it is empty it is the packaged reader, and
    ``None`` where that does not go with the encoder.

    Raises:
        ModelUnusable: the cross-encoder is nowhere to be found.
    """
    if reranker:
        folder = locate(reranker, "encoder.reranker")
        export: _Export = partial(exported_reranker, folder, name=reranker)
        return SecondReading("reranker", RERANKER_FILES, fingerprint(folder), export)
    if not is_for(encoder):
        return None
    change = learned()
    export = partial(exported_reader, encoder, change=change)
    return SecondReading("reader", READER_FILES, sha256(change).hexdigest(), export)
