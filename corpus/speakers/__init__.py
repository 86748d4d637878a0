"""Who is who in a text: full names, roles, organisations, and the short names for them."""

from corpus.speakers.names import Run, parse_run
from corpus.speakers.roster import Person, Roster, gather

__all__ = ["Person", "Roster", "Run", "gather", "parse_run"]
