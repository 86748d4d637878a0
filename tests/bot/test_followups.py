"""Replies to an answer: who said that, when, and the topic kept."""

from __future__ import annotations

import pytest

from bot.followups import FollowUp, continued

_QUESTION = "How many officers were hurt in Brixton?"
_WHO = (
    "who said that?", "and who said that?", "Who said it", "who says so?", "so who said this then?",
    "who told them that?", "whose words are these?", "Whose quote is that?", "said by whom?",
    "by whom?", "who's that from?", "Who is being quoted here?", "who is speaking", "speaker?",
    "ok, who actually said that", "from whom?", "who wrote that?", "who said?",
)  # fmt: skip
_WHEN = (
    "when?", "and when?", "When exactly?", "when was that?", "when was this said?",
    "when was it published?", "what date was that?", "on which day", "how old is that?",
    "when did they say that?", "when did the Met say that", "source?", "what's the source?",
    "Sources", "where is that from?", "where did they say that?", "link?", "and the date?",
    "when are these from?", "which year was it from?",
)  # fmt: skip
# The reply, and what of the topic has to be searched for with it.
_TOPIC = {
    "where?": {"officers", "hurt", "Brixton"},
    "why?": {"officers", "hurt", "Brixton"},
    "And what about drugs?": {"drugs", "officers", "hurt", "Brixton"},
    "and in Hackney?": {"Hackney", "officers", "hurt"},
    "What about Tottenham?": {"Tottenham", "officers", "hurt"},
    "how did that happen?": {"officers", "hurt", "Brixton"},
    "Were they arrested?": {"arrested", "officers", "hurt", "Brixton"},
    "what happened to the police cars there?": {"police", "cars", "Brixton"},
    "who was hurt?": {"officers", "Brixton", "hurt"},
    "tell me more": {"officers", "hurt", "Brixton"},
    "was it the same in the summer of the riots?": {"riots", "officers", "Brixton"},
    "when did it start?": {"start", "officers", "Brixton"},
    "who?": {"officers", "hurt", "Brixton"},
    "and in 2024?": {"2024", "officers", "hurt", "Brixton"},
}
_NEW = (
    "How many arrests were made at Notting Hill Carnival?",
    "Which drugs were seized by detectives in Lewisham",
    "officers that were injured during protests",
    "Who condemned the raves in Tottenham?",
)


@pytest.mark.parametrize("reply", _WHO)
def test_who_said_that_is_asked_in_many_ways(reply: str) -> None:
    assert continued(reply, _QUESTION).what is FollowUp.WHO


@pytest.mark.parametrize("reply", _WHEN)
def test_when_and_where_from_is_asked_in_many_ways(reply: str) -> None:
    assert continued(reply, _QUESTION).what is FollowUp.WHEN


@pytest.mark.parametrize("reply", _TOPIC)
def test_a_reply_that_leans_on_the_question_takes_its_topic_along(reply: str) -> None:
    found = continued(reply, _QUESTION)
    assert found.what is FollowUp.QUESTION
    assert found.has_topic
    assert _TOPIC[reply] <= set(found.text.replace("?", "").split())
    assert found.asked.startswith(f"{reply} (about: ")


@pytest.mark.parametrize("reply", _NEW)
def test_a_question_that_stands_by_itself_is_left_alone(reply: str) -> None:
    found = continued(reply, _QUESTION)
    assert (found.what, found.text, found.asked) == (FollowUp.QUESTION, reply, reply)
    assert not found.has_topic


def test_a_place_or_date_takes_the_place_of_the_one_before() -> None:
    assert "Brixton" not in continued("and in Hackney?", _QUESTION).text
    assert "Brixton" not in continued("What about Tottenham?", _QUESTION).text
    dated = "How many officers were hurt in June 2020?"
    assert continued("and in 2019?", dated).text == "and in 2019 officers hurt"
    assert "2020" in continued("and why?", dated).text


def test_a_person_is_the_one_who_was_quoted() -> None:
    found = continued("what else did she say?", "armed patrols", ("Cressida Dick", "Somebody"))
    assert found.text == "what else did she say Cressida Dick armed patrols"
    assert "Dick" not in continued("what else?", "armed patrols", ("Cressida Dick",)).text


def test_a_topic_is_carried_through_several_replies() -> None:
    first = continued("and why?", _QUESTION)
    second = continued("and who was arrested?", first.asked)
    assert {"arrested", "officers", "hurt", "Brixton"} <= set(second.text.split())
    assert "about" not in second.text.split()


def test_without_a_topic_the_reply_is_all_there_is() -> None:
    found = continued("why?", "what about it?")
    assert (found.text, found.has_topic) == ("why?", False)


@pytest.mark.parametrize(
    "piece", ["and ", "and, ", "who said that ", "when ", "In Aa ", "?", "that "]
)
def test_long_replies_are_read_in_no_time(piece: str) -> None:
    """A pattern that looks back would take minutes for these."""
    text = (piece * 4_000)[:4_000]
    assert continued(text, text, (text,)).asked
