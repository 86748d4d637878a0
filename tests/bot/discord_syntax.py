"""What Discord makes of a text: a model of its Markdown, independent of `bot.messages.markdown`.

Written from Discord's help pages ("Markdown Text 101"), its developer documentation ("Message
Formatting") and its facts as developers tell them. It errs towards calling something alive.
"""

from __future__ import annotations

import re

# Stands for a character behind a backslash, which is text and nothing else. Private use.
_INERT = "\ue000"

_LIVE = {
    "masked link": r"\[[^\]]*\]\s*\(",
    "link": r"(?i)\b(?:https?|steam|discord)://\S",
    "user": r"<@!?\d+>",
    "role": r"<@&\d+>",
    "channel": r"<#\d+>",
    "everyone": r"@(?:everyone|here)",
    "command": r"</[^>]+:\d+>",
    "navigation": r"<id:[^>]+>",
    "time stamp": r"<t:-?\d+(?::\w)?>",
    "custom emoji": r"<a?:\w+:\d+>",
    "emoji": r":[^\s:]+:",
    "angle link": r"<[a-z]+:[^\s>]+>",
    "star": r"\*[^*]+\*",
    "underscore": r"_[^_]+_",
    "strike": r"~~.+?~~",
    "spoiler": r"\|\|.+?\|\|",
    "code": r"`[^`]+`",
    "heading": r"(?m)^[ \t]*#{1,3}[ \t]+\S",
    "sub-text": r"(?m)^[ \t]*-#[ \t]",
    "list": r"(?m)^[ \t]*[-*+][ \t]+\S",
    "numbered list": r"(?m)^[ \t]*\d+[.)][ \t]+\S",
    "quote": r"(?m)^[ \t]*>(?:>>)?[ \t]",
}

HOSTILE = {
    "masked link": "Read [the statement](https://evil.example/a) now.",
    "two masked links": "Both [one](https://evil.example/1) and [two](https://evil.example/2).",
    "label over lines": "See [the\nstatement](https://evil.example/b) now.",
    "label with brackets": "See [[the] statement](<https://evil.example/b>) now.",
    "bullet list": "- first\n- second",
    "star list": "* first\n* second",
    "plus list": "+ first\n+ second",
    "indented list": "  - first\n    * second",
    "numbered list": "1. first\n2) second\n  3. third",
    "indented quote": "  > not his words",
    "block quote": ">>> not his words\nnor these",
    "heading": "# Guilty\n## Still\n### So",
    "indented heading": "  # Guilty",
    "sub-text": "-# small print\n  -# smaller",
    "relative time": "It ends <t:0:R> or <t:1700000000>.",
    "command": "Type </ask:123456789012345678> please.",
    "navigation": "Go to <id:customize> and <id:browse>.",
    "user": "Ask <@80351110224678912> or <@!80351110224678912>.",
    "role": "Ask <@&165511591545143296>.",
    "channel": "Look in <#103735883630395392>.",
    "custom emoji": "Well <:done:41771983429993937> and <a:spin:41771983429993937>.",
    "emoji": "Fine :smile: and :+1: and :e-mail: and :thumbsup::skin-tone-2:.",
    "spoiler": "It was ||not me|| that did it.",
    "code": "The `code` and ``more `code` `` and\n```py\nprint()\n```",
    "url": "Visit https://evil.example/a_b_c?x=*y*, or HTTP://EVIL.EXAMPLE.",
    "angle url": "Visit <https://evil.example/> or <mailto:a@b.example>.",
    "everyone": "Hello @everyone and @here!",
    "bold and more": "**b** *i* __u__ _i_ ~~s~~ ***bi*** a_b_c 2*3*4",
    "shrug": "¯\\_(ツ)_/¯ and \\*\\*already\\*\\* \\\\",
    "bidi": "He said \u202etliug\u202c and \u2066left\u2069.",
    "zero-width": "@\u200beveryone, [a]\u200b(https\u200b://evil.example) \ufeff\u2060.",
    "controls": "A \x1b[31mred\x1b[0m bell\x07, a form\x0c feed and a\rreturn.",
}


def _without_escapes(text: str) -> str:
    return re.sub(r"\\[!-/:-@\[-`{-~]", _INERT, text)


def live_forms(text: str) -> dict[str, str]:
    """Everything in ``text`` that Discord would not show as it is written, by its kind."""
    seen = _without_escapes(text)
    found = {kind: re.search(pattern, seen) for kind, pattern in _LIVE.items()}
    return {kind: match.group() for kind, match in found.items() if match}


def live_links(line: str) -> list[str]:
    """Where every link of a line leads that Discord would make one, with or without a label."""
    seen = _without_escapes(line)
    labelled = re.findall(r"\[[^\]]*\]\s*\(\s*<?([^\s<>)]*)", seen)
    bare = re.findall(r"(?i)\b(?:https?|steam|discord)://[^\s<>]*|(?<=<)[a-z]+:[^\s<>@#]+", seen)
    # What stands behind the label was found twice.
    return list(dict.fromkeys([*labelled, *bare]))


def as_seen(text: str) -> str:
    """What a person reads of a text without live forms: each escaped character for itself."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def without_quote_marks(text: str) -> str:
    """A quoted block's lines without what makes it one."""
    assert all(line.startswith("> ") for line in text.split("\n")), text
    return "\n".join(line[2:] for line in text.split("\n"))
