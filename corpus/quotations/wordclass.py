"""Classes of words and characters beside a mention or a quotation, as small whole numbers."""

from __future__ import annotations

from typing import Final

from corpus.quotations.lexicon import DETERMINERS, PREPOSITION_CUES, STRONG_CUES, WEAK_CUES

SUBJECTS: Final = {"he": 2, "she": 2, "they": 3, "we": 3, "i": 4, "it": 5, "who": 6, "which": 5}
_PREPOSITIONS: Final = frozenset(
    "of to for from by with at in on about against over under as like than behind between into"
    " after before during toward towards via through".split()
)
_JOINERS: Final = frozenset("and or but that while when as because if though where".split())
_AUXILIARIES: Final = frozenset(
    "is was has had have were are will would did does could should may might can who whose".split()
)
_ADVERBS: Final = frozenset(
    "also then later once recently himself herself again now just still never even first".split()
)
_TOLD: Final = frozenset("told tells tell telling asked asks asking".split())


def bucket(value: int, limits: tuple[int, ...]) -> int:
    """How many of the ascending ``limits`` are at most ``value``."""
    count = 0
    for limit in limits:
        if value < limit:
            break
        count += 1
    return count


_CLASSES: Final[dict[str, int]] = {
    **dict.fromkeys(_JOINERS, 5),
    **dict.fromkeys(DETERMINERS, 2),
    **dict.fromkeys(_PREPOSITIONS, 1),
    **dict.fromkeys(WEAK_CUES | PREPOSITION_CUES, 4),
    **dict.fromkeys(STRONG_CUES, 3),
    **dict.fromkeys(_TOLD, 6),
}
_CLASSES_AFTER: Final[dict[str, int]] = {
    **dict.fromkeys(_ADVERBS, 5),
    **dict.fromkeys(_JOINERS, 4),
    **dict.fromkeys(_PREPOSITIONS, 3),
    **dict.fromkeys(_AUXILIARIES, 2),
    **dict.fromkeys(STRONG_CUES | WEAK_CUES, 1),
}
_CLASSES_FOLLOWING: Final[dict[str, int]] = {
    **dict.fromkeys(WEAK_CUES, 4),
    **dict.fromkeys(STRONG_CUES, 3),
    **dict.fromkeys(SUBJECTS, 2),
}
_LEADS: Final = {":": 1, **dict.fromkeys(",;–—", 2), **dict.fromkeys('.!?”"', 3)}
_CHARS: Final = {",": 2, ".": 3, ":": 4, "(": 5, "\n": 6, "'": 1, "’": 1, "-": 7}


def word_class(word: str) -> int:
    """The class of a word before a mention or a quotation: 0 for none, else 1 to 9."""
    low = word.lower().strip("“\"'‘(")
    if not low or word[-1] in '.!?:”"':
        return 0
    if word[-1] in ",;–—":
        return 7
    return _CLASSES.get(low) or (9 if word[0].isupper() else 8)


def lead_class(word: str) -> int:
    """How the text before a quotation ends.

    0 a line's start, 1 a colon, 2 a comma or dash, 3 a sentence's end, 4 a word.
    """
    if not word:
        return 0
    return _LEADS.get(word[-1], 4)


def last_word(text: str, at: int) -> str:
    """The word that ends just before ``at`` on the same line, empty at a line's start."""
    left = text[max(0, at - 24) : at].rpartition("\n")[2].rsplit(None, 1)
    return left[-1] if left else ""


def word_after(text: str, end: int) -> int:
    """The class of the word that follows a mention on its line: 0 for none, else 1 to 9."""
    word = text[end + 1 : end + 16].split(None, 1)
    if text[end : end + 1] not in (" ", "\xa0") or not word:
        return 0
    low = word[0].rstrip(",.;:)")
    known = _CLASSES_AFTER.get(low)
    if known is not None:
        return known
    if low.endswith(("ed", "s")):
        return 6 if low.endswith("ed") else 7
    return 9 if low[:1].isupper() else 8


def char_class(follow: str) -> int:
    """The class of the one or two characters right after a mention: 0 to 9."""
    if follow[:1] == " ":
        return 5 if follow[1:] == "(" else 8 if follow[1:].islower() else 9
    return _CHARS.get(follow[:1], 0)


def follow_class(word: str) -> int:
    """The class of the word right after a quotation on its line: 0 for none, else 1 to 7."""
    low = word.lower().strip(".,;:)")
    if not low:
        return int(bool(word))
    known = _CLASSES_FOLLOWING.get(low)
    if known is not None:
        return known
    return 5 if word[0].isupper() else 6 if low in DETERMINERS else 7
