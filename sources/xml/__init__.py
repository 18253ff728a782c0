"""XML: feeds and WordPress export files, read into records for `sources.record.admit`."""
