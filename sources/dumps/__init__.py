"""Dumps: the plain text of a news page, its story told from the furniture around it."""
