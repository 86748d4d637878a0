"""From bytes to documents, sentences and quotations. Imports neither ``index`` nor ``bot``."""
