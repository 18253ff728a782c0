"""Heads: what modules add to a feed's head, RSS or Atom alike, where the settings ask for it."""

from __future__ import annotations

from lxml import etree

from feeds.channel import Channel
from feeds.formats.tree import add

MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080}  # months and years have no one length


def namespaces_of(channel: Channel) -> list[str]:
    """Return the prefixes that a feed's head needs beside those of entries."""
    needed = {
        "fh": channel.is_archive,
        "podcast": channel.podcast,
        "sy": channel.ttl,
        "webfeeds": channel.logo or channel.accent_color,
    }
    return [prefix for prefix, is_needed in needed.items() if is_needed]


def add_modules(head: etree._Element, channel: Channel) -> None:
    """Add how often the feed changes, how it looks, and whether it is an archive (RFC 5005, section 4)."""
    if channel.ttl and (cadence := cadence_of(channel.ttl)):
        add(head, "sy:updatePeriod", cadence[0])
        add(head, "sy:updateFrequency", str(cadence[1]))
    if channel.logo or channel.accent_color:
        _add_looks(head, channel)
    if channel.is_archive:
        add(head, "fh:archive")


def cadence_of(ttl: int) -> tuple[str, int] | None:
    """Say "every so many minutes" as the syndication module does: a period, and how often within it (F-65).

    None where no period holds it a whole number of times: then RSS `ttl` alone says it.
    """
    for period, minutes in MINUTES.items():
        if minutes % ttl == 0:
            return period, minutes // ttl
    return None


def _add_looks(head: etree._Element, channel: Channel) -> None:
    """Add Feedly's elements; the W3C validator warns of their namespace (F-69)."""
    if channel.icon:
        add(head, "webfeeds:icon", channel.icon)
    if channel.logo:
        add(head, "webfeeds:logo", channel.logo)
    if channel.accent_color:
        add(head, "webfeeds:accentColor", channel.accent_color.removeprefix("#"))
