"""The same documents over HTTP: what `serve` runs. It needs the extra `tagwire[serve]`."""
