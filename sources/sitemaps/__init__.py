"""Sitemaps: lists of a site's pages, as sites keep them for search engines (sitemaps.org)."""
