"""Changes that may turn what was said into something else."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from corpus.folding import ELLIPSIS, fold
from corpus.speakers.words import FEMALE_NAMES, MALE_NAMES
from index.reading import read
from index.verdict import Flag, Operation
from index.words import NEGATIONS, NUMBERS, STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus.document import Span
    from index.reading import Reading
    from index.verdict import Change

_PREFIXES: Final = ("un", "in", "im", "il", "ir", "dis", "non", "mis")
# A rest of fewer letters is no word that a prefix turns round: "under" is not "un" and "der".
_LEAST_REST = 4
_MODALS: Final = frozenset("will would shall should can could may might must ought need".split())
_CONTRACTED: Final = {"won't": "will", "can't": "can", "shan't": "shall", "cannot": "can"}
_I: Final = re.compile(r"i(?:['’]\w+)?\Z")
_PER_CENT: Final = re.compile(r"(?<=\d) ?per ?cent\b")
_DIGIT: Final = re.compile(r"\d")
_BRACKETS: Final = re.compile(r"\[[^\[\]]*\]")
_STARTS: Final = re.compile(r"(?:\A|[.!?:…\n\"“‘«][\s\"“‘”’')\]]*)\Z")
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|\n\s*\n")
# How far back the start of a sentence is looked for: marks and white space, no more.
_LOOK_BACK = 12
# How far around a change the source is asked whether a word is a name, in characters.
_SHOWS_NAMES = 20_000


def flags(
    changes: Sequence[Change],
    posted: str,
    text_of: Callable[[str], str],
    meant: Mapping[str, str],
) -> tuple[Flag, ...]:
    """What ``changes`` may have done to the meaning, in the order of `Flag`.

    ``text_of`` gives a document's text by id; ``meant`` the likely word for a slip of the hand,
    which is no change but of a name. Each stretch is looked at by itself: a "not" that moved is
    a negation dropped and one added. Where all differences are in square brackets the poster
    says what they are; a name in them is then no flag.
    """
    different = [change for change in changes if _has_words(change, posted, text_of)]
    brackets = [
        found.span() for found in _BRACKETS.finditer(posted) if any(map(str.isalnum, found.group()))
    ]
    bracketed = bool(different) and all(_inside(change.posted, brackets) for change in different)
    found = {Flag.INSERTION} if bracketed else set()
    cased = not (posted.isupper() or posted.islower())
    for change in different:
        source = text_of(change.document_id) if change.document_id else ""
        if change.source and _is_ellipsis(change.posted, posted):
            found.update(left_out(_between_words(source, change.source)))
            continue
        at = change.source.start if change.source else 0
        near = source[max(0, at - _SHOWS_NAMES) : at + _SHOWS_NAMES]
        here, there = _Side(posted, change.posted, near), _Side(source, change.source, near)
        found |= _differences(here.folded(meant), there.folded({}))
        names, wanted = here.names() if cased else set(), there.names()
        if not bracketed and (names != wanted if cased else bool(wanted)):
            found.add(Flag.NAME)
    return tuple(flag for flag in Flag if flag in found)


def left_out(text: str) -> set[Flag]:
    """What leaving ``text`` out, with nothing but an ellipsis, may have done to the meaning.

    ``text`` is all that stands between two quoted words. Only what belongs to the sentences of
    those words counts: whole sentences that are left out do not turn round the quoted ones.
    """
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    parts = [text[: ends[0]], text[ends[-1] :]] if ends else [text]
    dropped = [_differences([], _words(read(part), {})) for part in parts]
    return set().union(*dropped) & {Flag.NEGATION, Flag.MODAL}


def _has_words(change: Change, posted: str, text_of: Callable[[str], str]) -> bool:
    if change.operation is Operation.EQUAL:
        return False
    parts = [posted[change.posted.start : change.posted.end]] if change.posted else []
    if change.source and change.document_id:
        parts.append(text_of(change.document_id)[change.source.start : change.source.end])
    return any(character.isalnum() for part in parts for character in part)


def _is_ellipsis(span: Span | None, posted: str) -> bool:
    text = posted[span.start : span.end] if span else ""
    return ELLIPSIS in fold(text).text and not any(map(str.isalnum, text))


def _between_words(text: str, span: Span) -> str:
    """``text`` at ``span`` with the punctuation at its ends that the diff gave to equal parts."""
    start, end = span.start, span.end
    while start and not text[start - 1].isalnum():
        start -= 1
    while end < len(text) and not text[end].isalnum():
        end += 1
    return text[start:end]


def _inside(span: Span | None, brackets: Iterable[tuple[int, int]]) -> bool:
    return span is not None and any(
        start < span.end and span.start < end for start, end in brackets
    )


class _Side:
    """One side of a change: a stretch of ``text``, about whose names ``source`` tells."""

    def __init__(self, text: str, span: Span | None, source: str) -> None:
        self._text, self._start, self._source = text, span.start if span else 0, source
        self._reading = read(text[span.start : span.end] if span else "")

    def folded(self, meant: Mapping[str, str]) -> list[str]:
        """Its words, folded."""
        return _words(self._reading, meant)

    def names(self) -> set[str]:
        """Its words that are names, folded."""
        found = set()
        for at in range(len(self._reading)):
            span = self._reading.span(at, at + 1)
            word = self._reading.text[span.start : span.end]
            if word[0].isupper() and self._is_name(word, self._start + span.start):
                found.add(self._reading.word(at).removesuffix("'s"))
        return found

    def _is_name(self, word: str, start: int) -> bool:
        """A capital inside a sentence makes a name; at its start only what the source shows."""
        lower = word.lower()
        if lower in STOPWORDS or lower in _MODALS or _I.match(lower):
            return False
        if not _STARTS.search(self._text[max(0, start - _LOOK_BACK) : start]):
            return True
        if word in MALE_NAMES or word in FEMALE_NAMES:
            return True
        if re.search(rf"\b{re.escape(lower)}\b", self._source):
            return False
        return bool(re.search(rf"[a-z,] {re.escape(word)}\b", self._source))


def _words(reading: Reading, meant: Mapping[str, str]) -> list[str]:
    text = _PER_CENT.sub("%", reading.folded.text)
    if text != reading.folded.text:
        reading = read(text)
    words = (reading.word(at) for at in range(len(reading)))
    return [_meant(word, meant.get(word, word)) for word in words]


def _meant(word: str, other: str) -> str:
    """``other``, which ``word`` is likely a slip of, unless that would be a change of sense."""
    counts = word in NEGATIONS or word in _MODALS or word in NUMBERS
    return word if counts or _turned_round([word], [other]) else other


def _differences(here: list[str], there: list[str]) -> set[Flag]:
    found = set()
    if _negations(here) != _negations(there) or _turned_round(here, there):
        found.add(Flag.NEGATION)
    if _numbers(here) != _numbers(there):
        found.add(Flag.NUMBER)
    if _modals(here) != _modals(there):
        found.add(Flag.MODAL)
    return found


def _negations(words: Iterable[str]) -> int:
    return sum(word in NEGATIONS or word == "cannot" or word.endswith("n't") for word in words)


def _turned_round(here: list[str], there: list[str]) -> bool:
    """Whether a prefix makes one side's word of the other's: "lawful", "unlawful"."""

    def rests(words: list[str]) -> set[str]:
        return {
            word[len(prefix) :]
            for word in words
            for prefix in _PREFIXES
            if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST_REST
        }

    return bool(rests(here) & set(there) or rests(there) & set(here))


def _modals(words: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for word in words:
        base = _CONTRACTED.get(word) or word.removesuffix("n't")
        if base in _MODALS:
            found[base] += 1
        elif word.endswith("'ll"):
            found["will"] += 1
    return found


def _numbers(words: Iterable[str]) -> Counter[str]:
    return Counter(
        word.replace(",", "") for word in words if word in NUMBERS or _DIGIT.search(word)
    )
