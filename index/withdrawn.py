"""Documents that are no longer current: which they are now, and in which order they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.document import StatusKind
from corpus.library import VERSION, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corpus.document import Document, Status
    from corpus.journal import Record
    from index.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """What became of a snapshot's documents since it was built.

    ``statuses`` are of those that it holds as current and that no longer are, by id. ``gone`` are
    the documents, current or not when it was built, whose words must not be shown at all.
    ``versions`` has the ids, such as ``ID@1``, of those that are an earlier version by now, and
    under which id the snapshot holds each.
    """

    statuses: Mapping[str, Status] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> frozenset[str]:
        """The documents that nothing may be found in."""
        return self.gone | self.statuses.keys()


NONE = Withdrawals()


def withdrawals(
    records: Mapping[str, Record], current: Catalogue, withdrawn: Catalogue | None
) -> Withdrawals:
    """What ``records``, the journal of now, says of the documents of a snapshot.

    A current document that was never recorded stays. One whose text no record knows any more was
    erased, whatever was recorded under its id since.

    Raises:
        SnapshotDamaged: a document cannot be read.
    """
    statuses: dict[str, Status] = {}
    versions: dict[str, str] = {}
    gone: set[str] = set()
    for document_id, sha256 in (current.hashes() if records else {}).items():
        record = records.get(document_id)
        if record is None:
            continue
        version = _version(record, sha256)
        if version is None:
            gone.add(document_id)
            continue
        status = _changed(record, version, current.document, document_id)
        if status is not None:
            statuses[document_id] = status
            if status.now is not None:
                versions[f"{document_id}{VERSION}{version + 1}"] = document_id
    for document_id, sha256 in ({} if withdrawn is None else withdrawn.hashes()).items():
        record = records.get(document_id.partition(VERSION)[0])
        if record is None or _version(record, sha256) is None:
            gone.add(document_id)
    return Withdrawals(statuses, frozenset(gone), versions)


def newest_first(withdrawn: Catalogue) -> tuple[str, ...]:
    """The ids of withdrawn documents, those that stood longest first.

    Of words that several versions had it is the last of them that says when they went.
    """

    def key(item: tuple[str, Status]) -> tuple[str, bool, int, str]:
        document_id, status = item
        number = document_id.partition(VERSION)[2]
        retracted = status.kind is StatusKind.RETRACTED
        changed = status.changed.isoformat() if status.changed else ""
        return changed, retracted, int(number) if number.isdecimal() else 0, document_id

    ordered = sorted(withdrawn.statuses().items(), key=key, reverse=True)
    return tuple(document_id for document_id, _ in ordered)


def _version(record: Record, sha256: str) -> int | None:
    """Which of a record's versions, from 0, has the text of this hash; ``None`` if it is erased."""
    if record.erased:
        return None
    texts = [entry.text_sha256 for entry in record.versions]
    return max((at for at, text in enumerate(texts) if text == sha256), default=None)


def _changed(
    record: Record, version: int, document: Callable[[str], Document], document_id: str
) -> Status | None:
    """What became of a version, ``None`` if it is current."""
    is_newest = version == len(record.versions) - 1
    change = record.withdrawn if is_newest else record.versions[version + 1]
    if change is None:
        return None
    return status_of(document(document_id), record.versions[version], change, is_newest=is_newest)
