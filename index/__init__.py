"""From documents to answers. Imports ``corpus``, never ``bot``."""
