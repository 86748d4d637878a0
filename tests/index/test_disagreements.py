"""Sentences of different sources that differ about one thing, and those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import PartialDate
from index.disagreements import Contrast, Statement, difference
from index.words import content_stems

if TYPE_CHECKING:
    from index.disagreements import Difference

COMMON = frozenset(content_stems("Met police officers London people man men week street news"))
TWENTY = "More than 20 officers were injured at a street party in Brixton."
THIRTY = "In Brixton, nearly 30 officers were hurt after a party."


def said(
    text: str,
    document: str = "one",
    *,
    published: str | None = None,
    around: str = "",
    speaker: str | None = None,
) -> Statement:
    when = PartialDate.parse(published) if published else None
    stems = frozenset(content_stems(f"{text} {around}"))
    return Statement(document, text, around=stems, published=when, speaker=speaker)


def compared(first: Statement, second: Statement) -> Difference | None:
    found = difference(first, second, lambda stem: stem not in COMMON)
    back = difference(second, first, lambda stem: stem not in COMMON)
    assert (found is None) == (back is None)
    return found


def words(first: Statement, second: Statement) -> tuple[Contrast, str, str] | None:
    """What differs, in the words of both; ``None`` for no difference."""
    found = compared(first, second)
    if found is None:
        return None
    return found.contrast, first.text[slice(*found.first)], second.text[slice(*found.second)]


def test_two_documents_count_one_thing_otherwise() -> None:
    expected = (Contrast.FIGURES, "More than 20", "nearly 30")
    assert words(said(TWENTY), said(THIRTY, "two")) == expected


def test_two_people_in_one_document_count_one_thing_otherwise() -> None:
    marsh = said("Ken Marsh, chairman of the Federation, said that nearly 30 officers were hurt.")
    assert words(said(TWENTY), marsh) == (Contrast.FIGURES, "More than 20", "nearly 30")
    javid = said("According to Mr Javid, 25 officers were injured.")
    assert words(javid, marsh) == (Contrast.FIGURES, "25", "nearly 30")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # One voice of one document.
        (said(TWENTY), said(THIRTY)),
        (said("Ken Marsh said that 20 officers were hurt."),
         said("Mr Marsh said that 30 officers were hurt.")),
        # Whoever "he" is.
        (said("Ken Marsh said that 20 officers were hurt."),
         said("He said that 30 officers were hurt.")),
        # The same number, whatever the hedge.
        (said(TWENTY), said("About 20 officers were injured in Brixton.", "two")),
        # Another thing counted, or another thing said of it.
        (said(TWENTY), said("In Brixton, nearly 30 windows were broken and nobody hurt.", "two")),
        (said(TWENTY), said("In Brixton, 30 officers were praised.", "two")),
        # Another event: by place, by year, by date.
        (said(TWENTY), said("In Croydon, nearly 30 officers were hurt after a party.", "two")),
        (said("In Brixton 20 officers were hurt in 2019."),
         said("In Brixton 30 officers were hurt in 2020.", "two")),
        (said(TWENTY, published="2020-06-26"), said(THIRTY, "two", published="2020-08-01")),
        # Nothing tells that it is the same event.
        (said("There, 20 officers were hurt."), said("There, 30 officers were hurt.", "two")),
        # Sentences of so many years are of other people.
        (said("A dealer was jailed for 16 years after the drugs network trial."),
         said("A dealer was jailed for 21 years after the drugs network trial.", "two")),
        # One of several figures agrees.
        (said("In Brixton 5 fewer offences than the 13 offences recorded before."),
         said("In Brixton, the offences recorded were 13 offences.", "two")),
    ],
)  # fmt: skip
def test_what_is_no_disagreement(first: Statement, second: Statement) -> None:
    assert compared(first, second) is None


def test_a_month_may_be_the_day_and_no_date_any_day() -> None:
    may = [said(THIRTY, "two", published=when) for when in ("2020-06", "2020", "2020-07-27", None)]
    assert all(compared(said(TWENTY, published="2020-06-26"), one) for one in may)


def test_rare_words_around_tell_the_event_where_no_name_does() -> None:
    around = "The carnival float, the harbour and the zebra"
    first = said("There, 20 officers were hurt.", around=around)
    assert compared(first, said("There, 30 officers were hurt.", "two", around=around))


def test_one_document_denies_what_another_says() -> None:
    first = said("Police will use facial recognition at the carnival.")
    second = said("Police will not use facial recognition at the carnival.", "two")
    assert words(first, second) == (Contrast.DENIAL, first.text, "not")
    other = said("Nobody was hurt when the carnival ended in rain.", "two")
    assert compared(first, other) is None
    assert compared(second, said("Police won't use facial recognition there.", "three")) is None


def test_a_quoted_speaker_is_a_source_of_their_own() -> None:
    khan = said("Nearly 30 officers were hurt in Brixton.", speaker="Sadiq Khan")
    assert compared(said(TWENTY), khan)
    assert compared(said("Sadiq Khan said that 20 officers were hurt."), khan) is None
