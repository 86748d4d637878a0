"""What a server says by its status and its Retry-After."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FetchError
from corpus.responses import LONGEST_RETRY_AFTER, reason, retry_after
from tests.publisher import Publisher, Reply
from tests.publisher.reader import NOW, get


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 26 Jun 2026 12:01:30 GMT", 90.0),
        ("Fri, 26 Jun 2026 13:00:00 +0100", 0.0),
        ("Fri, 26 Jun 2020 12:00:00 GMT", 0.0),
        ("9" * 40, LONGEST_RETRY_AFTER),
        ("Fri, 26 Jun 9999 12:00:00 GMT", LONGEST_RETRY_AFTER),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
    ],
)
async def test_a_server_that_asks_for_a_rest_says_how_long(
    publisher: Publisher, status: int, stated: str | None, seconds: float | None
) -> None:
    headers = {} if stated is None else {"Retry-After": stated}
    publisher.routes["/page"] = Reply(status=status, headers=headers)
    with pytest.raises(FetchError, match="asks to be left alone for now") as refusal:
        await get(publisher.url("/page"))
    assert (refusal.value.status, refusal.value.retry_after) == (status, seconds)


@given(st.text(max_size=40))
def test_any_wish_for_a_rest_is_a_bounded_one_or_none(stated: str) -> None:
    seconds = retry_after(stated, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER


def test_a_date_without_a_zone_is_taken_for_utc() -> None:
    assert retry_after("Fri, 26 Jun 2026 12:01:00 -0000", NOW) == 60.0


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (204, "204 No Content"),
        (206, "206 Partial Content"),
        (400, "400 Bad Request"),
        (403, "403 Forbidden"),
        (404, "404 Not Found"),
        (410, "410 Gone"),
        (500, "500 Internal Server Error"),
        (502, "502 Bad Gateway"),
        (599, "599"),
    ],
)
async def test_any_other_status_is_said_and_asks_for_no_rest(
    publisher: Publisher, status: int, said: str
) -> None:
    publisher.routes["/page"] = Reply(b"", status, {"Retry-After": "5"})
    with pytest.raises(FetchError) as refusal:
        await get(publisher.url("/page"))
    assert f"/page answered {said} and no page" in str(refusal.value)
    assert (refusal.value.status, refusal.value.retry_after) == (status, None)


def test_an_error_that_nobody_foresaw_is_a_sentence_too() -> None:
    assert reason(ValueError("x")) == "it cannot be fetched (ValueError)"
