"""What was ever published: articles, their revisions, their terms, and the documents made of them."""
