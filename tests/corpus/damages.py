"""Ways in which a file can be damaged, by chance that a seed repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The file with one to three kinds of damage."""
    for _ in range(chance.randint(1, 3)):
        content = chance.choice(DAMAGES)(content, chance)
    return content


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def headless(content: bytes, chance: random.Random) -> bytes:
    return content[chance.randrange(len(content) + 1) :]


def flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 5, 50)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def with_nuls(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + bytes(chance.choice((1, 1, 1000))) + content[place:]


def with_surrogates(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    half = chance.choice((b"\xed\xa0\x80", b"&#xD800;", b"\\ud800", b"\xff\xfe\x00\xd8"))
    return content[:place] + half + content[place:]


def repeated(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    piece = content[start : start + chance.randrange(1, 60)]
    return content[:start] + piece * chance.choice((2, 10, 200)) + content[start:]


def shuffled(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return content[end:] + content[start:end] + content[:start]


def crossed(content: bytes, chance: random.Random) -> bytes:
    other = chance.choice(
        (b"<html><body>", b"PK\x03\x04", b"%PDF-1.4\n", b"---\nkind: news\n---\n")
    )
    start = chance.randrange(len(content) + 1)
    return content[:start] + other + content[start:]


def with_numbers(content: bytes, chance: random.Random) -> bytes:
    """Some digit, of a length or an offset in a PDF for instance, becomes a huge number."""
    places = [place for place, byte in enumerate(content) if 48 <= byte < 58]
    if not places:
        return content
    place = chance.choice(places)
    number = chance.choice((b"-1", b"0", b"99999999999", b"4294967296"))
    return content[:place] + number + content[place + 1 :]


DAMAGES = (cut, headless, flipped, with_nuls, with_surrogates, repeated, shuffled, crossed,
           with_numbers)  # fmt: skip
