"""The four starter documents: every quotation, to the character, with its speaker.

Every span is given by its first words, unique in their document, and its last. What is decided
rather than read off is said beside the row.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.document import Span
from corpus.quotations.extract import extract
from corpus.quotations.types import Quotation, QuotationKind, Speaker

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"
DIRECT, PARTIAL, TERM = QuotationKind.DIRECT, QuotationKind.PARTIAL, QuotationKind.TERM

DICK = Speaker("Cressida Dick", "Metropolitan Police Commissioner", "Metropolitan Police")
HOUSE = Speaker(
    "Sir Stephen House", "Metropolitan Police Deputy Commissioner", "Metropolitan Police"
)
DUVALL = Speaker(
    "Len Duvall", "leader of the London Assembly Labour Group", "London Assembly Labour Group"
)
SPOKESPERSON = Speaker("A spokesperson for Sadiq Khan", "spokesperson")
POLICE = Speaker("Police")
JAVID = Speaker("Bas Javid", "Commander")
MARSH = Speaker(
    "Ken Marsh", "chairman of the Metropolitan Police Federation", "Metropolitan Police Federation"
)
KHAN = Speaker("Sadiq Khan", "London mayor")
PATEL = Speaker("Priti Patel", "Home Secretary")
VALENTINE = Speaker("Andy Valentine", "Deputy Assistant Commissioner")
ROWLEY = Speaker("Sir Mark Rowley", "Commissioner")
SIMMONS = Speaker("Mark Simmons", "Assistant Commissioner")

# Each row: the first and last words of every span, the kind, the speaker, the mention, the cue.
# A span of few words is given whole.
Row = tuple[tuple[tuple[str, str], ...], QuotationKind, Speaker | None, str | None, str | None]

PATROLS: tuple[Row, ...] = (
    # The writer's paragraph: nobody is said to have said it.
    ((("gang activity is likely", ""),), TERM, None, None, None),
    ((("short foot patrol", ""),), PARTIAL, DICK, "Cressida Dick", "told"),
    (
        (("extreme circumstances” to", "extreme circumstances"),),
        PARTIAL,
        DICK,
        "Cressida Dick",
        "told",
    ),
    # Reported speech that goes on: "She added that … Instead, it would only be done in".
    ((("unusual circumstances", ""),), PARTIAL, DICK, "She", "added"),
    ((("imminent", ""),), PARTIAL, DICK, "She", "added"),
    ((("already” getting", "already"),), PARTIAL, DICK, "Ms. Dick", "said"),
    ((("half a step on", ""),), PARTIAL, DICK, "She", "insisted"),
    ((("small change in tactic in extreme circumstances", ""),), PARTIAL, DICK, "She", "insisted"),
    ((("get ahead of the violence", ""),), PARTIAL, HOUSE, "Sir Stephen House", "told"),
    # A paragraph of its own under his: the running speaker, and no cue.
    (
        (("Any deployments would", "had been carried out."),),
        DIRECT,
        HOUSE,
        "Sir Stephen House",
        None,
    ),
    ((("sneak out and become the norm", ""),), PARTIAL, DUVALL, "He", "fearing"),
    (
        (("Keeping Londoners", "tackle violent crime."), ("However, the mayor", "of this nature.")),
        DIRECT,
        SPOKESPERSON,
        "A spokesperson for Sadiq Khan",
        "said",
    ),
)
BRIXTON: tuple[Row, ...] = (
    # Nobody is said to have called it so.
    ((("significant disorder", ""),), TERM, None, None, None),
    ((("will not tolerate the", "recently seen in London"),), PARTIAL, POLICE, "Police", "said"),
    (
        (
            ("We remain in", "events are illegal."),
            ("Our role is", "are taking place."),
            ("This is in direct", "outside their homes."),
        ),
        DIRECT,
        JAVID,
        "Commander Bas Javid",
        "said",
    ),
    ((("We cannot accept", "private property."),), DIRECT, JAVID, "He", "added"),
    ((("hostile", ""),), PARTIAL, POLICE, "Police", "said"),
    ((("absolutely shocking", ""),), PARTIAL, MARSH, "He", "said"),
    ((("We are rufty-tufty", "try and kill you."),), DIRECT, MARSH, "He", "adding"),
    ((("deeply irresponsible", "others' lives"),), PARTIAL, KHAN, "Sadiq Khan", "said"),
    ((("I'm in touch", "not be tolerated"),), DIRECT, KHAN, "He", "added"),
    ((("utterly vile scenes", ""),), PARTIAL, PATEL, "Home Secretary Priti Patel", "describing"),
)
LETTER: tuple[Row, ...] = (
    ((("anti-immigration' and", "anti-immigration"),), TERM, None, None, None),
    ((("anti-immigrations", ""),), TERM, None, None, None),
    (
        (("They've made their", "scenes of disorder."),),
        DIRECT,
        VALENTINE,
        "Deputy Assistant Commissioner Andy Valentine",
        "said",
    ),
    # "Our message to the criminals": the letter's own voice, and "our" names nobody.
    ((("You will face", "force of the law."),), DIRECT, None, None, None),
    ((("Our top priority", "keeping people safe."),), DIRECT, VALENTINE, "DAC Valentine", "said"),
    (
        (("I think the show", "that we've seen."),),
        DIRECT,
        ROWLEY,
        "Commissioner Sir Mark Rowley",
        "said",
    ),
    # A word in a heading: his, as the paragraph goes on to say, but the heading does not say so.
    ((("nonsense”: On", "nonsense"),), TERM, None, None, None),
    ((("two-tier policing", ""),), PARTIAL, ROWLEY, "he", "warned"),
    ((("complete nonsense", ""),), PARTIAL, ROWLEY, "he", "warned"),
    (
        (("We have commentators", "in the middle,"), ("We operate", "at risk...")),
        DIRECT,
        ROWLEY,
        "he",
        "said",
    ),
    ((("keyboard warriors", ""),), PARTIAL, ROWLEY, "Sir Mark", "warned"),
    ((("They're thugs", "time in prison."),), DIRECT, ROWLEY, "Sir Mark", "said"),
)
SIMMONS_STATEMENT: tuple[Row, ...] = (
    (
        (
            ("Every single officer", "first priority."),
            ("The public will", "to Londoners."),
            ("It is the responsibility", "the public."),
            ("We are using", "right places."),
            ("But we cannot", "save lives."),
            ("Please help us", "tackle violence."),
        ),
        DIRECT,
        SIMMONS,
        "Assistant Commissioner Mark Simmons",
        "said",
    ),
)
EXPECTED = {
    "armed-patrols-considered-to-stop-gang-violence": PATROLS,
    "extra-officers-after-brixton-street-party": BRIXTON,
    "letter-to-recovery-operators-on-disorder": LETTER,
    "met-intensifies-efforts-to-tackle-violence": SIMMONS_STATEMENT,
}


def text_of(name: str) -> str:
    return (DOCUMENTS / f"{name}.md").read_text("utf-8").split("\n---\n", 1)[1].strip()


def span_of(text: str, first: str, last: str) -> Span:
    """The span from ``first`` (unique) through ``last``; ``last`` alone when ``first`` holds it."""
    assert text.count(first) == 1, first
    start = text.index(first)
    if not last:
        return Span(start, start + len(first))
    return Span(start, text.index(last, start) + len(last))


def sliced(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_span_is_exact_and_nothing_else_is_found(name: str) -> None:
    text = text_of(name)
    wanted = [tuple(span_of(text, *ends) for ends in row[0]) for row in EXPECTED[name]]
    assert [found.spans for found in extract(text)] == wanted


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_kind_speaker_role_organisation_mention_and_cue(name: str) -> None:
    text = text_of(name)

    def seen(found: Quotation) -> tuple[object, ...]:
        mention, cue = sliced(text, found.speaker_span), sliced(text, found.cue_span)
        return found.kind, found.speaker, mention, cue

    assert [seen(found) for found in extract(text)] == [row[1:] for row in EXPECTED[name]]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_word_of_a_speaker_is_the_documents(name: str) -> None:
    text = text_of(name)
    for found in extract(text):
        if found.speaker is not None:
            parts = (found.speaker.name, found.speaker.role, found.speaker.organisation)
            assert all(part is None or part in text for part in parts)


def test_the_running_speaker_is_given_with_less_confidence() -> None:
    found = extract(text_of("armed-patrols-considered-to-stop-gang-violence"))
    named = [q for q in found if q.speaker == HOUSE]
    assert named[1].confidence < named[0].confidence
    assert named[1].confidence <= 0.7
