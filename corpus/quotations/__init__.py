"""Quotations in any text, with exact offsets and their speakers.

``extract`` finds them, ``types`` says what they are; importing the types loads nothing else.
"""
