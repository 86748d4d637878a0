"""Planted quotations: a known stretch goes in, its exact offsets and its speaker come out.

``⟦`` and ``⟧`` in a text stand around what must be found and are taken out before it is read.
Everybody here is invented.
"""

from __future__ import annotations

import re

import pytest

from corpus.document import Span
from corpus.quotations.extract import extract
from corpus.quotations.features import NAMES, SIZES
from corpus.quotations.marks import find_segments
from corpus.quotations.model import load_model
from corpus.quotations.types import QuotationKind, Speaker

COMMANDER = "Commander Ada Brook told reporters that patrols had started.\n\n"


def planted(text: str) -> tuple[str, list[Span]]:
    """The text without the brackets, and the spans that they held."""
    spans, start, out = [], 0, ""
    for part in re.split("([⟦⟧])", text):
        if part == "⟦":
            start = len(out)
        elif part == "⟧":
            spans.append(Span(start, len(out)))
        else:
            out += part
    return out, spans


MARKS = {
    "straight": 'Ada Brook said: "⟦We will stay.⟧"',
    "curly": "Ada Brook said: “⟦We will stay.⟧”",
    "mixed": 'Ada Brook said: “⟦We will stay.⟧"',
    "closing mark faces the wrong way": "Ada Brook said: “⟦We will stay.⟧“ Then she left.",
    "opening mark faces the wrong way": "Ada Brook said: ”⟦We will stay.⟧” Then she left.",
    "both face the wrong way": "Ada Brook said, ”⟦we will stay⟧“ and left.",
    "guillemets": "Ada Brook said: «⟦We will stay.⟧»",
    "low opening mark": "Ada Brook said: „⟦We will stay.⟧“",
    "blanks inside": 'Ada Brook said: " ⟦We will stay.⟧ "',
    "single term, curly": "The ‘⟦two-tier⟧’ claim was the Met’s own.",
    "single term, straight": "The '⟦anti-war⟧' gatherings were the Met's concern.",
    "plural possessive near": "The '⟦anti-war⟧' march passed officers' homes, the others' too.",
    "single quotation, British": "'⟦We respect officers' rights,⟧' said Ada Brook.",
    "apostrophes only": "The officers' dogs weren't there, rock 'n' roll or not.",
    "elision": "They told ‘em it was the summer of ’68 and ’tis so.",
    "term in a double": "Ada Brook said: \"⟦The 'two-tier' claim is false.⟧\"",
    "double in a double": 'Ada Brook said: "⟦They shouted “out” at us.⟧"',
    "inches": 'A 6" blade and a 12" bar were found.',
    "markup": '<a href="x.html">Ada</a> said "⟦no more⟧" to it.',
    "unclosed ends with its paragraph": 'Ada Brook said: "⟦We will stay.⟧\n\nThe road opened.',
    "unclosed, lines": 'Ada Brook said: "⟦We will stay.⟧\nThe road opened again.',
    "unclosed, wrapped lines": 'Ada Brook said: "⟦We stay for\nas long as it takes.⟧\n\nDone.',
    "wrapped lines": 'Ada Brook said: "⟦We will stay. It\nmatters.⟧" She left.',
    "unclosed before another": 'He said "⟦this is odd, and⟧ "⟦this is not⟧".',
    "a lone closing mark": 'The road opened again." Nobody was hurt.',
    "empty": 'He said "" and then "⟦yes⟧".',
    "no words": 'He said "…" and then "⟦yes⟧".',
    "three marks": 'She said "⟦yes⟧" and "⟦no, never.⟧\n\nThe end.',
}


@pytest.mark.parametrize("text", MARKS.values(), ids=MARKS)
def test_marks(text: str) -> None:
    plain, wanted = planted(text)
    assert [span for found in extract(plain) for span in found.spans] == wanted


def test_a_quotation_over_paragraphs_that_closes_once_is_one() -> None:
    text, wanted = planted(
        "Ada Brook said: “⟦One.⟧\n\n“⟦Two.⟧\n\n“⟦Three.⟧”\n\nNobody left. “⟦Late⟧” is a word."
    )
    first, second = extract(text)
    assert first.spans == tuple(wanted[:3])
    assert second.spans == (wanted[3],)


