"""From answers to what a person sees: the terminal and Discord."""
