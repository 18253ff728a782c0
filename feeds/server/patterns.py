"""Patterns: what ids, addresses, dates and words look like, as regular expressions that every language reads.

They stand in /openapi.json, so they use only what Python, Rust and ECMAScript have in common.
"""

from __future__ import annotations

LANGUAGE = r"^(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)?$"
# Characters that the gate takes for nothing: spaces, controls, noncharacters (sources.text).
_UNSHOWN = (
    r"\u0000-\u0020\u0081\u0085\u008d\u008f\u0090\u009d\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\ufdd0-\ufdef\ufeff\ufffe\uffff"
)
SHOWS = rf"[^{_UNSHOWN}]"
# An id holds spaces inside, and nothing that may get lost on its way: U+FFFD stands for what was no UTF-8.
_NOT_IN_IDS = rf"{_UNSHOWN}\u007f-\u009f\ufffd"
_IN_IDS = rf"[^{_NOT_IN_IDS}]"
ID = rf"^{_IN_IDS}(?:(?: |{_IN_IDS})*{_IN_IDS})?$"
# RFC 3339 with a zone that exists, in the years that an article can have (sources.dates).
_YEAR = r"(?:1[6-9]|2[01])[0-9]{2}"
_LEAP = r"(?:(?:1[6-9]|2[01])(?:0[48]|[2468][048]|[13579][26])|1600|2000)"
_DAY = (
    rf"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    rf"|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
MOMENT = rf"{_DAY}T{_TIME}"
URL = r"https?://[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+(?::[0-9]{1,4})?(?:/[!-~]*)?"
