"""Questions that read like an emergency in progress."""

from __future__ import annotations

import pytest

from bot.messages.emergency import ADVICE, advised, reads_like_emergency

NOW = """
I'm being attacked
I am being followed home
Im being robbed
We're being attacked at the bus stop
someone is breaking into my house right now
Somebody is trying to break in to my flat right now
a man is outside my door with a knife, what do the police say?
There's a man with a gun outside
there is someone with a machete outside my window
Help! He is beating me
help my neighbour is attacking me
help me, somebody has been stabbed outside
a woman is being assaulted right now
people are fighting right now outside the pub
they are fighting outside my house
call the police now
send the police please
I need the police now
I need help immediately
get an ambulance now
My husband is hitting me
my boyfriend is going to kill me
someone has been stabbed
someone's been shot in my road
I’ve just been stabbed
I have just been mugged
There is a burglar downstairs
there's an intruder in my house
he has a knife and he is here
someone is following me
I think I am about to be raped
someone is having a heart attack right now
there is a fire in my building right now
""".strip().splitlines()

NOT_NOW = """
How many officers were injured in Brixton?
Who was attacked with a knife in 2018?
What did the Met say about armed patrols?
What did Cressida Dick say about knife crime?
Were people stabbed at Notting Hill Carnival?
How many people were shot last year?
When should I call 999?
When do I call the police on 101?
Is knife crime going up right now?
What is happening in London currently?
Who condemned the violence outside parliament?
How many gangs are there now?
Did anyone attack police officers at the street party?
was a man stabbed in Lambeth
What is a machete?
Who was beaten in the riots?
What help is there for victims of gun crime?
What does the letter ask recovery operators to do?
Do the police carry guns now?
Which officers were hurt?
Who is being followed by the gangs unit?
Were shops broken into during the disorder?
How are the police fighting violent crime?
What did people say about being stopped and searched?
Is it safe to go outside in Brixton?
How many knives were seized?
who shot at police
Were police attacked in their cars?
Can a guard kill an intruder?
""".strip().splitlines()


@pytest.mark.parametrize("sentence", NOW)
def test_danger_now_is_recognised(sentence: str) -> None:
    assert reads_like_emergency(sentence)
    assert reads_like_emergency(sentence.upper())
    assert reads_like_emergency(f"hello, {sentence}. What should I do?")


@pytest.mark.parametrize("sentence", NOT_NOW)
def test_questions_about_the_news_are_no_emergency(sentence: str) -> None:
    assert not reads_like_emergency(sentence)


def test_advice_comes_before_everything_else() -> None:
    assert advised("call the police now", "Answer.") == f"{ADVICE}\nAnswer."
    assert advised("Who was hurt?", "Answer.") == "Answer."


@pytest.mark.parametrize(
    "words",
    ["someone is being getting trying to ", "right now attack ", "help me attack ", "he is "],
)
@pytest.mark.timeout(10)
def test_long_input_is_read_quickly(words: str) -> None:
    """Repetitions must not multiply: 6,000 characters once took a quarter of a minute."""
    reads_like_emergency(words * (6000 // len(words)))
