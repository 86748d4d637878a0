"""A question, read: its parts, its words and their likes, what it asks for, its dates."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from corpus.errors import InputError
from index.asks import Asks, asked
from index.dates import DateRange, asked_dates
from index.thesaurus import longest_phrase
from index.words import STOPWORDS, Word, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.thesaurus import Entry

# Ten times the longest question of the test set; Discord lets 6,000 characters into an option.
MAX_CHARACTERS = 4_000
# Parts that are answered one by one; a tenth would be a questionnaire.
_MAX_PARTS = 4
_PART = re.compile(
    r"[?;]+\s+|(?<=[.!])(?<!\b[MD]r\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)\s+(?=\S+ \S+ )"
    r"|[,?]?\s+(?:and|also|plus|but)\s+"
    r"(?=(?:who|whom|whose|what|when|where|why|how|which|did|does|do|was|were|is|are|has|have)\b)",
    re.IGNORECASE,
)
# Beyond so many words a message tells a story around its question.
_CHATTY_WORDS = 25
# A question with fewer words of its own leans on the sentence it stands in.
_FEWEST_WORDS = 3
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_LEAD_IN = re.compile(
    r"\b(?:(?:want(?:ed)?|like|need|trying|try|love) to (?:know|ask|find out|check|see)"
    r"|wonder(?:ing|ed)?|(?:does |do |did )?any(?:one|body)(?: here| else)? (?:know|remember)s?"
    r"|(?:can|could|would) (?:you|any\w+|some\w+) (?:please )?(?:tell|say|remind)(?: me| us)?"
    r"|question(?:'s| is| was)|remind me|tell me|curious|arguing|not sure)\b,?",
    re.IGNORECASE,
)


class Vocabulary(Protocol):
    """Which words there are, for telling a misspelling from a word, and which have likes."""

    def has(self, form: str) -> bool:
        """Whether the folded word stands in the corpus."""

    def nearest(self, form: str) -> str | None:
        """The word of the corpus that ``form`` is a likely misspelling of."""

    def like(self, phrase: tuple[str, ...]) -> Entry | None:
        """What a phrase, as folded words, may be called in documents."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question: its own stem first, then those that count as well as it."""

    stems: tuple[str, ...]
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One question, read.

    ``text`` is what is encoded: slang and misspellings replaced. ``terms`` are the words to
    match, in order, each once.
    """

    text: str
    terms: tuple[Term, ...]
    asks: Asks | None
    dates: DateRange | None


def cleaned(question: str) -> str:
    """The question on one line, without control, format and bidi characters.

    Raises:
        InputError: nothing is left, or more than `MAX_CHARACTERS`.
    """
    if len(question) > MAX_CHARACTERS:
        raise InputError(
            f"the question has {len(question):,} characters and the most is {MAX_CHARACTERS:,}; "
            "ask it in fewer words"
        )
    kept = (
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", question)
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}
    )
    text = " ".join("".join(kept).split())
    if not text:
        raise InputError(
            "the question is empty; ask something, such as: who was injured in Brixton?"
        )
    return text


def parts(text: str) -> tuple[str, ...]:
    """The questions that ``text`` asks, the whole first; one question is its only part.

    Of a long message the question proper is a part, beside the whole story.
    """
    question = _question_of(text)
    found = [part.strip(" ?;,.") for part in _PART.split(question)]
    found = [part for part in found if any(w.form not in STOPWORDS for w in words(part))]
    if 1 < len(found) <= _MAX_PARTS:
        return (text, *found)
    return (text,) if question == text else (text, question)


def _question_of(text: str) -> str:
    """The last sentence of a long message that asks, from the words by which it does."""
    if len(text.split()) <= _CHATTY_WORDS:
        return text
    asking: list[str] = [s for s in _SENTENCE.findall(text) if "?" in s or _LEAD_IN.search(s)]
    if not asking:
        return text
    leads = list(_LEAD_IN.finditer(asking[-1]))
    question = asking[-1][leads[-1].end() :] if leads else asking[-1]
    enough = sum(word.form not in STOPWORDS for word in words(question)) >= _FEWEST_WORDS
    return (question if enough else asking[-1]).strip(" ,")


def read(text: str, vocabulary: Vocabulary) -> Part:
    """Read one question (see `cleaned`)."""
    dates, dated = asked_dates(text)
    rewritten: list[str] = []
    terms: dict[tuple[str, ...], Term] = {}
    end = 0
    for stretch, replacement, term in _stretches(text, vocabulary, dated):
        rewritten += [text[end : stretch[0]], replacement or text[stretch[0] : stretch[1]]]
        end = stretch[1]
        if term is not None:
            terms.setdefault(term.stems, term)
    return Part(
        text="".join([*rewritten, text[end:]]),
        terms=tuple(terms.values()),
        asks=asked(text),
        dates=dates,
    )


def _stretches(
    text: str, vocabulary: Vocabulary, dated: tuple[tuple[int, int], ...]
) -> Iterator[tuple[tuple[int, int], str | None, Term | None]]:
    """Each word or phrase: where it stands, what to encode in its place, what to match.

    Dates are left as they are: they count by what they mean ("March" is no demonstration).
    """
    found = [
        word for word in words(text) if not any(start <= word.start < end for start, end in dated)
    ]
    at = 0
    while at < len(found):
        for length in range(min(longest_phrase(), len(found) - at), 0, -1):
            phrase = found[at : at + length]
            entry = vocabulary.like(tuple(word.form for word in phrase))
            if entry is not None:
                own = tuple(word.stem for word in phrase if word.form not in STOPWORDS)
                stems = tuple(dict.fromkeys((*own, *entry.stems)))
                yield (phrase[0].start, phrase[-1].end), entry.rewritten, Term(stems)
                at += length
                break
        else:
            yield _single(text, found[at], vocabulary)
            at += 1


def _single(
    text: str, word: Word, vocabulary: Vocabulary
) -> tuple[tuple[int, int], str | None, Term | None]:
    place = (word.start, word.end)
    if word.form in STOPWORDS:
        return place, None, None
    is_name = text[word.start].isdigit() or (word.start > 0 and text[word.start].isupper())
    if not vocabulary.has(word.form) and (nearest := vocabulary.nearest(word.form)):
        return place, nearest, Term((stem(nearest),), is_name)
    return place, None, Term((word.stem,), is_name)
