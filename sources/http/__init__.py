"""The one HTTP client: polite, bounded and safe; `client.Fetcher` is its door."""
