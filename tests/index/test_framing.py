"""What of a post is the quotation, and what the poster put around it."""

from __future__ import annotations

import pytest

from index.framing import framings, plain

WORDS = "We cannot accept it"


def read(posted: str) -> list[tuple[str, str | None, bool]]:
    return [
        (posted[one.span.start : one.span.end], one.attributed_to, one.certain)
        for one in framings(posted)
    ]


@pytest.mark.parametrize(
    ("around", "name"),
    [
        ('"{}" - Commander Bas Javid', "Commander Bas Javid"),
        ("“{}” — Bas Javid, 26 June 2020", "Bas Javid"),
        ("“{},” said Bas Javid.", "Bas Javid"),
        ("“{}”, Bas Javid told Sky News on Friday", "Bas Javid"),
        ('"{}"\nSadiq Khan', "Sadiq Khan"),
        ('"{}" (Ken Marsh, chairman of the Police Federation)',
         "Ken Marsh, chairman of the Police Federation"),
        ("'{}' ~ the Met Commissioner https://example.org/x", "the Met Commissioner"),
        ('"{}" - sadiq khan', "sadiq khan"),
        ('Bas Javid: "{}"', "Bas Javid"),
        ("Commander Bas Javid said: “{}.”", "Commander Bas Javid"),
        ("The mayor of London told reporters that “{}”", "The mayor of London"),
        ("According to Ms Dick, “{}”.", "Ms Dick"),
    ],
)  # fmt: skip
def test_an_attribution_beside_the_marks_is_left_out(around: str, name: str) -> None:
    posted = around.format(WORDS)
    whole, other = read(posted)
    assert whole == (posted, None, False)
    assert other[0].strip("\"'“”.,") == WORDS
    assert other[1:] == (name, True)


def test_without_marks_it_may_be_one() -> None:
    assert read(f" {WORDS} – Sadiq Khan ") == [
        (f"{WORDS} – Sadiq Khan", None, False),
        (WORDS, "Sadiq Khan", False),
    ]


@pytest.mark.parametrize(
    "posted",
    [
        WORDS,
        f"“{WORDS}”",
        '"hostile" crowd.',
        'the "hostile" crowd',
        'He added: "We cannot accept it"',
        'He said the it was "absolutely shocking"',
        'for Sadiq Khan, the mayor of London, said: "We cannot accept it"',
        '"absolutely shocking", adding: "We are here"',
        "They're thugs – They're not patriots",
        "“We cannot accept it” - 2020",
        "“We cannot accept it” - and so we will do what nobody has done before us at all",
        '"A" ',
        '"',
        "' '",
        '" a',
        f'{"word " * 40}"{WORDS}"',
        'Sadiq Khan: " a"',
        '"We cannot accept it " said Khan',
    ],
)
def test_other_words_are_part_of_the_text(posted: str) -> None:
    assert read(posted) == [(posted.strip(), None, False)]


def test_signs_of_quoted_lines_become_spaces() -> None:
    assert plain("> a\n>b\n>>> c > d\n  > e") == "  a\n>b\n    c > d\n    e"
