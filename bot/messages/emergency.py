"""Questions that read like an emergency in progress: 999 and 101 come before any answer."""

from __future__ import annotations

import re

ADVICE = (
    "If somebody is in danger or a crime is happening now, call **999**. "
    "If it is not an emergency, call **101**. This bot cannot send help."
)
_DANGER = (
    r"(?:attack(?:ed|ing)?|stabb(?:ed|ing)|shot|shooting|gun|knife|machete|assault(?:ed|ing)?|raped?"
    r"|robb(?:ed|ing)|mugg(?:ed|ing)|burgl\w+|break(?:ing)? in(?:to)?|broken? in(?:to)?"
    r"|fight(?:ing)?|hurt(?:ing)?|hit(?:ting)?|bleeding|kidnapp\w+|chas(?:ed|ing)"
    r"|follow(?:ed|ing)|threaten\w*|beat(?:en|ing)?|strangl\w+|kill(?:ing)?|heart attack|dying)"
)
_WEAPON = r"(?:gun|knife|machete|weapon|intruder|burglar|fire)"
_SOMEBODY = (
    r"(?:someone|somebody|a man|a woman|a guy|people|they|he|she|my (?:ex|husband|wife|partner"
    r"|boyfriend|girlfriend|son|daughter|mum|dad|mother|father|brother|sister|friend|neighbour))"
)
_NOW = (
    r"(?:right now|as we speak|at this moment|happening now|currently|outside my"
    r"|in my (?:house|flat|home|garden))"
)
_HERE = r"(?:outside|here|in my|near me|now|downstairs)"
_SOON = r"(?:now|quick|urgently|please|immediately|right now)"
_HELP = r"(?:(?:the|an) )?(?:police|ambulance|fire brigade|help)"
_DOES = (
    r"(?:'s|'re| is| are| has| have| keeps)? (?:(?:just|being|been|getting|trying to|going to) )*"
)
# Bounded, so that a long question cannot make matching slow.
_NEAR = r".{0,60}?"
_PATTERNS = (
    rf"\b(?:i'?m|i am|we'?re|we are|im) (?:being|getting|about to be) {_DANGER}\b",
    rf"\b(?:i|we)(?:'?ve| have) (?:just )?been {_DANGER}\b",
    rf"\b{_SOMEBODY}{_DOES}{_DANGER}\b{_NEAR}\b{_NOW}",
    rf"\b{_SOMEBODY}(?:'s|'re| is| are| keeps) (?:(?:trying|going) to )?{_DANGER} (?:me|us|my)\b",
    rf"\b(?:someone|somebody)(?:'s| has) (?:just )?been {_DANGER}\b",
    rf"\b{_SOMEBODY}(?:'s| is) (?:having|bleeding|dying|unconscious|not breathing)\b{_NEAR}\bnow\b",
    rf"\b{_SOMEBODY}(?:'s| is| are)? (?:outside|in) my\b{_NEAR}\bwith a {_WEAPON}\b",
    rf"\b{_NOW}\b{_NEAR}\b{_DANGER}\b{_NEAR}\b(?:me|us|my)\b",
    rf"\bhelp\b{_NEAR}\b{_DANGER}\b{_NEAR}\b(?:me|us|my|outside|now)\b",
    rf"\b{_SOMEBODY} (?:is|has|with) (?:a |an |got a |with a )?{_WEAPON}\b{_NEAR}\b{_HERE}\b",
    rf"\bthere(?:'?s| is) (?:a|an|someone|somebody)\b{_NEAR}\b{_WEAPON}\b{_NEAR}\b{_HERE}\b",
    rf"\bi (?:need|want) {_HELP} {_SOON}\b",
    rf"\b(?:call|send|get) {_HELP} {_SOON}\b",
)
_EMERGENCY = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.DOTALL)


def advised(question: str, text: str) -> str:
    """``text``, after the advice if ``question`` reads like an emergency."""
    return f"{ADVICE}\n{text}" if reads_like_emergency(question) else text


def reads_like_emergency(question: str) -> bool:
    """Whether ``question`` tells of danger now, to the writer or before their eyes.

    Errs towards yes: a line of advice too many harms nobody.
    """
    return _EMERGENCY.search(question.replace("’", "'")) is not None
