"""One person over several documents: every name, every office by date, every quotation."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from corpus.document import PartialDate
from corpus.library import Library
from index.people import Office, is_asked_for, person_key
from tests.bot.conftest import add_document
from tests.small_index import index_of

if TYPE_CHECKING:
    from index.people import Person

DOCUMENTS = {
    "a-inquiry": (
        "kind: news\npublished: 2024-03-01",
        """Dame Ada Brook, chair of the Harbour Inquiry, said: “The harbour was not safe.”

Dame Ada added: “We will report in May.”""",
    ),
    "b-burglary": (
        "kind: news\npublished: 2018",
        """Commissioner Ada Brook said: “Burglary fell by 12% this year.”

Commissioner Tom Marsh said: “It rose in the north.”""",
    ),
    "c-early": (
        "kind: news\npublished: 2011-05",
        "Superintendent Ada Brook said: “The estate is calm tonight.”",
    ),
    "d-undated": ("kind: letter", "Ada Brook, a governor of the school, said: “Read more.”"),
    "e-other": (
        "kind: news\npublished: 2024-03-02",
        "A spokesperson for Ada Brook said: “She is resting.”\n\nTom Brook said: “I am not she.”",
    ),
}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Person]:
    """Everybody in a library of these documents, by key."""
    folder = tmp_path_factory.mktemp("people")
    (folder / "documents").mkdir()
    for name, (front, text) in DOCUMENTS.items():
        add_document(folder / "documents", name, text, front)
    reading = Library(folder / "documents").read()
    assert reading.refused == ()
    return {one.key: one for one in index_of(folder, reading.documents).catalogue.people()}


def test_one_person_is_one_and_nobody_else(people: dict[str, Person]) -> None:
    assert set(people) == {
        "ada brook", "tom marsh", "tom brook", "spokesperson for ada brook",
    }  # fmt: skip
    assert next(iter(people)) == "ada brook", "the most quoted is first"
    assert {key: one.quotations for key, one in people.items() if key != "ada brook"} == {
        "tom marsh": 1, "tom brook": 1, "spokesperson for ada brook": 1,
    }  # fmt: skip


def test_the_fullest_name_stands_for_all(people: dict[str, Person]) -> None:
    brook = people["ada brook"]
    assert brook.name == "Dame Ada Brook"
    assert brook.aliases == ("Dame Ada Brook", "Ada Brook")
    assert brook.quotations == 5


def test_offices_are_in_order_of_date_undated_last(people: dict[str, Person]) -> None:
    offices = people["ada brook"].offices
    assert [(one.role, one.document_id, str(one.published)) for one in offices] == [
        ("Superintendent", "c-early", "2011-05"),
        ("Commissioner", "b-burglary", "2018"),
        ("chair of the Harbour Inquiry", "a-inquiry", "2024-03-01"),
        ("governor of the school", "d-undated", "None"),
    ]
    assert people["tom brook"].offices == ()


def test_an_office_of_one_year_is_not_that_of_another(people: dict[str, Person]) -> None:
    commissioners = {
        (one.name, office.published)
        for one in people.values()
        for office in one.offices
        if office.role == "Commissioner"
    }
    assert commissioners == {
        ("Dame Ada Brook", PartialDate(2018)), ("Tom Marsh", PartialDate(2018)),
    }  # fmt: skip
    assert people["tom marsh"].offices == (
        Office("Commissioner", None, "b-burglary", PartialDate(2018)),
    )


def test_every_alias_means_its_person(people: dict[str, Person]) -> None:
    for one in people.values():
        for alias in one.aliases:
            assert person_key(alias) == one.key
            assert is_asked_for(alias, one.name, None, None)
            others = [other.name for other in people.values() if other is not one]
            assert not any(is_asked_for(alias, name, None, None) for name in others)


@pytest.mark.parametrize("words", [*permutations(("brook", "ada", "commissioner"))])
def test_words_of_a_name_and_its_office_come_in_any_order(words: tuple[str, ...]) -> None:
    assert is_asked_for(" ".join(words), "Dame Ada Brook", "Commissioner", "Metropolitan Police")
    assert not is_asked_for(" ".join(words), "Tom Brook", "Commissioner", "Metropolitan Police")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Met", True), ("metropolitan police", True), ("MPS", True), ("Met Police", True),
        ("City of London Police", False), ("police dog", False),
    ],
)  # fmt: skip
def test_an_organisation_is_asked_for_under_any_of_its_names(asked: str, *, meant: bool) -> None:
    assert is_asked_for(asked, "Ada Brook", None, "Metropolitan Police") is meant


def test_a_description_without_anybody_before_its_for_is_nobody() -> None:
    assert not is_asked_for("the family", "for the family", None, None)
