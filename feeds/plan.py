"""Plan: which feeds there are, what each holds and what it says of itself, as the settings have it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from feeds.archive.terms import KINDS, THE_SITE, Term
from feeds.channel import Called, Channel, Podcast, Publisher, called, channel_for, title_of
from feeds.combination import Combination
from feeds.feed_settings import FeedSettings, OneFeedSettings
from feeds.formats import FORMATS, Format
from sources.identity import fold

SETS = "set"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles a feed holds, and how much of each; see `feeds.feed_settings.Options`."""

    limit: int = 50
    max_days: int | None = None
    max_bytes: int | None = None
    content: bool = True
    images: bool = True
    order: str = "published"


@dataclass(frozen=True)
class Plan:
    """What the settings say of feeds. own: settings of single feeds, by kind of term and folded name."""

    settings: FeedSettings
    own: dict[tuple[str, str], OneFeedSettings] = field(default_factory=dict)

    @property
    def formats(self) -> list[Format]:
        """The formats that every feed comes in."""
        return [format_ for format_ in FORMATS if format_.name in self.settings.formats]

    @property
    def combinations(self) -> dict[str, Combination]:
        """The combinations there are, by their canonical names."""
        found = (one.combined for one in self.own.values())
        return {combined.canonical: combined for combined in found if combined}

    def of(self, term: Term) -> OneFeedSettings | None:
        """Return what the settings say of one feed."""
        return self.own.get((term.kind, fold(term.name)))

    def allows(self, term: Term) -> bool:
        """Do the settings want such a feed at all?"""
        if term == THE_SITE:
            return True
        if term.kind == SETS:
            return term.name in self.combinations
        ignored = term.kind == "tag" and fold(term.name) in map(fold, self.settings.ignored_tags)
        return KINDS[term.kind] in self.settings.of and not ignored

    def begins(self, term: Term, articles: int) -> bool:
        """Does a feed begin with so many articles? One that has begun goes on with fewer."""
        is_named = term == THE_SITE or term.kind == SETS or self.of(term) is not None
        return is_named or articles >= self.settings.minimum

    def _chosen(self, own: OneFeedSettings | None, name: str) -> Any:
        """Return an option of a feed: its own word, else that of all feeds."""
        chosen = getattr(own, name, None)
        return chosen if chosen is not None else getattr(self.settings, name)

    def selection(self, term: Term) -> Selection:
        """Return which articles a feed holds."""
        own = self.of(term)
        return Selection(
            limit=self._chosen(own, "limit") or 50,
            max_days=self._chosen(own, "max_days"),
            max_bytes=self._chosen(own, "max_bytes"),
            content=self._chosen(own, "content") != "summary",
            images=self._chosen(own, "images") is not False,
            order=self._chosen(own, "order") or "published",
        )

    def ttl(self, term: Term) -> int | None:
        """Return the minutes between two visits that are chosen for a feed."""
        chosen: int | None = self._chosen(self.of(term), "ttl")
        return chosen

    def channel(self, term: Term, publisher: Publisher, updated: datetime) -> Channel:
        """Say what a feed says of itself."""
        channel, own = channel_for(term, publisher, updated), self.of(term)
        podcast = self._chosen(own, "podcast")
        channel = replace(
            channel,
            icon=self._chosen(own, "icon"),
            logo=self._chosen(own, "logo"),
            accent_color=self._chosen(own, "accent_color"),
            ttl=self._chosen(own, "ttl"),
            podcast=Podcast(**podcast.model_dump()) if podcast else None,
        )
        return channel if own is None else replace(channel, **self.called(term, publisher)._asdict())

    def called(self, term: Term, publisher: Publisher) -> Called:
        """Say what a feed is called."""
        found, own = called(term, publisher), self.of(term)
        if own is None:
            return found
        return Called(
            title=own.title or found.title,
            description=own.description or found.description,
            alternate=own.page or found.alternate,
            language=own.lang or found.language,
        )

    def title(self, term: Term, publisher: Publisher) -> str:
        """Return a feed's title alone, as `called` does."""
        own = self.of(term)
        return (own.title if own else None) or title_of(term, publisher)


def plan_of(settings: FeedSettings, feeds: tuple[OneFeedSettings, ...]) -> Plan:
    """Make a plan of the settings."""
    return Plan(settings, {(kind, fold(name)): one for one in feeds for kind, name in [one.subject]})
