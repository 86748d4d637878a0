"""Where sentences, headings and blocks of lines begin and end: planted in texts, found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Span
from corpus.sentences import Unit, UnitKind, first_sentence, paragraphs, units
from tests.corpus.test_starter import ARMED, BRIXTON, EFFORTS, LETTER

if TYPE_CHECKING:
    from corpus.document import Document

KINDS = {"H": UnitKind.HEADING, "L": UnitKind.LINES}


def planted(*pieces: str) -> tuple[str, list[tuple[Span, UnitKind]]]:
    """A text of pieces and its units: "S:", "H:" and "L:" begin a unit, all else is between."""
    text, expected = "", []
    for piece in pieces:
        kind, mark, words = piece.partition("|")
        if not mark:
            text += piece
            continue
        expected.append(
            (Span(len(text), len(text) + len(words)), KINDS.get(kind, UnitKind.SENTENCE))
        )
        text += words
    return text, expected


def found(text: str) -> list[tuple[Span, UnitKind]]:
    return [(unit.span, unit.kind) for unit in units(text)]


PLANTED = {
    "two sentences": ("S|He ran.", " ", "S|She fell."),
    "no end mark": ("S|The Met has merged two of its teams to help drive down knife crime",),
    "titles": ("S|Mr Javid met Mr. Khan and Ms. Dick.", " ", "S|Dr. Who and St. Paul came."),
    "ranks": ("S|Det. Insp. Ann Lee and Cmdr. Bas Javid spoke.", " ", "S|Sgt. Bilko did not."),
    "initials": ("S|J. K. Rowling and George W. Bush met.", " ", "S|They left."),
    "dotted letters": ("S|The U.K. Police and the U.S.A. Army met.", " ", "S|They left."),
    "latin": ("S|Weapons, e.g. Knives, i.e. Blades, etc. Were taken.", " ", "S|All went."),
    "months and numbers": ("S|On 3 Jan. 2020 No. 10 said so.", " ", "S|It did."),
    "decimals": ("S|It rose 3.5 per cent to £1.2 million.", " ", "S|It fell."),
    "ellipsis inside": ("S|They will face... the streets.", " ", "S|Soon."),
    "ellipsis at an end": ("S|They waited…", " ", "S|Nobody came..."),
    "many marks": ("S|Really?!", " ", "S|Yes!!!", "  ", "S|No."),
    "speech runs on": ("S|“Who did it?” Commander Bas Javid asked.", " ", "S|Nobody knew."),
    "shout runs on": ('S|"Stop!" Mr Khan said.', " ", "S|They did."),
    "question in speech": ("S|“Who did it?", " ", "S|Where are they?”", " ", "S|Nobody knew."),
    "quotation ends": ("S|He said: “Go.”", " ", "S|“Now!”", " ", "S|They went."),
    "closing marks": ('S|(He said "go.")', " ", "S|They went [at once.]", " ", "S|Good."),
    "money begins": ("S|He paid.", " ", "S|£100 was found."),
    "a number begins": ("S|He left.", " ", "S|20 officers stayed."),
    "accents begin": ("S|He left.", " ", "S|Élan stayed behind."),
    "small letter goes on": ("S|He went to the U.K. yesterday.",),
    "no space": ("S|That was this evening...I want to thank you.",),
    "a line break in it": ("S|The officers\nran away.", "\n", "S|They hid."),
    "windows": ("S|He ran.", " ", "S|She\r\nfell.", "\r\n\r\n", "S|They left."),
    "blank lines with spaces": ("S|He ran.", "\n \t\n\n   ", "S|She fell."),
    "run-in heading": ("H|Well prepared:", " ", "S|Ahead of Wednesday, the police made ready."),
    "quoted heading": ("H|Two-tier “nonsense”:", " ", "S|On Wednesday the head of the Met spoke."),
    "heading mid-paragraph": (
        "S|It ended well.", " ", "H|Keep standing together:", " ",
        "S|Londoners will have seen more of them.",
    ),
    "speech is no heading": ("S|Commander Bas Javid said: We remain in a public health crisis.",),
    "statement is no heading": ("S|Statement by the Met: We remain in a public health crisis.",),
    "a long phrase is no heading": (
        "S|One two three four five six seven eight nine: Ten eleven twelve thirteen fourteen.",
    ),
    "little after it is no heading": ("S|The answer: No more.",),
    "address": ("L|6th Floor\nNew Scotland Yard\nLondon", "\n\n", "S|Dear all, thank you."),
    "caption": ("L|Photo by King's Church on Unsplash", "\n\n", "S|He ran."),
    "date line": ("L|Date: 09/08/2024", "\n\n", "L|Dear Colleagues,"),
    "list": ("- ", "S|Guns were taken.", " ", "S|A van was too.", "\n- ", "S|A man was jailed."),
    "numbered": ("1. ", "S|Run away.", "\n2) ", "S|Hide well.", "\n(3) ", "S|Tell us."),
    "other bullets": ("• ", "L|knives", "\n  * ", "L|guns", "\n\t– ", "L|drugs"),
    "indented at once": ("L|We found:", "\n\n   - ", "L|knives", "\n   - ", "L|guns"),
    "bullet alone": ("L|-",),
    "hyphen is no bullet": ("L|-5 degrees",),
}  # fmt: skip


@pytest.mark.parametrize("pieces", PLANTED.values(), ids=PLANTED)
def test_planted_units_are_found_at_their_offsets(pieces: tuple[str, ...]) -> None:
    text, expected = planted(*pieces)
    assert found(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n \u2003"])
def test_a_blank_text_has_no_units(text: str) -> None:
    assert units(text) == ()
    assert list(paragraphs(text)) == []
    assert first_sentence(text) is None


def test_paragraphs_lie_between_blank_lines() -> None:
    text = "\n One\ntwo. \n\n\n  Three.\r\n\r\nFour"
    spans = [text[span.start : span.end] for span in paragraphs(text)]
    assert spans == ["One\ntwo.", "Three.", "Four"]


def test_paragraphs_are_numbered_and_each_item_of_a_list_is_one() -> None:
    text = "One. Two.\n\nWe saw it all happen there.\n- Three. Four.\n- Five.\n\nSix."
    assert [unit.paragraph for unit in units(text)] == [0, 0, 1, 2, 2, 3, 4]


def test_the_first_sentence_passes_over_headings_and_captions() -> None:
    text = "A headline\n\nPhoto by Ann\n\nPolice ran. They fell."
    assert first_sentence(text) == Span(26, 37)


def test_without_a_sentence_the_first_lines_do() -> None:
    assert first_sentence("\nA headline\n\nA caption") == Span(1, 11)


def test_a_unit_says_what_it_is() -> None:
    assert units("He ran.") == (Unit(Span(0, 7), 0, UnitKind.SENTENCE),)


SENTENCE, HEADING, LINES = UnitKind.SENTENCE, UnitKind.HEADING, UnitKind.LINES
STARTER_UNITS = {
    ARMED: [
        (LINES, "Met police considers armed patrols to stop gang violence"),
        (LINES, "Photo by King's Church International on Unsplash"),
        (SENTENCE, "He would expect full consultation on any decisions of this nature.”"),
        (LINES, "Words: Leyi Chen | Subbing: Fiona Patterson"),
    ],
    BRIXTON: [
        (SENTENCE, 'Violence against the police will not be tolerated".'),
        (SENTENCE, "Police said the party was finally cleared in the early hours of Thursday."),
    ],
    LETTER: [
        (LINES, "Professional Recovery Operators Federation\nPROF\n(By email)"),
        (LINES, "Date: 09/08/2024"),
        (HEADING, "Well Prepared:"),
        (
            SENTENCE,
            'Our message to the criminals was clear: "You will face the full force of the law."',
        ),
        (HEADING, "Setting the tone and community unity:"),
        (HEADING, "Two-tier “nonsense”:"),
        (SENTENCE, "“We operate independently, under the law."),
        (SENTENCE, "They are putting them at risk...”"),
        (SENTENCE, "A stolen van parked outside the restaurant was also recovered by officers."),
        (LINES, "Best wishes"),
    ],
    EFFORTS: [
        (SENTENCE, "“But we cannot do this alone."),
        (SENTENCE, "Together we can, and will, tackle violence.”"),
    ],
}


@pytest.mark.parametrize("name", STARTER_UNITS)
def test_the_starter_documents_are_split_as_a_reader_would(
    name: str, starter_documents: dict[str, Document]
) -> None:
    document = starter_documents[name]
    here = {(unit.kind, document.text_at(unit.span)) for unit in units(document.text)}
    assert [one for one in STARTER_UNITS[name] if one not in here] == []
