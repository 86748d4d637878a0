"""Answers that were found already: of one snapshot, the last used ones."""

from __future__ import annotations

from bot.answer_cache import AnswerCache


def test_an_answer_is_known_in_its_snapshot_alone() -> None:
    cache: AnswerCache[str] = AnswerCache(3)
    earlier, later = object(), object()
    cache.put(earlier, "who", "words")
    assert cache.get(earlier, "who") == "words"
    assert cache.holds(earlier, "who")
    assert cache.get(earlier, "when") is None
    assert not cache.holds(earlier, "when")
    assert not cache.holds(later, "who")
    assert cache.get(later, "who") is None
    cache.put(later, "when", "other words")
    assert cache.get(earlier, "who") is None
    assert len(cache) == 1


def test_the_one_used_longest_ago_goes_first() -> None:
    cache: AnswerCache[int] = AnswerCache(2)
    snapshot = object()
    for number in (1, 2):
        cache.put(snapshot, number, number)
    assert cache.get(snapshot, 1) == 1
    cache.put(snapshot, 3, 3)
    assert [cache.get(snapshot, number) for number in (1, 2, 3)] == [1, None, 3]
