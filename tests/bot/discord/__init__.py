"""Tests of the Discord front end, end to end."""
