"""Tests of the index: building, searching, answering."""
