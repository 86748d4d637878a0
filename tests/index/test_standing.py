"""Where words stand exactly, or in fragments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.reading import Readings, WordLine, read
from index.standing import Found, Standing
from tests.index.planted import planted_index
from tests.small_index import document

if TYPE_CHECKING:
    from pathlib import Path

FAR = "\n\n".join(["Some other words stand here."] * 5)
TEXTS = {
    "order": f"we can see it now. It was long ago, and can see far. {FAR} We do know this well.",
    "again": "It was, so to say, here. It was so to say there, and we did not go out on it.",
    "wide": "We begin here " + "and on " * 300 + "until we end there at last.",
    "asks": "Are we there yet? We are there yet! +5 degrees and 3° it is.",
}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    folder: Path = tmp_path_factory.mktemp("standing")
    index = planted_index(folder, [document(name, text) for name, text in TEXTS.items()])
    return Standing(Readings(index.catalogue), WordLine(index.catalogue))


def fragmented(standing: Standing, posted: str) -> list[list[str]]:
    one = read(posted)
    return [
        [TEXTS[place.document_id][span.start : span.end] for span in place.spans]
        for place in (standing.place(one, found) for found in standing.fragmented(one))
    ]


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ("It was … can see far", [["It was", "can see far"]]),
        ("we can … can see far", [["we can", "can see far"]]),
        ("see it now … far", [["see it now", "far"]]),
        # A later fragment that stands there only earlier, or not at all.
        ("can see far … it now", []),
        ("can see far … it then", []),
        ("it then … can see far", []),
        # Beyond a few paragraphs, on either side.
        ("can see far … know this", []),
        ("long ago … do know this well", []),
        # Beyond so many words.
        ("We begin here … at last", []),
        ("We begin … end there at last", []),
        # The nearest that agrees in punctuation counts, on either side of the longest fragment.
        (
            "It was … so to say there",
            [["It was so to say there"]],
        ),
        ("say, here … we did not go out", [["say, here", "we did not go out"]]),
        ("It was, so … did not go out on", [["It was, so", "did not go out on"]]),
        ("did not go … on it", [["did not go", "on it"]]),
        # Nothing but short fragments.
        ("It was … go out", []),
        ("no fragments here", []),
    ],
)
def test_fragments_stand_in_order_and_near(
    standing: Standing, posted: str, expected: list[list[str]]
) -> None:
    assert fragmented(standing, posted) == expected


@pytest.mark.parametrize(
    ("posted", "stands"),
    [
        ("Are we there yet?", True),
        ("Are we there yet", True),
        ("Are we there yet.", False),
        ("Are we there yet!", False),
        ("We are there yet!", True),
        ("We are there yet?!", False),
        ("+5 degrees and", True),
        ("5 degrees and", True),
        ("<5 degrees and", True),
        ("=5 degrees and", False),
        ("and 3° it", True),
        ("degrees and 3°", True),
        ("degrees and 3€", False),
    ],
)
def test_signs_at_the_ends(standing: Standing, posted: str, stands: bool) -> None:
    found = list(standing.exact(read(posted)))
    assert [one.document_id for one in found] == (["asks"] if stands else [])


def test_a_place_that_shares_codes_but_not_words_is_none(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two words may have one code: what is found by codes is compared as text."""
    posted = read("we can hear it now")
    other = read("we can see it now")
    same = type(posted)(posted.text, posted.folded, posted.starts, posted.ends, other.codes)
    assert list(standing.exact(same)) == []
    assert list(standing.exact(other)) == [Found("order", (0,))]
    # Codes at a document's end are compared with no word beyond it.
    monkeypatch.setattr(WordLine, "find", lambda *_: iter([("order", 40)]))
    assert list(standing.exact(other)) == []
