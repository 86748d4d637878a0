"""``/corpus``: documents from Discord, as those whom the operator allows bring them in."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from aiohttp import web

from tests.bot.discord.people import (
    choose,
    command,
    guild_of,
    new_channel,
    posted_in,
    press,
    pressed,
)
from tests.bot.discord.stage import quoted, staged, texts_of
from tests.fake_discord import Permissions, Routes, Upload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.bot.discord.stage import Stage
    from tests.conftest import TinyData
    from tests.fake_discord import Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
CURATOR_ROLE = 4_242
WORDS = (
    "The harbour patrol recovered eleven stolen bicycles at Wapping on Tuesday.\n\n"
    "Inspector Ada Brook said: “We counted eleven bicycles, and every one has an owner.”\n\n"
    "The owners were told the same evening and can collect them at the station.\n"
)
STATEMENT = f"---\ntitle: Bicycles at Wapping\npublished: 2021-03-04\nkind: news\n---\n{WORDS}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def corpus(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """A bot over documents of its own; one curator is named by id, and one role."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(_tiny_built.data, folder / "data")
    shutil.copytree(_tiny_built.documents, folder / "corpus" / "documents")
    async with staged(
        folder, folder / "data", texts_of(folder / "corpus" / "documents"),
        METQUOTE_PATHS_DOCUMENTS=str(folder / "corpus" / "documents"),
        METQUOTE_ENCODER_MODEL=str(_tiny_built.model),
        METQUOTE_ANSWER_ANSWERED_AT="0", METQUOTE_ANSWER_RELATED_AT="0",
        METQUOTE_FETCH_LOOPBACK="1", METQUOTE_FETCH_ALLOWED_HOSTS="127.0.0.1",
    ) as stage:  # fmt: skip
        server = stage.server
        role = server.add_role(guild_of(stage), "Curators")
        stage.environment["METQUOTE_DISCORD_CORPUS_USERS"] = str(curator(stage).id)
        stage.environment["METQUOTE_DISCORD_CORPUS_ROLES"] = str(role.id)
        await stage.start()
        yield stage
        assert await stage.stop() == 0, stage.log
        stage.check()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(corpus: Stage) -> AsyncIterator[Stage]:
    yield corpus
    corpus.texts = texts_of(corpus.folder / "corpus" / "documents") | dict(corpus.texts)
    corpus.check()
    assert "Traceback" not in corpus.log


def curator(stage: Stage) -> User:
    """The one whom the operator named."""
    for user in stage.server._state.users.values():
        if user.name == "Curator":
            return user
    return stage.server.add_user(
        "Curator",
        permissions=Permissions.VIEW_CHANNEL
        | Permissions.SEND_MESSAGES
        | Permissions.USE_APPLICATION_COMMANDS
        | Permissions.MANAGE_GUILD,
    )


def upload(text: str | bytes = STATEMENT, name: str = "statement.md") -> Upload:
    return Upload(name, text if isinstance(text, bytes) else text.encode())


async def corpus_command(stage: Stage, name: str, by: User | None = None, **given: Any) -> Message:
    return await command(stage, by or curator(stage), f"corpus {name}", given)


def journal(stage: Stage) -> list[dict[str, Any]]:
    path = stage.folder / "corpus" / "journal.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def decided(stage: Stage, message: Message, label: str, by: User | None = None) -> str:
    """A button pressed that changes the corpus; what is said once the index is built."""
    await press(stage, message, label, by or curator(stage))
    await stage.server.wait_for(
        lambda: message.content if "index is up to date" in message.content else None, "index"
    )
    assert not message.components
    return message.content


async def added(stage: Stage, text: str, name: str = "some.md") -> str:
    message = await corpus_command(stage, "add", file=upload(text, name))
    label = "Add" if any(one.label == "Add" for one in message.buttons) else "Add separately"
    said = await decided(stage, message, label)
    return said.split("**")[1].replace("\\", "")


async def found(stage: Stage, question: str) -> set[str]:
    answer = await command(stage, stage.person(), "ask", {"question": question})
    stage.texts = dict(stage.texts) | texts_of(stage.folder / "corpus" / "documents")
    return {one.document for one in quoted(answer.now)}


