"""Verdicts as JSON, as sentences and on the screen."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from bot.terminal.verdict_screen import print_verdict
from bot.verdicts import explanation, heading, verdict_json, verify_lines
from corpus.document import Document, Metadata, PartialDate, Status, StatusKind
from corpus.errors import InputError, SnapshotDamaged
from tests.index.planted import (
    BRIXTON,
    EFFORTS,
    KHAN,
    PlantedIndex,
    planted_index,
    speech,
    starter_quotations,
)

if TYPE_CHECKING:
    from index.verdict import Verdict

ACCEPT = "We cannot accept the levels of violence"


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, starter_documents: dict[str, Document]
) -> PlantedIndex:
    metadata = Metadata(
        kind="announcement",
        title="A short word",
        published=PartialDate(2021, 3, 1),
        publisher="City Hall",
        url="https://example.org/short",
    )
    short = Document.of("short", metadata, 'The mayor said: "Enough \x1b is enough."')
    quotations = starter_quotations(starter_documents)
    return planted_index(
        tmp_path_factory.mktemp("verdicts"),
        [*starter_documents.values(), short],
        {**quotations, "short": (speech(short, KHAN, "Enough"),)},
    )


def as_json(index: PlantedIndex, posted: str, name: str | None = None) -> dict[str, Any]:
    found = verdict_json(index.verify(posted, name), index.documents.__getitem__, 7)
    assert json.loads(json.dumps(found)) == found
    assert "".join(step[1] for step in found["diff"]) == posted
    return found


class TestJson:
    def test_of_a_verbatim_text(self, index: PlantedIndex) -> None:
        found = as_json(index, "enough \x1b is enough", "the mayor")
        text = index.documents["short"].text
        assert found == {
            "schema": 1,
            "id": 7,
            "verdict": "verbatim",
            "document": "short",
            "spans": [[17, 35]],
            "omitted": [],
            "count": 1,
            "counted_all": True,
            "places": [
                {
                    "document": "short",
                    "spans": [[17, 35]],
                    "texts": ["Enough \x1b is enough"],
                    "omitted": [],
                }
            ],
            "speaker": "Sadiq Khan",
            "role": "London mayor",
            "organisation": None,
            "attributed_to": "the mayor",
            "attribution": "confirmed",
            "before": 'The mayor said: "',
            "after": None,
            "checked": [0, 18],
            "diff": [["equal", "enough \x1b is enough", "Enough \x1b is enough"]],
            "same_words": True,
            "differences": ["case"],
            "flags": [],
            "related": [],
            "status": None,
            "title": "A short word",
            "published": "2021-03-01",
            "publisher": "City Hall",
            "url": "https://example.org/short",
            "sha256": index.documents["short"].sha256,
        }
        assert text[17:35] == "Enough \x1b is enough"

    def test_of_an_altered_text(self, index: PlantedIndex) -> None:
        found = as_json(index, ACCEPT.replace("cannot", "can"))
        assert found["verdict"] == "altered"
        assert found["diff"][1] == ["replace", "can", "cannot"]
        assert found["flags"] == ["negation"]
        assert found["count"] == 0
        ((start, end),) = found["spans"]
        assert index.documents[found["document"]].text[start:end] == ACCEPT

    def test_of_a_misattributed_text(self, index: PlantedIndex) -> None:
        found = as_json(index, f"“{ACCEPT}” – Priti Patel")
        assert found["verdict"] == "misattributed"
        assert found["speaker"] == "Bas Javid"
        assert found["attributed_to"] == "Priti Patel"
        assert found["attribution"] == "contradicted"

    def test_of_a_stitched_text(self, index: PlantedIndex) -> None:
        found = as_json(index, f"Suspects are being arrested daily. {ACCEPT}")
        assert found["verdict"] == "stitched"
        assert [one["document"] for one in found["places"]] == [EFFORTS, BRIXTON]
        assert found["document"] == EFFORTS
        assert len(found["spans"]) == 1
        found = as_json(index, f"the damage caused to public {ACCEPT}")
        assert found["document"] == BRIXTON
        assert len(found["spans"]) == 2

    def test_of_a_shortened_text(self, index: PlantedIndex) -> None:
        found = as_json(index, "We remain in a public health crisis … Our role is to keep")
        assert found["verdict"] == "verbatim"
        assert len(found["spans"]) == 2
        (left_out,) = found["omitted"]
        assert found["spans"][0][1] < left_out[0] < left_out[1] < found["spans"][1][0]

    def test_of_an_absent_text(self, index: PlantedIndex) -> None:
        found = as_json(index, "Officers arrested the mayor of Birmingham for stealing a bus")
        assert found["verdict"] == "absent"
        assert found["document"] is None
        assert found["spans"] == []
        assert found["places"] == []
        assert found["sha256"] is None
        assert found["related"][0]["texts"]

    def test_every_text_is_a_slice(self, index: PlantedIndex) -> None:
        for posted in (ACCEPT, "We will not tolerate that on these streets", "keyboard warrior"):
            found = as_json(index, posted)
            for place in [*found["places"], *found["related"]]:
                text = index.documents[place["document"]].text
                assert place["texts"] == [text[start:end] for start, end in place["spans"]]
            for _, _, source in found["diff"]:
                assert source in index.documents[found["document"] or BRIXTON].text


CORRECTED = Status(
    StatusKind.CORRECTED, PartialDate(2026, 2), date(2026, 3, 2), "it was a horse", "beast"
)
RETRACTED = Status(StatusKind.RETRACTED, PartialDate(2026), date(2026, 3, 3), "made up")


class TestWithdrawn:
    def verdict(self, index: PlantedIndex, status: Status, name: str | None = None) -> Verdict:
        return replace(index.verify(ACCEPT, name), status=status)

    def test_json_says_what_became_of_the_document(self, index: PlantedIndex) -> None:
        for status, expected in (
            (
                CORRECTED,
                {
                    "kind": "corrected",
                    "version": "2026-02",
                    "changed": "2026-03-02",
                    "reason": "it was a horse",
                    "now": "beast",
                },
            ),
            (
                RETRACTED,
                {
                    "kind": "retracted",
                    "version": "2026",
                    "changed": "2026-03-03",
                    "reason": "made up",
                    "now": None,
                },
            ),
        ):
            found = verdict_json(self.verdict(index, status), index.documents.__getitem__)
            assert found["status"] == expected
            assert found["schema"] == 1

    @pytest.mark.parametrize(
        ("status", "name", "begins", "holds"),
        [
            (
                CORRECTED,
                None,
                "Verbatim, since corrected",
                "It was in the version of February 2026, since corrected (it was a horse).",
            ),
            (
                RETRACTED,
                None,
                "Verbatim, since retracted",
                "It stood in a document that was retracted on 3 March 2026: made up.",
            ),
            (
                RETRACTED,
                "Priti Patel",
                "Misattributed, since retracted",
                "It is somebody else's, and stood in a document that was retracted",
            ),
            (
                Status(StatusKind.RETRACTED),
                None,
                "Verbatim, since retracted",
                "It stood in a document that was retracted.",
            ),
            (
                Status(StatusKind.CORRECTED),
                None,
                "Verbatim, since corrected",
                "It was in the version, since corrected.",
            ),
        ],
    )
    def test_sentences_say_it_first(
        self, index: PlantedIndex, status: Status, name: str | None, begins: str, holds: str
    ) -> None:
        verdict = self.verdict(index, status, name)
        assert heading(verdict) == begins
        assert explanation(verdict).startswith(holds)

    def test_on_the_screen_it_is_not_green(self, index: PlantedIndex) -> None:
        out = io.StringIO()
        console = Console(file=out, width=80, force_terminal=True, color_system="standard")
        print_verdict(console, self.verdict(index, CORRECTED), index.documents.__getitem__)
        assert out.getvalue().startswith("\x1b[1;31mVerbatim, since corrected")
        assert "\x1b[1;32m" not in out.getvalue()


class TestSentences:
    @pytest.mark.parametrize(
        ("posted", "name", "begins", "holds"),
        [
            (ACCEPT, None, "Verbatim", "The source has these words."),
            (ACCEPT.upper(), None, "Verbatim", "Only typography differs: case."),
            (ACCEPT, "Priti Patel", "Misattributed", "does not give them to Priti Patel."),
            (ACCEPT.replace("cannot", "can"), None, "Altered", "negation."),
            ("We operate independently; under the law", None, "Altered", "punctuation is not"),
            ("Dear reader, " + ACCEPT + ", we", None, "Altered", "other words"),
            ("the Met", None, "Verbatim", "They stand in"),
            ("“gang activity is likely” to prevent", "the Met", "Verbatim", "does not say."),
            ("We remain in a public … Our role is to keep", None, "Verbatim", "Some are left out"),
            ("purple monkeys", None, "Absent", "Nothing like it"),
        ],
    )
    def test_say_what_was_found(
        self, index: PlantedIndex, posted: str, name: str | None, begins: str, holds: str
    ) -> None:
        verdict = index.verify(posted, name)
        assert heading(verdict) == begins
        assert holds in explanation(verdict)


def on_screen(index: PlantedIndex, posted: str, name: str | None = None) -> str:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, no_color=True, highlight=False)
    print_verdict(console, index.verify(posted, name), index.documents.__getitem__)
    lines = re.sub(r"\x1b\[[\d;]*m", "", out.getvalue())
    assert max(len(line) for line in lines.splitlines()) <= 80
    return lines


class TestScreen:
    def test_a_difference_reads_without_colour(self, index: PlantedIndex) -> None:
        shown = on_screen(index, f"“{ACCEPT.replace('cannot', 'can')} really”")
        assert "We [-cannot-]{+can+} accept the levels of violence" in " ".join(shown.split())
        assert "[-the source's words-] {+the post's words+}" in shown
        assert "— Bas Javid, Commander" in shown
        assert f"{BRIXTON} 1245–" in shown

    def test_a_difference_is_coloured(self, index: PlantedIndex) -> None:
        out = io.StringIO()
        console = Console(file=out, width=80, force_terminal=True, color_system="standard")
        print_verdict(
            console, index.verify(ACCEPT.replace("cannot", "can")), index.documents.__getitem__
        )
        assert "\x1b[31m[-cannot-]" in out.getvalue()
        assert "\x1b[32m{+can+}" in out.getvalue()

    def test_control_characters_cannot_drive_it(self, index: PlantedIndex) -> None:
        shown = on_screen(index, "Enough \x1b is enough", "Pat \x1b[31m")
        assert "Enough ␛ is enough" in shown
        assert "\x1b" not in shown
        assert "https://example.org/short" in shown

    def test_what_was_left_out_is_shown(self, index: PlantedIndex) -> None:
        shown = " ".join(on_screen(index, "We remain in a public … Our role is to keep").split())
        assert "We remain in a public […] Our role is to keep" in shown
        assert "left out: health crisis and these unlicensed events are illegal" in shown
        assert "before: " in shown

    def test_a_seam_is_no_difference(self, index: PlantedIndex) -> None:
        one = "Suspects are being arrested daily"
        assert "{+" not in on_screen(index, f"{one} {ACCEPT}")
        assert "{+not" in on_screen(index, f"{one} {ACCEPT} that were not directed")

    def test_many_places_are_counted(self, index: PlantedIndex) -> None:
        assert "more places; --json has them" in on_screen(index, "the Met")

    def test_related_passages_are_no_match(self, index: PlantedIndex) -> None:
        shown = on_screen(index, "Officers arrested the mayor of Birmingham for stealing a bus")
        assert "none of them a match" in shown
        assert "{+" not in shown

    def test_piped_it_is_plain(
        self, index: PlantedIndex, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from bot.terminal.console import console  # noqa: PLC0415 - it looks at standard output

        posted = ACCEPT.replace("cannot", "can")
        print_verdict(console(), index.verify(posted), index.documents.__getitem__)
        shown = capsys.readouterr().out
        assert shown.startswith("Altered · The closest passage has other words. Look at")
        assert "\nWe [-cannot-]{+can+} accept the levels of violence\n" in shown
        assert "\x1b" not in shown


class TestLines:
    def run(self, index: PlantedIndex, *lines: str, speaker: str | None = None) -> list[Any]:
        written: list[Any] = []
        verify_lines(
            lines,
            speaker,
            lambda posted, name: verdict_json(
                index.verify(posted, name), index.documents.__getitem__
            ),
            written.append,
        )
        return written

    def test_each_line_gets_its_verdict(self, index: PlantedIndex) -> None:
        first, second = self.run(
            index,
            json.dumps({"id": "a", "posted": ACCEPT, "attributed_to": "Bas Javid"}) + "\n",
            "\n",
            json.dumps({"id": 2, "posted": ACCEPT, "attributed_to": None}),
            speaker="Priti Patel",
        )
        assert (first["id"], first["verdict"]) == ("a", "verbatim")
        assert (second["id"], second["verdict"]) == (2, "misattributed")

    def test_a_bad_line_gets_an_error_in_its_place(self, index: PlantedIndex) -> None:
        lines = [
            "not json",
            "[1]",
            '{"id": 3}',
            '{"id": 4, "posted": 5}',
            '{"id": 5, "posted": "a", "attributed_to": 5}',
            '{"id": 6, "posted": "…"}',
            '{"id": 7, "posted": "\udcff"}',
            "[" * 100_000,
            json.dumps({"id": 9, "posted": ACCEPT}),
        ]
        found = self.run(index, *lines)
        assert [one["id"] for one in found] == [None, None, 3, 4, 5, 6, None, None, 9]
        assert all(one["error"].startswith(f"line {at}: ") for at, one in enumerate(found[:8], 1))
        assert found[8]["verdict"] == "verbatim"

    def test_a_damaged_index_answers_no_line(self) -> None:
        def damaged(posted: str, name: str | None) -> dict[str, Any]:
            raise SnapshotDamaged(posted, name)

        with pytest.raises(SnapshotDamaged):
            verify_lines(['{"id": 1, "posted": "a"}'], None, damaged, lambda _: None)
        assert not issubclass(SnapshotDamaged, InputError)
