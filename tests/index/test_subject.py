"""What to search for to find what a message is about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.subject import subject

_STORY = (
    "So yesterday I was walking home with my brother and we saw police vans in Brixton again, lots "
    "of them really, and my brother said that this is about the carnival and I think he is wrong "
    "because the carnival is never in Brixton anyway"
)
_FREQUENCIES = {"brixton": 3, "polic": 50, "carniv": 2, "van": 1, "wrong": 9, "home": 40}


def frequency(stem: str) -> int:
    return _FREQUENCIES.get(stem, 0)


def test_a_short_message_is_searched_for_as_it_is() -> None:
    assert subject("Knife crime is down in London!", frequency) == "Knife crime is down in London!"


def test_a_message_without_a_subject_is_about_nothing() -> None:
    for message in ("", "so what?", "!!! 👮 ???", "it is what it is"):
        assert subject(message, frequency) is None
    assert subject("blah yadda " * 30, frequency) is None


def test_of_a_long_message_the_rare_words_of_the_corpus_are_taken_in_order() -> None:
    assert subject(_STORY, frequency) == "home police vans Brixton carnival wrong"


def test_no_more_than_a_dozen_of_the_rarest_are_taken() -> None:
    words = [f"word{chr(97 + n)}" for n in range(26)]
    found = subject(" ".join(words), lambda stem: ord(stem[4]) if len(stem) > 4 else 1)
    assert found is not None
    assert found.split() == words[:12]


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    found = subject(text, lambda _: 1)
    assert found is None or found.strip()
