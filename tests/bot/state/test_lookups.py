"""Look-ups, views and facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.state.views import View
from index.quotes import QuoteQuery
from tests.bot.state.conftest import DAY, Clock

if TYPE_CHECKING:
    from bot.state import State

QUERY = QuoteQuery("Ms Dick", "stop\0 and search", date(2020, 1, 1), None, 100)
PREVIEW = View("summary", 42, {"sentences": [["a", 0, 12]], "note": "<@1> \0 👮"})


def test_a_look_up_is_kept_for_so_many_days(state: State, clock: Clock) -> None:
    kept = state.lookups.keep(42, QUERY, days=30)
    assert state.lookups.kept(kept) == (42, QUERY)
    clock.now += 31 * DAY
    state.lookups.keep(42, QUERY, days=30)
    assert state.lookups.kept(kept) is None


def test_a_view_is_found_by_its_id_and_kind(state: State) -> None:
    view_id = state.views.keep(PREVIEW, days=30)
    assert state.views.kept(view_id, "summary") == PREVIEW
    assert state.views.kept(view_id, "correction") is None
    assert state.views.take(view_id, "correction") is None
    assert state.views.kept("nothing", "summary") is None


def test_views_of_a_kind_are_forgotten_by_what_they_hold(state: State, other: State) -> None:
    mine, kept = (state.views.keep(PREVIEW, days=30) for _ in range(2))
    state.views.change(mine, {"draft": "gone"})
    elsewhere = state.views.keep(View("draft", 42, {"draft": "gone"}), days=30)
    assert other.views.forget("summary", lambda values: values.get("draft") == "gone") == 1
    assert state.views.kept(mine, "summary") is None
    assert state.views.kept(kept, "summary") == PREVIEW
    assert state.views.kept(elsewhere, "draft") is not None
    assert state.views.forget("summary", lambda values: "gone" in values) == 0


def test_a_fact_can_be_forgotten(state: State, other: State) -> None:
    state.facts.put("answers/5", "3")
    state.facts.put("answers/6", "3")
    other.facts.forget("answers/5")
    other.facts.forget("nothing")
    assert state.facts.get("answers/5") is None
    assert state.facts.get("answers/6") == "3"


def test_a_view_can_be_changed_until_it_is_gone(state: State) -> None:
    view_id = state.views.keep(PREVIEW, days=30)
    assert state.views.change(view_id, {"note": "b"})
    assert state.views.kept(view_id, "summary") == replace(PREVIEW, values={"note": "b"})
    assert state.views.take(view_id, "summary") is not None
    assert not state.views.change(view_id, {"note": "c"})


def test_of_two_that_take_a_view_one_gets_it(state: State, other: State) -> None:
    view_id = state.views.keep(PREVIEW, days=30)
    assert state.views.take(view_id, "summary") == PREVIEW
    assert other.views.take(view_id, "summary") is None


def test_old_views_of_a_kind_are_forgotten_when_new_ones_come(state: State, clock: Clock) -> None:
    summary = state.views.keep(PREVIEW, days=30)
    topic = state.views.keep(replace(PREVIEW, kind="topic"), days=90)
    clock.now += 31 * DAY
    state.views.keep(PREVIEW, days=30)
    assert state.views.kept(summary, "summary") is None
    assert state.views.kept(topic, "topic") is not None


def test_facts_are_replaced_and_kept(state: State, other: State) -> None:
    assert state.facts.get("tree") is None
    state.facts.put("tree", "a")
    state.facts.put("tree", "b")
    assert other.facts.get("tree") == "b"
