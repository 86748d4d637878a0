"""Questions as people type them, and questions that miss by one thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

_HELLO: Final = ("hi", "hi all", "hello", "hey", "hey everyone", "morning", "evening all", "sorry")
_WHY: Final = (
    "not sure if this is the right channel but", "quick question,", "random one but",
    "does anyone know", "can someone tell me", "i was reading about this earlier and wondered,",
    "been trying to find this for ages.", "my friend and i were arguing about it,",
    "asking for a mate:", "new here so apologies if it has been asked,", "just wondering,",
    "bit of a long shot but", "saw something about it on the news -",
)  # fmt: skip
_THANKS: Final = ("thanks", "cheers", "thanks in advance", "pls", "ta", "any help appreciated")
_KEYBOARD: Final = {
    row[at]: row[at - 1] + row[at + 1]
    for row in (" qwertyuiop ", " asdfghjkl ", " zxcvbnm ")
    for at in range(1, len(row) - 1)
}
_LONG_ENOUGH: Final = 4

_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()
_DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_OPPOSITES: Final = dict(
    pair.split()
    for pair in (
        "first last|last first|before after|after before|highest lowest|lowest highest|"
        "more fewer|less more|most least|least most|increase decrease|decrease increase|"
        "increased decreased|decreased increased|began ended|begin end|end begin|start finish|"
        "started finished|won lost|win lose|lost won|northern southern|southern northern|"
        "north south|south north|east west|west east|eastern western|western eastern|"
        "largest smallest|smallest largest|oldest newest|maximum minimum|minimum maximum|"
        "men women|women men|male female|female male|early late|late early|above below|"
        "supported opposed|support oppose|accepted rejected|agreed refused|allowed forbidden|"
        "arrested released|injured unharmed|morning evening|inside outside|rise fall|rose fell|"
        "high low|low high|strong weak|large small|small large|buy sell|sold bought|good bad|"
        "positive negative|negative positive|before since|public private|private public|"
        "son daughter|daughter son|father mother|mother father|husband wife|always never|"
        "best worst|worst best|same different|old new|new old|black white|left right"
    ).split("|")
)
_AUXILIARY: Final = re.compile(
    r"\b(is|was|were|are|did|does|do|can|could|has|had|will|would|should)\b", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_NAME: Final = re.compile(r"(?<=[\w,] )[A-Z][\w'’-]+(?: (?:of |the )?[A-Z][\w'’-]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s\Z")
_YEAR_DIGITS: Final = 4


def rough(question: str, chance: random.Random) -> str:
    """``question`` with some of: no capitals, no mark, slips of the finger, chat around it."""
    text = question
    if chance.random() < 0.6:  # noqa: PLR2004 - shares of no deeper meaning, here and below
        text = text.lower()
    if chance.random() < 0.6:  # noqa: PLR2004
        text = text.rstrip("? .")
    if chance.random() < 0.45:  # noqa: PLR2004
        text = _slip(text, chance)
        if chance.random() < 0.3:  # noqa: PLR2004
            text = _slip(text, chance)
    if chance.random() < 0.25:  # noqa: PLR2004
        front = [chance.choice(_HELLO), chance.choice(_WHY)]
        text = " ".join((*front[chance.randrange(2) :], text))
    if chance.random() < 0.15:  # noqa: PLR2004
        text = f"{text} {chance.choice(_THANKS)}"
    return text


def names(questions: Iterable[str]) -> list[str]:
    """The names in ``questions``, in order of first appearance."""
    found = (name for text in questions for name in _names(text))
    return list(dict.fromkeys(found))


def near_miss(
    question: str, evidence: str, pool: Sequence[str], chance: random.Random
) -> str | None:
    """``question`` asking for one thing that ``evidence``, which answers it, does not say.

    A name, number, month or day that ``evidence`` shares is swapped for one that it lacks (names
    from ``pool``), a word for its opposite, or the question is negated; ``None`` if nothing fits.
    """
    below = evidence.casefold()
    options: list[tuple[str, str]] = []
    for name in _names(question):
        other = chance.choice(pool)
        calendar = [words for words in (_MONTHS, _DAYS) if name in words]
        if calendar:
            other = chance.choice(calendar[0])
        if name.casefold() in below and not _shares(other, below) and not _shares(other, name):
            options += [(name, other)] * 3
    for number in _NUMBER.findall(question):
        other = _other_number(number, chance)
        if number in evidence and other not in evidence:
            options += [(number, other)] * 3
    words = {word for word in re.findall(r"[A-Za-z]+", question) if word in _OPPOSITES}
    options += [(word, _OPPOSITES[word]) for word in sorted(words) if word in below] * 2
    if auxiliary := _AUXILIARY.search(question):
        options.append((auxiliary.group(), f"{auxiliary.group()} not"))
    if not options:
        return None
    old, new = chance.choice(options)
    return re.sub(rf"\b{re.escape(old)}(?!\w)", lambda _: new, question, count=1)


def _names(text: str) -> list[str]:
    return [_POSSESSIVE.sub("", name) for name in _NAME.findall(text)]


def _shares(name: str, text: str) -> bool:
    return any(word.casefold() in text.casefold() for word in name.split() if word[0].isupper())


def _other_number(number: str, chance: random.Random) -> str:
    if number.isdigit() and len(number) == _YEAR_DIGITS:
        return str(int(number) + chance.choice((-30, -12, -5, -3, -2, -1, 1, 2, 3, 5, 12, 30)))
    digits = [str(chance.randrange(1, 10)) if c.isdigit() else c for c in number]
    return "".join(digits)


def _slip(text: str, chance: random.Random) -> str:
    """One letter lost, doubled, swapped with the next or replaced by a neighbour's key."""
    places = [
        m.start() + at
        for m in re.finditer(r"[A-Za-z]+", text)
        if len(m.group()) >= _LONG_ENOUGH
        for at in range(1, len(m.group()) - 1)
    ]
    if not places:
        return text
    at = chance.choice(places)
    letter = text[at]
    near = _KEYBOARD.get(letter.lower(), letter).strip() or letter
    changed = ("", letter * 2, text[at + 1] + letter, chance.choice(near))
    kind = chance.randrange(len(changed))
    rest = text[at + 2 :] if kind == 2 else text[at + 1 :]  # noqa: PLR2004 - the swap takes two
    return text[:at] + changed[kind] + rest