async def test_a_file_is_previewed_added_journalled_and_found(stage: Stage) -> None:
    me = curator(stage)
    message = await corpus_command(stage, "add", file=upload())
    assert message.private_to == me
    shown = message.embeds[0]["description"]
    for line in (
        "**statement.md**", "title: Bicycles at Wapping", "date: 4 March 2021", "kind: news",
        "publisher: unknown", "passages: ", "quotations: 1, of Ada Brook (1)",
        "-# The harbour patrol recovered eleven stolen bicycles",
    ):  # fmt: skip
        assert line in shown
    before = journal(stage)
    assert await decided(stage, message, "Add") == (
        "Added **bicycles-at-wapping**. The index is up to date."
    )
    (entry,) = journal(stage)[len(before) :]
    assert (entry["by"], entry["action"], entry["id"]) == (
        f"discord:{me.id}", "added", "bicycles-at-wapping",
    )  # fmt: skip
    assert "bicycles-at-wapping" in await found(stage, "stolen bicycles at Wapping")
    again = await corpus_command(stage, "add", file=upload())
    assert "bicycles" in again.content
    assert not again.buttons


async def test_a_near_duplicate_is_shown_beside_and_added_as_a_version(stage: Stage) -> None:
    url = "url: https://example.org/deptford\ntitle"
    text = STATEMENT.replace("Wapping", "Deptford").replace("eleven", "seven")
    text = text.replace("title", url, 1)
    name = await added(stage, text)
    newer = text.replace("same evening", "next morning")
    message = await corpus_command(stage, "add", file=upload(newer))
    assert "Suggested: version" in message.content
    beside = message.embeds[1]["description"]
    assert f"the same as {name}, which stands in the corpus" in beside
    assert "next morning" in beside
    said = await decided(stage, message, "Add as version")
    assert said.startswith(f"Added as the newest version of **{name}**, after {name}")
    assert journal(stage)[-1]["action"] == "corrected"


async def test_a_copy_is_recorded_as_one(stage: Stage) -> None:
    text = STATEMENT.replace("Wapping", "Rotherhithe").replace("eleven", "nine")
    name = await added(stage, text)
    copy = text.replace("same evening", "same night").replace("title: B", "publisher: A\ntitle: B")
    message = await corpus_command(stage, "add", file=upload(copy))
    said = await decided(stage, message, "Add as copy")
    assert f"a copy of {name}." in said
    assert journal(stage)[-1]["copy_of"] == name


async def test_what_it_states_can_be_edited(stage: Stage) -> None:
    me = curator(stage)
    text = "---\nkind: other\n---\nThe lido opens at dawn, a notice at Brockwell said.\n"
    message = await corpus_command(stage, "add", file=upload(text))
    opened = await press(stage, message, "Edit", me)
    wrong = {"published": "in May", "url": "gopher://lido"}
    refused = await (await stage.server.modal_submit(opened, wrong)).response()
    assert refused.private_to == me
    assert refused.content.startswith(("Published: 'in May'", "Url must begin with"))
    opened = await press(stage, message, "Edit", me)
    given = {
        "title": "A *lido* <@1>", "published": "2022-05", "publisher": "The Lido",
        "url": "https://lido.example/a", "kind": "news",
    }  # fmt: skip
    await (await stage.server.modal_submit(opened, given)).response()
    shown = message.embeds[0]["description"]
    assert "title: A \\*lido\\* \\<\\@1\\>" in shown
    assert "date: May 2022" in shown
    await decided(stage, message, "Add")
    name = journal(stage)[-1]["id"]
    stored = (stage.folder / "corpus" / "documents" / f"{name}.md").read_text("utf-8")
    assert "publisher: The Lido" in stored
    assert "published: 2022-05" in stored


async def test_discarded_leaves_nothing(stage: Stage) -> None:
    before = journal(stage)
    message = await corpus_command(stage, "add", file=upload("A text that nobody wants at all.\n"))
    await pressed(stage, message, "Discard", curator(stage))
    assert message.content == "Discarded; nothing was changed."
    assert journal(stage) == before


async def test_a_page_is_fetched_from_allowed_hosts_alone(stage: Stage) -> None:
    async def page(_: web.Request) -> web.Response:
        body = f"<html><head><title>Owls</title></head><body><article><p>{OWLS}</p></article>"
        return web.Response(text=body, content_type="text/html")

    async def feed(_: web.Request) -> web.Response:
        return web.Response(text="<rss version='2.0'></rss>", content_type="application/rss+xml")

    app = web.Application()
    app.add_routes([web.get("/owls", page), web.get("/feed", feed)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        message = await corpus_command(stage, "add", url=f"{address}/owls")
        assert OWLS[:60] in message.embeds[0]["description"]
        await decided(stage, message, "Add")
        assert journal(stage)[-1]["source"] == f"{address}/owls"
        told = await corpus_command(stage, "add", url=f"{address}/feed")
        assert told.content.startswith("That is a feed")
        told = await corpus_command(stage, "add", url=f"{address}/gone")
        assert "404" in told.content
    finally:
        await runner.cleanup()
    told = await corpus_command(stage, "add", url="https://example.org/a")
    assert told.content.startswith("example.org is not among the hosts that may be fetched")


OWLS = (
    "Barn owls have come back to the marshes at Rainham, and the wardens counted four pairs of "
    "them between the river and the railway in the last week of May."
)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Give either a file or an address."),
        ({"file": upload(), "url": "https://example.org"}, "Give either a file or an address."),
        ({"file": upload(b"", "empty.md")}, "empty.md is empty"),
        ({"file": upload(b"\x00\x01\x02" * 40, "noise.md")}, "noise.md"),
        ({"file": upload(b"%PDF-1.7 broken", "broken.pdf")}, "broken.pdf"),
    ],
)
async def test_what_is_no_document_is_told(stage: Stage, given: dict[str, Any], told: str) -> None:
    message = await corpus_command(stage, "add", **given)
    assert message.content.startswith(told)
    assert message.private_to == curator(stage)
    assert not message.buttons


