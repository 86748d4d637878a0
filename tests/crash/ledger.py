"""What is to be in the corpus, by what was acknowledged, held against what is there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.document import text_sha256
from corpus.formats import markdown
from corpus.library import VERSION

if TYPE_CHECKING:
    from corpus.library import Library

_ID = "([a-z0-9-]+)"
_TOLD = re.compile(
    rf"^(?:added {_ID}|added as the newest version of {_ID}, after \S+|corrected {_ID}; .*|"
    rf"\S+: the same text is in the corpus already, as {_ID})$",
    re.MULTILINE,
)


@dataclass(slots=True)
class Ledger:
    """``standing`` has the texts of every document, oldest version first.

    ``tried`` has what was given to a command that did not acknowledge it: each is there whole, or
    not at all.
    """

    standing: dict[str, list[str]]
    tried: dict[str, str] = field(default_factory=dict)
    acknowledged: int = 0
    _texts: dict[bytes, str] = field(default_factory=dict)

    def acknowledge(self, told: str) -> set[str]:
        """Note the documents that a command told of; which they are."""
        names = {name for found in _TOLD.findall(told) for name in found if name}
        for name in names:
            text = self.tried.pop(name, None)
            versions = self.standing.setdefault(name, [])
            if text is not None:
                versions.append(text)
                self.acknowledged += 1
            assert versions, f"{name} was told of, and never given"
        return names

    def settle(self, library: Library) -> None:
        """Hold ``library`` against what is to be in it, to the character, and prove its journal.

        What was tried and is there all the same is to stay.
        """
        found = self._found(library)
        assert self.standing.keys() <= found.keys()
        for name, texts in found.items():
            known = self.standing.get(name, [])
            assert texts[: len(known)] == known, name
            if more := texts[len(known) :]:
                assert more == [self.tried.get(name)], name
                self.standing[name] = texts
                del self.tried[name]

    def _found(self, library: Library) -> dict[str, list[str]]:
        recorded = set()
        found: dict[str, list[str]] = {}
        for record in library.journal.records().values():
            found[record.id] = []
            for entry in record.versions:
                recorded.add(entry.file)
                content = (library.folder / str(entry.file)).read_bytes()
                assert sha256(content).hexdigest() == entry.sha256
                found[record.id].append(self._text(content))
                assert text_sha256(found[record.id][-1]) == entry.text_sha256
        for path in library.paths():
            if path.name not in recorded:
                text = self._text(path.read_bytes())
                name, _, version = path.stem.partition(VERSION)
                if version:
                    # Nobody recorded it, and whoever writes next removes it.
                    assert text == self.tried[name]
                else:
                    found[name] = [text]
        return found

    def _text(self, content: bytes) -> str:
        if content not in self._texts:
            self._texts[content] = markdown.parse("one", content).text
        return self._texts[content]
