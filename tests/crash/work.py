"""What is given to the commands: files, corrections, and pages of a publisher with a feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.bot.test_terminal_sync import Publisher
    from tests.crash.ledger import Ledger

_SYLLABLES = "ba co du fe gi ho ju ka le mi no pu ra se ti vo wa xe yu zo".split()
_MARKS = "— – £5 é ’s 𝄞 “so” 🐎".split()
# A feed lists its newest pages.
_LISTED = 8


def word(chosen: random.Random) -> str:
    """A word that no other text has."""
    return "".join(chosen.choices(_SYLLABLES, k=4))


def paragraph(chosen: random.Random) -> str:
    """One that shares nothing with others but what every announcement says."""
    words = [word(chosen) for _ in range(20)]
    return (
        f"Officers on armed patrols in {words[0].title()} were told of {' '.join(words[1:])} "
        f"{chosen.choice(_MARKS)}. Ann Smith said: “It was {word(chosen)}.”"
    )


def text(title: str, chosen: random.Random) -> str:
    """A text of three paragraphs after its title."""
    return "\n\n".join([title, *(paragraph(chosen) for _ in range(3))])


def html(content: str) -> str:
    """A page that shows ``content``."""
    title, *paragraphs = (escape(one) for one in content.split("\n\n"))
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    )


@dataclass(slots=True)
class Work:
    """What is still to be done, given again until a command acknowledges it."""

    folder: Path
    publisher: Publisher
    ledger: Ledger
    chosen: random.Random
    given: dict[str, set[str]] = field(default_factory=dict)
    """Every text that a document was ever to have, by id."""
    adding: dict[str, Path] = field(default_factory=dict)
    correcting: dict[str, Path] = field(default_factory=dict)
    fetching: set[str] = field(default_factory=set)
    pages: dict[str, int] = field(default_factory=dict)
    """The pages by id, and how often each was written."""
    number: int = 0

    def add(self) -> tuple[str, ...]:
        """A command that adds one file or two."""
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        if not self.adding:
            for _ in range(self.chosen.randint(1, 2)):
                name, content = self._new("Case")
                self.adding[name] = inbox / f"{name}.txt"
                self.adding[name].write_text(content, "utf-8", newline="")
        return ("corpus", "add", str(inbox), "--yes")

    def correct(self) -> tuple[str, ...]:
        """A command that corrects a document which was added."""
        if not self.correcting:
            name = self.chosen.choice(self.added())
            self.correcting[name] = self.folder / f"{name}.txt"
            self.correcting[name].write_text(self._changed(name), "utf-8", newline="")
        ((name, path),) = self.correcting.items()
        return ("corpus", "correct", name, str(path), "--yes", "--reason", "better words")

    def sync(self) -> tuple[str, ...]:
        """A command that fetches a new page, or two, or one that has changed."""
        if not self.fetching:
            for _ in range(self.chosen.randint(1, 2)):
                name, content = self._new("Page")
                self._publish(name, content)
            if self.chosen.random() < 0.5:
                known = [name for name in self.pages if name in self.ledger.standing]
                if known:
                    name = self.chosen.choice(known)
                    self._publish(name, self._changed(name))
        return ("corpus", "sync", "--yes")

    def added(self) -> list[str]:
        """The documents that were added and acknowledged, the newest last."""
        return [
            name for name in self.ledger.standing
            if name.startswith("case-") and name not in self.adding
        ]  # fmt: skip

    def acknowledged(self, names: set[str]) -> None:
        """Give no more what was acknowledged."""
        for name in names:
            if name in self.adding:
                self.adding.pop(name).unlink()
            self.fetching.discard(name)
        self.correcting = {
            name: path for name, path in self.correcting.items() if name in self.ledger.tried
        }

    def _new(self, kind: str) -> tuple[str, str]:
        self.number += 1
        name, content = f"{kind.lower()}-{self.number}", text(f"{kind} {self.number}", self.chosen)
        self._give(name, content)
        return name, content

    def _changed(self, name: str) -> str:
        content = f"{self.ledger.standing[name][-1]}\n\n{paragraph(self.chosen)}"
        self._give(name, content)
        return content

    def _give(self, name: str, content: str) -> None:
        self.ledger.tried[name] = content
        self.given.setdefault(name, set()).add(content)

    def _publish(self, name: str, content: str) -> None:
        """Put a page at its address, and the feed that lists it; every fifth page is HTML."""
        self.fetching.add(name)
        self.pages[name] = self.pages.pop(name, 0) + 1
        number = int(name.partition("-")[2])
        if number % 5 == 0:
            self.publisher.put(f"/{name}", html(content))
        else:
            self.publisher.put(f"/{name}", content, "text/plain; charset=utf-8")
        entries = "".join(
            f"<entry><title>Page {one.partition('-')[2]}</title><id>{one}</id>"
            f'<link href="{self.publisher.at}/{one}"/>'
            f"<updated>2020-06-26T12:00:{times:02}Z</updated></entry>"
            for one, times in list(self.pages.items())[-_LISTED:]
        )
        feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
        self.publisher.put("/feed", feed, "application/atom+xml")
