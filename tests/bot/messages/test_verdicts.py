"""Verdicts as one Discord message: exact, dead, within every limit."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, size
from bot.messages.markdown import block_quotes
from bot.messages.verdicts import verdict_page
from bot.pages import DISCLAIMER
from corpus.document import PartialDate, Span, Status, StatusKind
from corpus.folding import Difference
from corpus.quotations.types import Speaker
from index.verdict import Attribution, Change, Finding, Flag, Operation, Place, Verdict
from tests.bot.answers import URL, document
from tests.bot.discord_syntax import HOSTILE, live_forms

if TYPE_CHECKING:
    from bot.messages.answers import Embed, Page
    from corpus.document import Document

BROOK = Speaker("Ada Brook", "Commissioner", "Harbour Police")
SOURCE = document(
    "Ada Brook said: “We must not go.” The harbour was calm. “They were few,” she said.",
    name="harbour",
    title="Calm",
    published="2024-03-01",
    publisher="Harbour Police",
    url=URL,
)
OTHER = document("It rained. The boats came in. It rained.", name="boats")


def place(source: Document, *words: str, omitted: tuple[str, ...] = ()) -> Place:
    return Place(source.id, spans(source, words), spans(source, omitted))


def spans(source: Document, words: tuple[str, ...]) -> tuple[Span, ...]:
    return tuple(Span(source.text.index(one), source.text.index(one) + len(one)) for one in words)


def verdict(posted: str, finding: Finding, *places: Place, **more: object) -> Verdict:
    return Verdict(posted, Span(0, len(posted)), finding, places, **more)  # type: ignore[arg-type]


def page(*verdicts: Verdict, sources: tuple[Document, ...] = (SOURCE, OTHER)) -> Page:
    """The message, held against Discord's limits and each block against its place."""
    documents = {source.id: source for source in sources}
    made = verdict_page(verdicts, documents.__getitem__)
    assert 0 < len(made.content) <= MAX_CONTENT
    assert len(made.embeds) <= 10
    assert size(list(made.embeds)) <= MAX_EMBEDS_TOTAL
    for embed in made.embeds:
        assert 0 < len(embed.description) <= MAX_DESCRIPTION
        assert len(embed.footer) <= 2_048
        promised(embed, documents)
    return made


def promised(embed: Embed, documents: dict[str, Document]) -> None:
    """Every block is the slice at the pair that the footer names in its place."""
    blocks = block_quotes(embed.description.replace("\n> […]\n", "\n\n"))
    places = []
    if embed.footer != "no source":
        for part in embed.footer.split(" · "):
            name, *pairs = re.split(r" (?=\d+–)", part)
            places += [(name, *map(int, pair.split("–"))) for pair in pairs]
    assert len(blocks) in (0, len(places)), embed
    for block, (name, start, end) in zip(blocks, places, strict=False):
        assert block == documents[str(name)].text[int(start) : int(end)]


def lines(embed: Embed) -> list[str]:
    return embed.description.split("\n")


def test_a_verbatim_text_says_where_when_and_by_whom() -> None:
    words = "The harbour was calm."
    made = page(
        verdict(words, Finding.VERBATIM, place(SOURCE, words), count=1, speaker=BROOK,
                differences=(Difference.CASE,), attributed_to="Brook",
                attribution=Attribution.CONFIRMED)
    )  # fmt: skip
    assert made.content == f"**1 quotation checked.**\n-# {DISCLAIMER}"
    (embed,) = made.embeds
    assert lines(embed)[:-1] == [
        "**Verbatim: it stands there word for word.**",
        f"Posted: {words}",
        "The source gives these words to Brook too.",
        "Only marks, case or spacing differ from the source.",
        f"> {words}",
        "— **Ada Brook, Commissioner, Harbour Police**",
        "*Calm* · Harbour Police · 1 March 2024",
    ]
    assert lines(embed)[-1].startswith(f"[Open at these words](<{URL}#:~:text=The%20harbour")
    assert embed.footer == "harbour 34–55"


