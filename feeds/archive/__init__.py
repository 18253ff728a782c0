"""What was ever published: articles, their revisions, their tags, and the documents made of them."""
