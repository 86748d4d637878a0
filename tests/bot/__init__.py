"""Tests of the room bot: the terminal and Discord."""