def test_words_that_no_longer_stand_say_so_first_and_in_red() -> None:
    words = "The harbour was calm."
    version, day = PartialDate(2024, 3, 1), date(2024, 4, 2)
    gone = Status(StatusKind.RETRACTED, version, day, "**made** up")
    changed = Status(StatusKind.CORRECTED, version, day, "it was rough", "harbour")
    made = page(
        *(
            verdict(words, Finding.VERBATIM, place(SOURCE, words), count=1, status=status)
            for status in (gone, changed)
        )
    )
    retracted, corrected = made.embeds
    assert lines(retracted)[0] == (
        "**Verbatim. It stood in a document that was retracted on 2 April 2024: "
        r"\*\*made\*\* up.**"
    )
    assert lines(corrected)[0] == (
        "**Verbatim. It was in the version of 1 March 2024, since corrected (it was rough).**"
    )
    (current,) = page(verdict(words, Finding.VERBATIM, place(SOURCE, words), count=1)).embeds
    assert retracted.colour == corrected.colour != current.colour


@pytest.mark.parametrize("counted_all", [True, False])
def test_places_beyond_the_third_are_counted(*, counted_all: bool) -> None:
    source = document("It rained. " * 9 + "End.", name="rain")
    places = [Place("rain", (Span(at, at + 10),)) for at in range(0, 99, 11)]
    made = page(
        verdict("It rained.", Finding.VERBATIM, *places, count=9, counted_all=counted_all),
        sources=(source,),
    )
    (embed,) = made.embeds
    assert ("at least 9 places" in embed.description) is not counted_all
    assert embed.footer == "rain 0–10 · rain 11–21 · rain 22–32"


def test_what_was_altered_is_said_with_its_flags() -> None:
    posted = "We must go. It rained"
    source, change = SOURCE.text.index("We must"), SOURCE.text.index("not ")
    changes = (
        Change(Operation.EQUAL, Span(0, 8), Span(source, source + 8), "harbour"),
        Change(Operation.DELETE, None, Span(change, change + 4), "harbour"),
        Change(Operation.REPLACE, Span(8, 10), Span(change + 4, change + 6), "harbour"),
        Change(Operation.INSERT, Span(12, 21), None, None),
    )
    found = verdict(
        posted, Finding.ALTERED, place(SOURCE, "We must not go."), changes=changes,
        flags=tuple(Flag), attributed_to="Khan", attribution=Attribution.UNCONFIRMED,
    )  # fmt: skip
    (embed,) = page(found).embeds
    shown = lines(embed)
    assert "- left out: “not”" in shown
    assert "- the source has “go”, the post “go”" in shown
    assert "- not in the source: “It rained”" in shown
    (flags,) = [line for line in shown if line.startswith("Mind what changed: ")]
    assert flags.count(",") >= len(Flag) - 1
    assert "The source does not tell whether they are Khan's." in shown


def test_differences_beyond_the_twelfth_are_counted() -> None:
    changes = tuple(Change(Operation.INSERT, Span(at, at + 1), None, None) for at in range(20))
    found = verdict("x" * 20, Finding.ALTERED, place(SOURCE, "calm"), changes=changes)
    (embed,) = page(found).embeds
    assert lines(embed).count("- not in the source: “x”") == 12
    assert "- and 8 more differences" in lines(embed)


def test_what_was_typed_around_a_quotation_is_no_difference() -> None:
    posted = "Look: We must not go."
    changes = (Change(Operation.INSERT, Span(0, 6), None, None),)
    found = Verdict(
        posted, Span(6, len(posted)), Finding.ALTERED, (place(SOURCE, "We must not go."),),
        changes=changes,
    )  # fmt: skip
    (embed,) = page(found).embeds
    assert "not in the source" not in embed.description
    assert lines(embed)[1] == "Posted: We must not go."


def test_a_wrong_name_is_said_with_the_right_one() -> None:
    found = verdict(
        "We must not go.", Finding.MISATTRIBUTED, place(SOURCE, "We must not go."),
        speaker=BROOK, attributed_to="Sadiq Khan", attribution=Attribution.CONTRADICTED,
    )  # fmt: skip
    (embed,) = page(found).embeds
    assert "The source does not give these words to Sadiq Khan." in lines(embed)
    assert "— **Ada Brook, Commissioner, Harbour Police**" in lines(embed)


def test_stretches_and_what_was_left_out_are_each_named_in_the_footer() -> None:
    found = verdict(
        "We must not go … They were few,", Finding.STITCHED,
        place(SOURCE, "We must not go.", "They were few,", omitted=("The harbour was calm.",)),
        place(OTHER, "The boats came in."),
    )  # fmt: skip
    (embed,) = page(found).embeds
    assert "Left out between them in the source:" in lines(embed)
    assert embed.footer == "harbour 17–32 57–71 34–55 · boats 11–29"
    assert lines(embed).count("> […]") == 1


