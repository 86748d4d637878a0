"""Pictures: quotation cards and timelines. Loaded when one is drawn, and not before."""
