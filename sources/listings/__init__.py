"""Listings: tag and section pages of news sites, and the articles they list."""