def test_nothing_like_it_names_the_nearest_and_no_match() -> None:
    near = verdict("The boats left.", Finding.ABSENT, related=(place(OTHER, "The boats came in."),))
    (embed,) = page(near).embeds
    assert "Nearest passages, none of them a match:" in lines(embed)
    assert embed.footer == "boats 11–29"
    (embed,) = page(verdict("Bananas.", Finding.ABSENT)).embeds
    assert embed.footer == "no source"
    assert block_quotes(embed.description) == ()


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_posts_and_sources_are_dead(form: str) -> None:
    text = HOSTILE[form]
    source = document(f"x {text} y", name="hostile", title=text, publisher=text)
    where = Span(2, 2 + len(text))
    changes = (
        Change(Operation.REPLACE, Span(0, len(text)), where, "hostile"),
        Change(Operation.DELETE, None, where, "hostile"),
        Change(Operation.INSERT, Span(0, len(text)), None, None),
    )
    found = verdict(
        text, Finding.ALTERED, Place("hostile", (where,)), changes=changes,
        speaker=Speaker(text, text), attributed_to=text, attribution=Attribution.CONTRADICTED,
    )  # fmt: skip
    (embed,) = page(found, sources=(source,)).embeds
    # Our own list marks and the bold and italics around names and titles are no words of theirs.
    ours = re.sub(r"(?m)^(?:> |- )", "", embed.description)
    ours = re.sub(r"(\\.)|\*{1,2}", lambda mark: mark.group(1) or "", ours)
    assert live_forms(ours) == {}


ADVERSARIAL = {
    "punctuation": "*_`~|[]()<>@#\\-+.!" * 300,
    "no space": "x" * 6_000,
    "line ends": "a\n" * 3_000,
    "backslashes": "\\" * 6_000,
    "long": "We saw it all and wrote it down. " * 180,
}


@pytest.mark.parametrize("text", ADVERSARIAL.values(), ids=ADVERSARIAL.keys())
@pytest.mark.parametrize("finding", [Finding.VERBATIM, Finding.STITCHED, Finding.ABSENT])
def test_adversarial_verdicts_keep_every_limit(text: str, finding: Finding) -> None:
    text = text.rstrip()
    source = document(text, name="n" * 200, title=text, publisher=text, url=URL + "?" + "y" * 3_000)
    whole = Span(0, len(text))
    steps = [Span(at, at + 1) for at in range(0, 300, 2)]
    changes = tuple(
        Change(Operation.REPLACE, step, whole if at % 2 else step, source.id)
        for at, step in enumerate(steps)
    )
    one = Place(source.id, (whole,), (whole,))
    many = Place(source.id, tuple(steps * 5), tuple(steps))
    for places in ((one,), (one, many, one), ()):
        found = verdict(
            text, finding, *(() if finding is Finding.ABSENT else places), changes=changes,
            related=places if finding is Finding.ABSENT else (),
            speaker=None if finding is Finding.ABSENT or not places else Speaker(text, text + "x"),
            attributed_to=text, attribution=Attribution.CONTRADICTED, flags=tuple(Flag), count=7,
        )  # fmt: skip
        (embed, *_) = page(*[found] * 11, sources=(source,)).embeds
        assert not places or embed.footer.startswith(source.id)


def test_a_source_that_does_not_fit_is_named_and_not_cut() -> None:
    source = document("We saw it all and wrote it down. " * 200, name="long")
    end = len(source.text) - 1
    found = verdict(source.text[:end], Finding.VERBATIM, Place("long", (Span(0, end),)))
    (embed,) = page(found, sources=(source,)).embeds
    assert block_quotes(embed.description) == ()
    assert "do not fit here" in embed.description
    assert lines(embed)[1].endswith("\\[…\\]")
    assert embed.footer == f"long 0–{end}"


def test_verdicts_that_do_not_fit_are_counted() -> None:
    found = verdict("The harbour was calm.", Finding.VERBATIM, place(SOURCE, "The harbour was"))
    made = page(*[found] * 30)
    assert made.content.startswith("**30 quotations checked.**")
    assert f"\n{30 - len(made.embeds)} more did not fit here" in made.content
    assert len(made.embeds) == 10
    assert "did not fit" not in page(*[found] * 10).content
