"""Every revision of the tables; run by `bot.state.migrate` when the state is opened."""
