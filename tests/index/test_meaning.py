"""Changes that may turn what was said into something else."""

from __future__ import annotations

import pytest

from corpus.document import Span
from index.meaning import flags, left_out
from index.verdict import Change, Flag, Operation

NEGATION, NUMBER, NAME, MODAL, INSERTION = Flag


def flagged(
    posted: str, source: str, here: str, there: str, slips: dict[str, str] | None = None
) -> tuple[Flag, ...]:
    """The flags of one change of ``there`` in ``source`` into ``here`` in ``posted``."""

    def span(text: str, part: str) -> Span | None:
        at = text.index(part)
        return Span(at, at + len(part)) if part else None

    change = Change(
        Operation.REPLACE, span(posted, here), span(source, there), "d" if there else None
    )
    return flags([change], posted, lambda _: source, slips or {})


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ("", "not ", (NEGATION,)),
        ("never ", "", (NEGATION,)),
        ("can", "cannot", (NEGATION,)),
        ("won't", "will", (NEGATION,)),
        ("won't", "will not", ()),
        ("can not", "cannot", ()),
        ("do", "don’t", (NEGATION,)),
        ("unlawful", "lawful", (NEGATION,)),
        ("legal", "illegal", (NEGATION,)),
        ("under", "der", ()),
        ("refused", "agreed", (NEGATION,)),
        ("20", "30", (NUMBER,)),
        ("5,042", "5042", ()),
        ("38%", "38 per cent", ()),
        ("38%", "38", (NUMBER,)),
        ("sixty", "fifty", (NUMBER,)),
        ("£5", "$5", (NUMBER,)),
        ("10²", "102", (NUMBER,)),
        ("must", "may", (MODAL,)),
        ("we'll", "we will", ()),
        ("we'll", "we", (MODAL,)),
        ("the big", "the small", ()),
        ("!", ".", ()),
    ],
)
def test_words_that_count(here: str, there: str, expected: tuple[Flag, ...]) -> None:
    assert flagged(f"they {here} go", f"they {there} go", here, there) == expected


def test_a_not_that_moved_is_dropped_and_added() -> None:
    posted, source = "we will go and not stay", "we will not go and stay"
    changes = [
        Change(Operation.DELETE, None, Span(8, 12), "d"),
        Change(Operation.INSERT, Span(15, 19), None, None),
    ]
    assert flags(changes, posted, lambda _: source, {}) == (NEGATION,)


class TestNames:
    def test_a_capital_inside_a_sentence(self) -> None:
        assert flagged("said Mr Smith today", "said Mr Khan today", "Smith", "Khan") == (NAME,)
        assert flagged("said he today", "said Khan today", "he", "Khan") == (NAME,)

    def test_at_the_start_of_a_sentence_the_source_tells(self) -> None:
        source = "Serious crime fell. Javid was glad, Javid said. Most serious of all."
        assert flagged("Violent crime fell", source, "Violent", "Serious") == ()
        assert flagged("Khan was glad", source, "Khan", "Javid") == (NAME,)
        assert flagged("Sadiq was glad", source, "Sadiq", "Javid") == (NAME,)

    def test_function_words_are_none(self) -> None:
        assert flagged("said I’m here", "said We here", "I’m", "We") == ()
        assert flagged("said Will here", "said Can here", "Will", "Can") == (MODAL,)

    def test_a_possessive_is_the_same_name(self) -> None:
        assert flagged("of Khan’s own", "of Khan own", "Khan’s", "Khan") == ()

    def test_capitals_throughout_say_nothing(self) -> None:
        source = "said the big man of London"
        assert flagged("SAID THE TALL MAN", source, "TALL", "big") == ()
        assert flagged("SAID THE TALL MAN OF PARIS", source, "PARIS", "London") == (NAME,)


class TestSlips:
    def test_a_slip_is_no_change(self) -> None:
        assert flagged("we canot go", "we cannot go", "canot", "cannot", {"canot": "cannot"}) == ()

    def test_but_of_a_name(self) -> None:
        slips = {"javied": "javid"}
        assert flagged("said Mr Javied", "said Mr Javid", "Javied", "Javid", slips) == (NAME,)

    def test_a_word_that_counts_is_none(self) -> None:
        slips = {"licensed": "unlicensed", "never": "fever"}
        assert flagged("a licensed bar", "a unlicensed bar", "licensed", "unlicensed", slips) == (
            NEGATION,
        )
        assert flagged("a never bar", "a fever bar", "never", "fever", slips) == (NEGATION,)


class TestBrackets:
    def test_nothing_but_an_insertion(self) -> None:
        posted = "it [the Met Police] must act"
        assert flagged(posted, "it must act", "[the Met Police] ", "") == (INSERTION,)
        assert flagged("[Mr Khan] must act", "He must act", "[Mr Khan]", "He") == (INSERTION,)

    def test_a_negation_in_them_is_one(self) -> None:
        assert flagged("we will [not] go", "we will go", "[not] ", "") == (NEGATION, INSERTION)

    def test_another_change_beside_them(self) -> None:
        posted, source = "it [the Met] may act", "it must act"
        changes = [
            Change(Operation.INSERT, Span(3, 13), None, None),
            Change(Operation.REPLACE, Span(13, 16), Span(3, 7), "d"),
        ]
        assert flags(changes, posted, lambda _: source, {}) == (NAME, MODAL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" not ", {NEGATION}),
        (" must surely ", {MODAL}),
        (" of London, which is big, ", set()),
        (". We did not go. Then ", set()),
        (" and not here. We went. Then ", {NEGATION}),
        (". We went. But nobody ", {NEGATION}),
        ('."\n\n“It is not so. ', set()),
    ],
)
def test_what_leaving_words_out_may_do(text: str, expected: set[Flag]) -> None:
    assert left_out(text) == expected
