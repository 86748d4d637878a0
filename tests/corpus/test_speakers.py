"""Who is who in a text: names, roles, organisations, short forms. Everybody is invented."""

from __future__ import annotations

import pytest

from corpus.speakers import Person, gather, parse_run


def only(text: str) -> Person:
    (person,) = gather(text).people
    return person


ROLES = {
    "rank": ("Chief Inspector Ada Brook spoke.", "Chief Inspector", None),
    "rank with an organisation": (
        "Met Police Commissioner Ada Brook spoke.",
        "Met Police Commissioner",
        "Met Police",
    ),
    "lower case before": ("the council leader Ada Brook spoke.", "council leader", None),
    "after, of": (
        "Ada Brook, director of the Kent Housing Trust, spoke.",
        "director of the Kent Housing Trust",
        "Kent Housing Trust",
    ),
    "after, an acronym": ("Ada Brook, head of the NCA, spoke.", "head of the NCA", "NCA"),
    "after, a second role left out": (
        "Ada Brook, leader of the Kent Group and a former mayor, spoke.",
        "leader of the Kent Group",
        "Kent Group",
    ),
    "after, not a role": ("Ada Brook, smiling broadly, spoke.", None, None),
    "after, to the end of nothing": ("Ada Brook, director of", None, None),
    "in brackets": ("Ada Brook (mayor of Leeds) spoke.", "mayor of Leeds", None),
    "apposed before": ("The mayor of Leeds, Ada Brook, spoke.", "mayor of Leeds", None),
    "comma before, no role": ("On the day, Ada Brook spoke.", None, None),
    "noun before, no role": ("Then the happy Ada Brook spoke.", None, None),
    "none": ("Everyone heard Ada Brook speak.", None, None),
    "sign-off": (
        "Yours\n\nAda Brook\nDirector of Fleet\nKent Police Service\n",
        "Director of Fleet",
        "Kent Police Service",
    ),
    "sign-off without organisation": ("Yours\n\nAda Brook\nDirector\nthanks\n", "Director", None),
    "a line of prose under a name": ("\nAda Brook\nThe director came in.\n", None, None),
    "a line of its own at the end": ("\nAda Brook\n", None, None),
    "no role under a name": ("\nAda Brook\nsmiled at it\n", None, None),
}


@pytest.mark.parametrize(("text", "role", "organisation"), ROLES.values(), ids=ROLES)
def test_roles(text: str, role: str | None, organisation: str | None) -> None:
    person = next(p for p in gather(text).people if p.words == ("Ada", "Brook"))
    assert (person.role, person.organisation) == (role, organisation)


def test_a_run_is_taken_apart() -> None:
    text = "On Monday Deputy Commissioner Sir Tom de Vale Friday"
    run = parse_run(text, 0, len(text))
    assert text[slice(*run.role)] == "Deputy Commissioner"
    assert text[slice(*run.name)] == "Sir Tom de Vale"
    assert run.gender == 1
    assert run.honorific == "Sir"


@pytest.mark.parametrize("text", ["On Monday", "Chief Inspector", "Mr"])
def test_a_run_without_a_name_has_no_words(text: str) -> None:
    assert parse_run(text, 0, len(text)).words == ()


def test_the_longer_name_and_the_first_role_stand() -> None:
    person = only("Commander Ada Brook was here, and Ada Jane Brook, head of the NCA, left.")
    assert (person.name, person.role, person.count) == ("Ada Jane Brook", "Commander", 2)


def test_organisations_and_headlines_are_no_people() -> None:
    assert gather("Leeds Police Federation, and Big Red Wet Old Sad Dogs").people == ()


def test_a_title_elsewhere_tells_the_gender() -> None:
    assert only("Kim Brook came. Then Mrs Brook left.").gender == 2


def test_short_names_find_their_person() -> None:
    text = "Sir Tom Vale, the mayor of Leeds, met Commander Ada Brook and Ms Jo Brook."
    roster = gather(text)

    def named(words: str) -> str | None:
        person = roster.named(parse_run(words, 0, len(words)), 0)
        return None if person is None else person.name

    assert named("Sir Tom") == "Sir Tom Vale"
    assert named("Mr Vale") == "Sir Tom Vale"
    assert named("Tom Vale") == "Sir Tom Vale"
    assert named("Jo Brook") == "Jo Brook"
    assert named("Ms Vale") is None
    assert named("Kit Vale") is None
    assert named("Monday") is None
    assert named("Ms Tom") is None


def test_roles_find_their_holder_and_the_latest_before() -> None:
    text = "Mayor Tom Vale was followed by Mayor Ada Brook."
    roster = gather(text)
    assert roster.with_role("mayor", 20) == roster.people[0]
    assert roster.with_role("mayor", len(text)) == roster.people[1]
    assert roster.with_role("mayor", 0) == roster.people[0]
    assert roster.with_role("mayor of Leeds", 50) is None
    assert roster.with_role("spokesman", 50) is None
    assert roster.with_role("river", 50) is None
