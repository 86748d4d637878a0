"""Quotations in any text, with exact offsets and their speakers."""

from corpus.quotations.extract import extract
from corpus.quotations.types import Quotation, QuotationKind, Speaker

__all__ = ["Quotation", "QuotationKind", "Speaker", "extract"]