async def test_an_attachment_that_discord_does_not_give_is_told(stage: Stage) -> None:
    stage.server.fail("GET", Routes.DOWNLOAD, 404)
    message = await corpus_command(stage, "add", file=upload())
    assert message.content == "statement.md cannot be had from Discord; attach it again."


async def test_a_correction_and_a_retraction(stage: Stage) -> None:
    me = curator(stage)
    text = STATEMENT.replace("Wapping", "Woolwich").replace("bicycles", "scooters")
    name = await added(stage, text)
    message = await corpus_command(
        stage, "correct", document=name, reason="the count was wrong",
        file=upload(text.replace("eleven", "twelve")),
    )  # fmt: skip
    assert "twelve" in message.embeds[1]["description"]
    assert (await decided(stage, message, "Correct")).startswith(f"Corrected **{name}**")
    line = journal(stage)[-1]
    assert (line["action"], line["reason"]) == ("corrected", "the count was wrong")
    same = await corpus_command(
        stage, "correct", document=name, reason="again",
        file=upload(text.replace("eleven", "twelve")),
    )  # fmt: skip
    refused = await (await press(stage, same, "Correct", me)).followup()
    assert refused.content.startswith("Nothing differs from")
    message = await corpus_command(stage, "retract", document=name, reason="a hoax *here*")
    assert "Reason: a hoax \\*here\\*" in message.embeds[0]["description"]
    assert await decided(stage, message, "Retract") == (
        f"Retracted **{name}**. The index is up to date."
    )
    assert journal(stage)[-1]["by"] == f"discord:{me.id}"
    assert name not in await found(stage, "stolen scooters at Woolwich")
    told = await corpus_command(stage, "retract", document=name, reason="again")
    assert told.content == f"{name} is retracted already."
    told = await corpus_command(stage, "retract", document="nothing-of-the-kind", reason="x")
    assert told.content.startswith("No document 'nothing-of-the-kind'")
    assert (
        name in (await corpus_command(stage, "list", status="retracted")).embeds[0]["description"]
    )


async def test_a_correction_begun_before_somebody_elses_is_not_done(stage: Stage) -> None:
    text = "Forty lanterns were lit on the pier of Rotherhithe before the ferry sailed."
    name = await added(stage, text, "lanterns.txt")

    async def begun(number: str) -> Message:
        file = upload(text.replace("Forty", number), "lanterns.txt")
        return await corpus_command(stage, "correct", document=name, reason="so", file=file)

    mine, theirs, third = await begun("Fifty"), await begun("Sixty"), await begun("Ninety")
    await decided(stage, theirs, "Correct")
    lines = journal(stage)
    for late in (mine, third):
        told = await (await press(stage, late, "Correct", curator(stage))).followup(0)
        assert told.content.endswith("was corrected meanwhile; look at it and try again.")
    assert journal(stage) == lines
    again = await begun("Fifty")
    assert (await decided(stage, again, "Correct")).startswith(f"Corrected **{name}**")
    # Its words are not those that the stage knows by its id any more: let no other test find it.
    message = await corpus_command(stage, "retract", document=name, reason="not needed")
    assert (await decided(stage, message, "Retract")).startswith(f"Retracted **{name}**")


async def test_ids_are_completed_for_curators_alone(stage: Stage) -> None:
    async def choices(by: User) -> list[str]:
        typed = await stage.server.autocomplete(
            by, "corpus retract", "document", "brixton", {"reason": "x"}, channel=stage.channel
        )
        return [str(choice.value) for choice in await typed.choices()]

    assert await choices(curator(stage)) == ["extra-officers-after-brixton-street-party"]
    ann = stage.person()
    stage.server.permit_command("corpus", ann, guild_of(stage))
    assert await choices(ann) == []