def test_a_paragraph_that_closes_does_not_run_on() -> None:
    text, wanted = planted("Ada Brook said: “⟦One is enough.⟧”\n\n“⟦Two is not,⟧” said Tom Vale.")
    assert [found.spans for found in extract(text)] == [(span,) for span in wanted]


SPLIT = {
    "goes on after a comma": '"⟦We will stay,⟧" said Ada Brook, "⟦and we will win.⟧"',
    "a new sentence": '"⟦We will stay,⟧" said Ada Brook. "⟦It matters to us.⟧"',
}


@pytest.mark.parametrize("text", SPLIT.values(), ids=SPLIT)
def test_a_split_quotation_is_one(text: str) -> None:
    plain, wanted = planted(text)
    (found,) = extract(plain)
    assert found.spans == tuple(wanted)
    assert found.speaker == Speaker("Ada Brook")


def test_two_quotations_of_two_people_are_two() -> None:
    found = extract('"We will stay," said Ada Brook. "We will not," said Tom Vale.')
    assert [quotation.speaker for quotation in found] == [Speaker("Ada Brook"), Speaker("Tom Vale")]


BROOK = Speaker("Ada Brook", "Commander")
WHO: dict[str, tuple[str, Speaker | None]] = {
    "cue before": ('Commander Ada Brook said: "It is over."', BROOK),
    "cue after": ('"It is over," Commander Ada Brook said.', BROOK),
    "inverted": ('"It is over," said Commander Ada Brook.', BROOK),
    "in the middle": ('"It is over," said Commander Ada Brook, "and done."', BROOK),
    "a colon alone": ('Commander Ada Brook: "It is over."', BROOK),
    "a heading": ('Statement from Commander Ada Brook:\n\n"It is over."', BROOK),
    "according to": ('According to Commander Ada Brook, it was "over and done".', BROOK),
    "pronoun": (COMMANDER + 'She added: "It is over."', BROOK),
    "surname": (COMMANDER + 'Ms Brook said: "It is over."', BROOK),
    "dotted title": (COMMANDER + 'Ms. Brook said: "It is over."', BROOK),
    "bare surname": (COMMANDER + '"It is over," Brook said.', BROOK),
    "rank and surname": (COMMANDER + 'Cdr Brook said: "It is over."', BROOK),
    "role alone": (COMMANDER + 'The commander said: "It is over."', BROOK),
    "named later": ('Ms Brook said: "It is over."\n\nCommander Ada Brook leads it.', BROOK),
    "indirect": (COMMANDER + 'Ms Brook said that it was "already" over.', BROOK),
    "relative": ('It was Commander Ada Brook who said "it is over" first.', BROOK),
    "knight": (
        'Commissioner Sir Tom Vale was there.\n\nSir Tom said: "It is over."',
        Speaker("Sir Tom Vale", "Commissioner"),
    ),
    "role before": (
        'Leeds mayor Tom Vale said: "It is over."',
        Speaker("Tom Vale", "Leeds mayor"),
    ),
    "apposition": (
        'Tom Vale, chairman of the Leeds Police Federation, said: "It is over."',
        Speaker("Tom Vale", "chairman of the Leeds Police Federation", "Leeds Police Federation"),
    ),
    "apposition before": (
        'The mayor of Leeds, Tom Vale, said: "It is over."',
        Speaker("Tom Vale", "mayor of Leeds"),
    ),
    "the mayor": (
        'Tom Vale, the mayor of Leeds, was there.\n\nThe mayor said: "It is over."',
        Speaker("Tom Vale", "mayor of Leeds"),
    ),
    "spokesperson": (
        'A spokesperson for Tom Vale, the mayor of Leeds, said: "It is over."',
        Speaker("A spokesperson for Tom Vale", "spokesperson"),
    ),
    "police": ('Police said they left but "will be back soon".', Speaker("Police")),
    "a noun of no list": ('"It is over," the beekeeper said.', Speaker("the beekeeper")),
    "a noun of no list, inverted": (
        '"It is over," said the beekeeper.',
        Speaker("the beekeeper"),
    ),
    "nobody": ('The so-called "wonder week" ended.', None),
    "a name in another role than a person's": (
        '"It is over," said the Leeds Police Federation.',
        Speaker("Leeds Police Federation"),
    ),
    "a role that nobody holds": ('The mayor said: "It is over."', Speaker("The mayor")),
    "a rank that somebody holds": (COMMANDER + 'Commander said: "It is over."', BROOK),
    "a rank that nobody holds": ('Commander said: "It is over."', Speaker("Commander")),
    "a pronoun with nobody before": ('He said: "It is over."', None),
    "who, with nobody before": ('And who said "it is over" then?', None),
    "our message": ('Our message was clear: "It is over."', None),
    "named only after a heading": ("A big “mess”: on Monday Ada Brook was there.", None),
    "a statement from somebody": (
        'A statement from Commander Ada Brook said: "It is over."',
        BROOK,
    ),
    "they": ('They said: "It is over."', None),
    "nickname": (
        'Ada "Ace" Brook was there.\n\n"It is over," Brook said.',
        Speaker('Ada "Ace" Brook'),
    ),
}


