"""APIs: content systems asked for their posts, and next time only for those that have changed."""
