"""Syndication: feeds as sources, from the document at an address to all that lie behind it."""
