"""HTML news pages: every layer of markup a page carries, merged in order of trust into one record."""
