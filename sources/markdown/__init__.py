"""Markdown: articles as Hugo, Jekyll, Pelican, Zola and Eleventy keep them, read into raw records."""