async def test_a_preview_survives_a_restart(stage: Stage, corpus: Stage) -> None:
    text = STATEMENT.replace("Wapping", "Greenwich").replace("bicycles", "telescopes")
    message = await corpus_command(stage, "add", file=upload(text))
    label = next(one.label for one in message.buttons if (one.label or "").startswith("Add"))
    assert await corpus.stop() == 0
    await stage.server.wait_gone()
    await stage.start()
    assert label is not None
    await decided(stage, message, label)
    assert journal(stage)[-1]["id"] in await found(stage, "stolen telescopes at Greenwich")


async def test_strangers_are_refused_everywhere(stage: Stage) -> None:
    ann = stage.person()
    with pytest.raises(PermissionError):
        await corpus_command(stage, "status", ann)
    stage.server.permit_command("corpus", ann, guild_of(stage))
    given: dict[str, dict[str, Any]] = {
        "add": {"file": upload()}, "list": {}, "status": {},
        "correct": {"document": "a", "reason": "b", "file": upload()},
        "retract": {"document": "a", "reason": "b"},
    }  # fmt: skip
    before = journal(stage)
    for name, options in given.items():
        message = await corpus_command(stage, name, ann, **options)
        assert message.private_to == ann
        assert message.content == (
            "That is for those whom the operator of this bot lets change its documents."
        )
    assert journal(stage) == before


async def test_a_role_curates_until_it_is_taken_away(stage: Stage) -> None:
    server, bob = stage.server, stage.person("Bob")
    role = next(one for one in server._state.roles.values() if one.name == "Curators")
    server.permit_command("corpus", role, guild_of(stage))
    server.give_role(bob, role)
    text = STATEMENT.replace("Wapping", "Poplar").replace("bicycles", "kayaks")
    message = await corpus_command(stage, "add", bob, file=upload(text))
    label = next(one.label or "" for one in message.buttons if (one.label or "").startswith("Add"))
    server.take_role(bob, role)
    refused = await pressed(stage, message, label, bob)
    assert refused.content.startswith("That is for those whom the operator of this bot lets")
    server.give_role(bob, role)
    await decided(stage, message, label, bob)
    assert journal(stage)[-1]["by"] == f"discord:{bob.id}"


async def test_the_list_is_paged_and_the_status_counts(stage: Stage) -> None:
    me = curator(stage)
    message = await corpus_command(stage, "list")
    assert "current documents" in message.content
    assert (
        "extra-officers-after-brixton-street-party"
        in "".join(embed["description"] for embed in message.embeds)
        or "page 1" in message.content
    )
    if any(one.label == "Next" for one in message.buttons):
        await pressed(stage, message, "Next", me)
        assert "page 2" in message.content
    status = await corpus_command(stage, "status")
    lines = status.embeds[0]["description"]
    assert "documents: " in lines
    assert "index: state: current" in lines
    assert "last change: " in lines


async def test_a_summary_leaves_out_what_was_retracted_since_its_preview(stage: Stage) -> None:
    me, news = curator(stage), new_channel(stage, "news")
    lake = "Swimmers at the lake in Hampstead were rescued by wardens on {} morning, it was said."
    gone = await added(stage, lake.format("Sunday"), "sunday.md")
    stays = await added(
        stage, f"The wardens of Hampstead say: {lake.format('Monday')}", "monday.md"
    )
    stage.texts = dict(stage.texts) | texts_of(stage.folder / "corpus" / "documents")
    preview = await command(stage, me, "summary", {"topic": "swimmers rescued Hampstead lake"})
    shown = {one.document for one in quoted(preview.now)}
    assert {gone, stays} <= shown
    await choose(stage, preview, news, me)
    retraction = await corpus_command(stage, "retract", document=gone, reason="a hoax")
    await decided(stage, retraction, "Retract")
    await pressed(stage, preview, "Post", me)
    (post,) = posted_in(stage, news)
    assert {one.document for one in quoted(post.now)} == shown - {gone}
    assert "1 sentence whose source has changed since is left out." in preview.content


async def test_a_summary_of_nothing_but_retracted_words_is_not_posted(stage: Stage) -> None:
    me, news = curator(stage), new_channel(stage, "nothing")
    only = await added(stage, "Zeppelins moored above Zennor quay were zigzagging.", "zeppelin.md")
    preview = await command(
        stage, me, "summary", {"topic": "zeppelins zigzagging Zennor quay", "sentences": 1}
    )
    stage.texts = dict(stage.texts) | texts_of(stage.folder / "corpus" / "documents")
    assert {one.document for one in quoted(preview.now)} == {only}
    await choose(stage, preview, news, me)
    retraction = await corpus_command(stage, "retract", document=only, reason="a hoax")
    await decided(stage, retraction, "Retract")
    refused = await (await press(stage, preview, "Post", me)).followup()
    assert refused.content.startswith("The sources of all these sentences have changed since")
    assert posted_in(stage, news) == []
