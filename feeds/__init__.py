"""What is published: every module here leads from archived articles to finished documents."""
