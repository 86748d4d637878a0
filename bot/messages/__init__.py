"""What Discord shows, as text and boxes; pure. Nothing here knows discord.py."""
