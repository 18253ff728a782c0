"""Pollers: who reads the feeds and how, as access records tell."""
