"""Bytes of one format to a document: a small module for each."""
