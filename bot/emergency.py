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
    r"|fight(?:ing)?|hurt|bleeding|kidnapp\w+|chas(?:ed|ing)|follow(?:ed|ing)|threaten\w*"
    r"|beat(?:en|ing)?|kill)"
)
_WEAPON = r"(?:gun|knife|machete|weapon|intruder|burglar)"
_SOMEBODY = r"(?:someone|somebody|a man|a woman|a guy|people|they|he|she)"
_NOW = (
    r"(?:right now|as we speak|at this moment|happening now|currently|outside my"
    r"|in my (?:house|flat|home|garden))"
)
_HERE = r"(?:outside|here|in my|near me|now|downstairs)"
_SOON = r"(?:now|quick|urgently|please|immediately|right now)"
_PATTERNS = (
    rf"\b(?:i'?m|i am|we'?re|we are|im) (?:being|getting|about to be) {_DANGER}\b",
    (
        rf"\b{_SOMEBODY}(?:'s|'re| is| are| has| have)? "
        rf"(?:(?:just|being|been|getting|trying to|going to) )*{_DANGER}\b.*\b{_NOW}"
    ),
    rf"\b{_NOW}\b.*\b{_DANGER}\b.*\b(?:me|us|my)\b",
    rf"\bhelp\b.*\b{_DANGER}\b.*\b(?:me|us|my|outside|now)\b",
    rf"\b{_SOMEBODY} (?:is|has|with) (?:a |an |got a |with a )?{_WEAPON}\b.*\b{_HERE}\b",
    rf"\bthere(?:'?s| is) (?:a|an|someone|somebody)\b.*\b{_WEAPON}\b.*\b{_HERE}\b",
    rf"\bi (?:need|want) (?:the )?(?:police|ambulance|help) {_SOON}\b",
    rf"\b(?:call|send|get) (?:the )?(?:police|ambulance|help) {_SOON}\b",
)
_EMERGENCY = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.DOTALL)


def reads_like_emergency(question: str) -> bool:
    """Whether ``question`` tells of danger now, to the writer or before their eyes.

    Errs towards yes: a line of advice too many harms nobody.
    """
    return _EMERGENCY.search(question.replace("’", "'")) is not None
