"""Tests of the documents: reading, splitting, the starter corpus."""
