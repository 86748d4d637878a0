"""Settings in words, and what people type into forms."""

from __future__ import annotations

import pytest

from bot.messages.settings import publishers
from corpus.errors import InputError


def test_publishers_are_named_by_a_part_that_only_one_has() -> None:
    known = ("BBC News", "City Hall", "Hall & Sons")
    assert publishers(" bbc news \n\nCity\nBBC", known) == ("BBC News", "City Hall")
    with pytest.raises(InputError, match="'hall' may be City Hall or Hall & Sons"):
        publishers("hall", known)
    with pytest.raises(InputError, match="of 'ITV'; there are those of BBC News, City Hall and"):
        publishers("ITV", known)
    with pytest.raises(InputError, match="no document names its publisher"):
        publishers("ITV", ())
    assert publishers("", known) == ()