@pytest.mark.parametrize(("text", "speaker"), WHO.values(), ids=WHO)
def test_who_said_it(text: str, speaker: Speaker | None) -> None:
    assert extract(text)[-1].speaker == speaker


def test_the_title_of_a_work_is_no_quotation() -> None:
    assert extract('The film "Night Train of the North" opened in June.') == ()
    assert [q.kind for q in extract('The so-called "Night train" opened.')] == [QuotationKind.TERM]


def test_a_mention_and_a_cue_are_where_they_stand() -> None:
    text = COMMANDER + '"It is over," Ms Brook added.'
    (found,) = extract(text)
    assert found.speaker_span is not None
    assert found.cue_span is not None
    assert text[found.speaker_span.start : found.speaker_span.end] == "Ms Brook"
    assert text[found.cue_span.start : found.cue_span.end] == "added"


def test_two_people_of_one_surname_are_told_apart_by_title() -> None:
    text = (
        "Tom Vale and Ada Vale run the club. Mr Vale said: “He is right.”\n\n"
        "Mrs Vale said: “She is right.”"
    )
    found = extract(text)
    assert [quotation.speaker for quotation in found] == [Speaker("Tom Vale"), Speaker("Ada Vale")]


def test_a_pronoun_is_not_somebody_of_the_other_gender() -> None:
    text = 'Tom Vale and Ms Ada Brook were there. Mr Vale smiled.\n\nShe said: "It is over."'
    assert extract(text)[0].speaker == Speaker("Ada Brook")


def test_kinds() -> None:
    text = 'Ada Brook said: "We will stay." She called it "a good day". The "Big Bin" is a bin.'
    assert [found.kind for found in extract(text)] == [
        QuotationKind.DIRECT,
        QuotationKind.PARTIAL,
        QuotationKind.TERM,
    ]


def test_a_nickname_is_a_term_and_nobody_said_it() -> None:
    nickname, said = extract("Ada “Ace” Brook said: “It is over.”")
    assert (nickname.kind, nickname.speaker) == (QuotationKind.TERM, None)
    assert said.speaker == Speaker("Ada “Ace” Brook")


def test_a_long_stretch_of_nobodys_is_speech_and_no_term() -> None:
    (found,) = extract("“The river rises in the hills and it falls to the sea in the end.”")
    assert (found.kind, found.speaker) == (QuotationKind.DIRECT, None)


def test_a_text_without_marks_has_no_quotations() -> None:
    assert extract("Ada Brook said that it was over.") == ()
    assert extract("") == ()


def test_lone_carriage_returns_are_line_breaks() -> None:
    text, wanted = planted('Ada Brook said: "⟦One.⟧\r\r"⟦Two.⟧"\r\rDone.')
    assert extract(text)[0].spans == tuple(wanted)


def test_segments_know_their_marks() -> None:
    (segment,) = find_segments('He said "yes".')
    assert (segment.outer_start, segment.start, segment.end, segment.outer_end) == (8, 9, 12, 13)
    assert segment.closed
    assert not segment.continues
    assert not segment.single


def test_the_weights_fit_the_features() -> None:
    model = load_model()
    assert len(NAMES) == len(SIZES)
    for one, two, table in model.head + model.tail:
        assert len(table) == SIZES[one]
        assert {len(row) for row in table} == {SIZES[two]}
    assert 0 < model.confidence(0.1) < model.confidence(0.9) < 1
