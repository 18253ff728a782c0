"""The directory of feeds: every feed there is, told to readers, to programs and to web developers."""
