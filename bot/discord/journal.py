"""The corpus's journal, read line by line: what is to be corrected, and what is news to whom."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.curation.drafts import KIND, holds
from bot.following import Topics, current, is_news, matches, passages_of
from bot.state.corrections import Change
from bot.state.cursors import Reader
from corpus.journal import Action
from corpus.leftovers import gone
from index.embeddings import EmbeddingCache
from index.snapshot import is_current

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.service import Service
    from bot.state import State
    from corpus.document import Span
    from corpus.journal import Entry
    from index.encoder import OnnxEncoder
    from index.opened import OpenSnapshot

_log = logging.getLogger("metquote")
# Some models encode a query otherwise than a passage of the same words.
_AS_QUERY = "query\0"


class JournalReader:
    """Reads the journal for the state, beside other processes. For one thread at a time."""

    def __init__(self, service: Service, state: State) -> None:
        self._service, self._state = service, state
        self._model, self._topics, self._is_ready = "", Topics(), False

    def begin(self) -> None:
        """Let a new state read on from here: what was done before it was there is no news.

        Raises:
            JournalDamaged: the journal does not hold together.
            StorageError: the journal or the state cannot be used.
        """
        lines = len(self._service.library.journal.entries())
        for reader in Reader:
            self._state.cursors.begin(reader, lines)

    def learn(self) -> None:
        """Read and encode every topic that is followed, those that are new since the last time.

        Raises:
            MetquoteError: the index or the state cannot be used.
        """
        with self._service.snapshot() as snapshot:
            self._learned(snapshot, [one.topic for one in self._state.follows.all()])

    def read(self) -> int:
        """Handle every line that can be; how many there were.

        Raises:
            MetquoteError: the journal, the index or the state cannot be used.
        """
        entries = self._service.library.journal.entries()
        count = self._plan_corrections(entries)
        if not self._is_ready:
            # Before there is news, so that it need not wait.
            self.learn()
            self._is_ready = True
        return count + self._match_follows(entries)

    def _plan_corrections(self, entries: tuple[Entry, ...]) -> int:
        state, count = self._state, 0
        line = state.cursors.at(Reader.CORRECTIONS)
        while line < len(entries):
            if entries[line].action is Action.ERASED:
                self._forget_drafts()
            change = _change(line, entries)
            if state.corrections.plan(change):
                line, count = line + 1, count + 1
            else:  # another process was quicker
                line = state.cursors.at(Reader.CORRECTIONS)
        self._plan_again(state.corrections.restated())
        return count

    def _plan_again(self, restated: tuple[Change, ...]) -> None:
        """Once the index has what was restated, see to what was posted until then."""
        if not restated:
            return
        with self._service.snapshot() as snapshot:
            if not is_current(snapshot.manifest, self._service.library):
                return
        for change in restated:
            self._state.corrections.plan_again(change)

    def _forget_drafts(self) -> None:
        """Delete the previews that hold a text which was erased."""
        texts = gone(self._service.library.journal.records())
        self._state.views.forget(KIND, lambda values: holds(values, texts))

    def _match_follows(self, entries: tuple[Entry, ...]) -> int:
        """Lines whose document is not in the index yet wait, and all after them."""
        state, count = self._state, 0
        line = state.cursors.at(Reader.FOLLOWS)
        while line < len(entries):
            entry = entries[line]
            found = self._matched(entry) if is_news(entry, line, entries) else {}
            if found is None:
                break
            if state.follows.matched(Change.of(line, entry), found):
                line, count = line + 1, count + 1
            else:
                line = state.cursors.at(Reader.FOLLOWS)
        return count

    def _matched(self, entry: Entry) -> Mapping[int, tuple[Span, ...]] | None:
        """The passages for each follow that matches; ``None`` if the index has them not yet."""
        follows = self._state.follows.all()
        if not follows:
            return {}
        with self._service.snapshot() as snapshot:
            document = current(snapshot, entry)
            if document is None:
                # An index of the library as it is now holds whatever can be read of it.
                done = is_current(snapshot.manifest, self._service.library)
                return {} if done else None
            topics = self._learned(snapshot, [one.topic for one in follows])
            found = matches(follows, topics, passages_of(snapshot, document))
        _log.info("%s matches %d of %d follows", document.id, len(found), len(follows))
        return found

    def _learned(self, snapshot: OpenSnapshot, topics: list[str]) -> Topics:
        if snapshot.manifest.model != self._model:
            self._model, self._topics = snapshot.manifest.model, Topics()
        cache = EmbeddingCache(self._service.store.data / "embeddings", snapshot.manifest.model)
        self._topics.learn(topics, _KeptQueries(snapshot.encoder, cache))
        return self._topics


def _change(line: int, entries: Sequence[Entry]) -> Change:
    entry = entries[line]
    before = next((one.text_sha256 for one in reversed(entries[:line]) if one.id == entry.id), None)
    corrected = entry.action is Action.CORRECTED
    return Change.of(line, entry, same_text=corrected and before == entry.text_sha256)


class _KeptQueries:
    """An encoder of topics that keeps the vectors beside those of passages, for the next start."""

    def __init__(self, encoder: OnnxEncoder, cache: EmbeddingCache) -> None:
        self._encoder, self._cache = encoder, cache

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def knows(self, word: str) -> bool:
        return self._encoder.knows(word)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        return self._encoder.encode_query(text)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode_queries([text.removeprefix(_AS_QUERY) for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        named = [_AS_QUERY + text for text in texts]
        return self._cache.encode(self, named, lambda _: None)
