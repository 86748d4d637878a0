"""Quotations that a person wrote to mislead, or misremembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.verdict import Finding, Flag

if TYPE_CHECKING:
    from tests.index.planted import PlantedIndex


@pytest.mark.parametrize(
    "posted",
    [
        "We must accept that violence will always be with us in London",
        "The Met will deploy 5,000 officers to tackle knife crime this summer",
        "Londoners should be proud of the way our officers handled the disorder",
        "I am deeply sorry for the events in Brixton last night",
        "Armed officers will patrol every street in London from Monday",
        "We have lost control of the streets and we cannot get it back",
        "The police are not racist and never have been",
        "There will be no more stop and search in the area",
        "The Mayor is clear that armed officers must never patrol our streets",
        "Members of the public should stay at home and not approach the police",
        "Our officers acted with great courage and I thank every one of them",
        "We will arrest everyone who takes part in illegal raves",
        "The Commissioner has apologised to the victims of violent crime",
        "More than 1,000 people were arrested in central London on Wednesday",
        "It is complete nonsense to say that the police are biased",
        "Violence against women and girls is our top priority",
        "A 15-year-old boy has been charged with murder in Hackney",
        "We will hunt down every thug and put them before the courts",
        "Two-tier policing is real and it must stop",
        "The public will see fewer police officers on the streets",
    ],
)
def test_made_up(planted_starter: PlantedIndex, posted: str) -> None:
    assert planted_starter.verify(posted).finding is Finding.ABSENT


@pytest.mark.parametrize(
    ("posted", "flags"),
    [
        ("We will never accept the levels of violence that were directed towards our officers",
         {Flag.MODAL}),
        ("We cannot accept the level of violence directed at our officers last night", set()),
        ("We remain in a public health crisis and these events are illegal", set()),
        ("Every officer in the Met knows that tackling violence is their first priority",
         {Flag.NAME}),
        ("They're thugs and criminals. They're not patriots, they're not protestors", set()),
        ("Keeping Londoners safe is the Mayor's top priority and the Met are always looking",
         {Flag.NUMBER}),
        ("Violence against the police won't be tolerated", set()),
        ("We will use every power, tool and tactic available to us to prevent further disorder",
         set()),
        ("By late summer the aim is to have more than 23,000 officers", {Flag.NUMBER}),
        ("the Met is going after the most dangerous individuals wanted for violence", set()),
        ("I'm in touch with Met Police about the unacceptable events in Brixton last night", set()),
        ("We are rufty tufty and can deal with violent disorder", set()),
        ("You'll face the full force of the law", set()),
        ("Together we can and will tackle violence", set()),
        ("small changes in tactics in extreme circumstances", set()),
        ("The show of force from the police and the show of unity has defeated the challenges",
         set()),
    ],
)  # fmt: skip
def test_misremembered(planted_starter: PlantedIndex, posted: str, flags: set[Flag]) -> None:
    verdict = planted_starter.verify(posted)
    assert verdict.finding is Finding.ALTERED
    assert set(verdict.flags) == flags
