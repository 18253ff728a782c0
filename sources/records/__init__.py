"""Records: JSON with anyone's field names, read and translated into what `sources.record.admit` takes."""
