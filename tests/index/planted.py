"""An index whose quotations are planted: who said what does not hang on the extractor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index import tables
from index.analysis import passed
from index.catalogue import Catalogue
from index.lexical import LexicalIndex
from index.verify import Verifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corpus.document import Document
    from index.verdict import Change, Place, Verdict

DICK = Speaker("Cressida Dick", "Metropolitan Police Commissioner", "Metropolitan Police")
HOUSE = Speaker("Sir Stephen House", "Metropolitan Police Deputy Commissioner")
DUVALL = Speaker(
    "Len Duvall", "leader of the London Assembly Labour Group", "London Assembly Labour Group"
)
SPOKESPERSON = Speaker("A spokesperson for Sadiq Khan")
JAVID = Speaker("Bas Javid", "Commander")
MARSH = Speaker(
    "Ken Marsh",
    "chairman of the Metropolitan Police Federation",
    "Metropolitan Police Federation",
)
KHAN = Speaker("Sadiq Khan", "London mayor")
PATEL = Speaker("Priti Patel", "Home Secretary")
POLICE = Speaker("Police")
VALENTINE = Speaker("Andy Valentine", "Deputy Assistant Commissioner")
ROWLEY = Speaker("Sir Mark Rowley", "Commissioner")
SIMMONS = Speaker("Mark Simmons", "Assistant Commissioner")

PATROLS = "armed-patrols-considered-to-stop-gang-violence"
BRIXTON = "extra-officers-after-brixton-street-party"
LETTER = "letter-to-recovery-operators-on-disorder"
EFFORTS = "met-intensifies-efforts-to-tackle-violence"

# Who said what in the starter documents, read by a person: the first words of each span.
STARTER_SPEECH: dict[str, tuple[tuple[Speaker, tuple[str, ...]], ...]] = {
    PATROLS: (
        (DICK, ("short foot patrol",)),
        (DICK, ("half a step on",)),
        (DICK, ("small change in tactic",)),
        (HOUSE, ("get ahead of the violence",)),
        (HOUSE, ("Any deployments would be",)),
        (DUVALL, ("sneak out and become",)),
        (SPOKESPERSON, ("Keeping Londoners safe is", "However, the mayor is crystal")),
    ),
    BRIXTON: (
        (POLICE, ("will not tolerate the violence",)),
        (JAVID, ("We remain in a public", "Our role is to keep", "This is in direct response")),
        (JAVID, ("We cannot accept the levels",)),
        (MARSH, ("absolutely shocking",)),
        (MARSH, ("We are rufty-tufty",)),
        (KHAN, ("deeply irresponsible",)),
        (KHAN, ("I'm in touch with",)),
        (PATEL, ("utterly vile scenes",)),
    ),
    LETTER: (
        (VALENTINE, ("They've made their intention",)),
        (VALENTINE, ("Our top priority has been",)),
        (ROWLEY, ("I think the show of force",)),
        (ROWLEY, ("We have commentators from", "We operate independently")),
        (ROWLEY, ("They're thugs and they are",)),
    ),
    EFFORTS: (
        (
            SIMMONS,
            (
                "Every single officer in",
                "The public will see",
                "It is the responsibility",
                "We are using intelligence",
                "But we cannot do this alone",
                "Please help us to keep",
            ),
        ),
    ),
}
_CLOSERS = '"”\n'


@dataclass(frozen=True, slots=True)
class PlantedIndex:
    """A verifier over documents with planted quotations, and what reads its verdicts."""

    documents: dict[str, Document]
    catalogue: Catalogue
    lexical: LexicalIndex
    verifier: Verifier

    def verify(self, posted: str, attributed_to: str | None = None) -> Verdict:
        return self.verifier.verify(posted, attributed_to)

    def words(self, place: Place) -> list[str]:
        return [self.documents[place.document_id].text_at(span) for span in place.spans]

    def steps(self, verdict: Verdict) -> list[list[str]]:
        """The diff as the terminal's JSON has it."""
        return [
            [change.operation.value, posted_part(verdict, change), self.source_part(change)]
            for change in verdict.changes
        ]

    def source_part(self, change: Change) -> str:
        if change.source is None or change.document_id is None:
            return ""
        return self.documents[change.document_id].text_at(change.source)


def posted_part(verdict: Verdict, change: Change) -> str:
    return "" if change.posted is None else verdict.posted[change.posted.start : change.posted.end]


def speech(document: Document, speaker: Speaker | None, *begins: str) -> Quotation:
    """A quotation with one span for each of ``begins``, which run to the closing mark."""
    spans = []
    for words in begins:
        start = document.text.index(words)
        end = min(at for closer in _CLOSERS if (at := document.text.find(closer, start)) >= 0)
        spans.append(Span(start, end))
    kind = QuotationKind.DIRECT if speaker else QuotationKind.TERM
    return Quotation(tuple(spans), kind, speaker, confidence=0.97 if speaker else 0.0)


def starter_quotations(documents: Mapping[str, Document]) -> dict[str, tuple[Quotation, ...]]:
    return {
        name: tuple(speech(documents[name], speaker, *begins) for speaker, begins in said)
        for name, said in STARTER_SPEECH.items()
    }


def planted_index(
    folder: Path,
    documents: Iterable[Document],
    quotations: Mapping[str, tuple[Quotation, ...]] | None = None,
) -> PlantedIndex:
    """Write and open what a verifier needs; without ``quotations`` of a document it has none."""
    kept = {document.id: document for document in documents}
    entries, rows = [], 0
    for one in kept.values():
        entry = passed(one, rows).entry
        rows += len(entry.passages)
        entries.append(replace(entry, quotations=(quotations or {}).get(one.id, ())))
    tables.write(folder / "catalogue.sqlite", entries)
    LexicalIndex.build(
        folder / "lexical",
        (pair for entry in entries for pair in zip(entry.stems, entry.around, strict=True)),
    )
    opened = Catalogue.open(folder / "catalogue.sqlite")
    lexical = LexicalIndex.open(folder / "lexical")
    return PlantedIndex(kept, opened, lexical, Verifier(opened, lexical))
