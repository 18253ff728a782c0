"""Tombstones: what an Atom feed says of an entry that was taken back (RFC 6721)."""

from __future__ import annotations

from html import escape

from feeds.archive.values import Withdrawal


def deleted_entry(withdrawal: Withdrawal) -> bytes:
    """Render an `at:deleted-entry` (section 3, F-75). It brings its namespace, and changes no other byte."""
    lines = [
        f'  <at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0"'
        f' ref="{escape(withdrawal.id)}" when="{withdrawal.at.isoformat()}">'
    ]
    if withdrawal.reason:
        lines.append(f"    <at:comment>{escape(withdrawal.reason, quote=False)}</at:comment>")
    if withdrawal.replacement:
        lines.append(f'    <link rel="related" href="{escape(withdrawal.replacement)}"/>')
    return "\n".join([*lines, "  </at:deleted-entry>\n"]).encode()
