"""The corpus changed: what comes in, what is put right, its index and its backups."""
