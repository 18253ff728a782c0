"""What the commands for editors do: take a story back, bring it back, see its past, put tags in order."""

from __future__ import annotations

import contextlib
from argparse import Namespace
from datetime import datetime
from typing import Any

from feeds.archive.archive import Archive
from feeds.archive.terms import Term, TermError
from feeds.archive.values import Withdrawal
from feeds.output import print_json, table
from feeds.tag_suggestions import Used, suggest
from sources.article import Article
from sources.identity import canonical_url
from sources.text import one_line, strip_forbidden

OK = 0
SHOWN = 200  # characters of a value in a log


Done = tuple[str, list[Term]]  # what to say, and the feeds that an act concerns


def resolved(archive: Archive, text: str) -> str:
    """Return the id or address, as the archive has it, of the article that an editor means.

    Raises TermError for none. http or https, and a slash at the end, make no difference.
    """
    text = text.strip()
    keys = [text]
    if text.startswith(("http://", "https://")):
        with contextlib.suppress(ValueError):
            url = canonical_url(text, text)
            scheme, _, rest = url.partition(":")
            other = f"{'http' if scheme == 'https' else 'https'}:{rest}"
            keys += [one for base in (url, other) for one in (base, base.rstrip("/"), base.rstrip("/") + "/")]
    found = next((key for key in keys if archive.knows(key)), None)
    if found is None:
        raise TermError(f"{text}: no article is known by that; give its id or its address")
    return found


def withdraw(arguments: Namespace, archive: Archive, now: datetime) -> Done:
    """Take a story out of every feed. Raises TermError for one that is not there."""
    key = resolved(archive, arguments.article)
    reason, notice = (
        _words(value, name) for name, value in (("reason", arguments.reason), ("notice", arguments.notice))
    )
    replacement = arguments.replacement
    if replacement:
        try:
            replacement = canonical_url(replacement, "")
        except ValueError as error:
            raise TermError(f"--replacement {replacement}: {error}; give an http(s) address") from error
    article = archive.withdraw(key, Withdrawal(key, now, "command", reason or "", replacement, notice))
    assert article is not None  # noqa: S101 - it was found above
    return f"withdrawn: {article.title} ({article.id})", archive.feeds_of(key)


def _words(text: str | None, name: str) -> str | None:
    """Return an editor's words without what no feed can hold. Raises TermError for none."""
    if text is None:
        return None
    words = one_line(strip_forbidden(text)[0])
    if not words:
        raise TermError(f"--{name} is empty: say something, or leave it out")
    return words


def restore(arguments: Namespace, archive: Archive, now: datetime) -> Done:
    """Bring a withdrawn story back. Raises TermError for one that is not withdrawn."""
    key = resolved(archive, arguments.article)
    article = archive.restore(key, now)
    if article is None:
        raise TermError(f"{arguments.article} is not withdrawn; `log` shows its past")
    if article.status == "canceled":
        raise TermError(f"{article.id}: its own record says that it is canceled; mend the record")
    return f"restored: {article.title} ({article.id})", archive.feeds_of(key)


def log(arguments: Namespace, archive: Archive) -> int:
    """Show every version of an article: what changed, when, and in which feeds it was."""
    key = resolved(archive, arguments.article)
    versions = archive.revisions(key)
    steps = [_step(before, after) for before, after in zip([None, *versions], versions, strict=False)]
    feeds = [f"{term.kind} {term.name}".strip() for term in archive.feeds_of(key)]
    if arguments.json:
        print_json({"id": versions[-1][1].id, "revisions": steps, "feeds": feeds})
        return OK
    rows: list[tuple[str, Any]] = []
    for step in steps:
        rows.append(("since", step["since"]))
        rows += [(f"  {name}", value) for name, value in step["changed"].items()]
    table(versions[-1][1].id, [*rows, ("feeds", ", ".join(feeds) or "none yet")])
    return OK


def _step(before: tuple[str | None, Article] | None, after: tuple[str | None, Article]) -> dict[str, Any]:
    """Say what a version changed against the one before. since: when it came in its place."""
    old = before[1].model_dump(mode="json") if before else {}
    new = after[1].model_dump(mode="json", exclude_defaults=before is None)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    if before:
        changed = {name: f"{_short(old.get(name))} -> {_short(value)}" for name, value in changed.items()}
    else:
        changed = {name: _short(value) for name, value in changed.items()}
    return {"since": before[0] if before else "first", "changed": changed}


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def tags(arguments: Namespace, archive: Archive) -> int:
    """Show tags, or what could be one."""
    found = archive.terms.every("tag")
    if arguments.action == "suggest":
        return _suggestions(arguments, found)
    rows: list[dict[str, Any]] = [
        {"name": t.name, "slug": t.slug, "articles": n, "feed_id": t.feed_id} for t, n in found
    ]
    if arguments.json:
        print_json({"tags": rows})
    else:
        table("tags", [(row["name"], f"{row['articles']:,} articles, tags/{row['slug']}/") for row in rows])
    return OK


def _suggestions(arguments: Namespace, found: list[tuple[Term, int]]) -> int:
    suggestions = suggest(Used(term.name, term.slug, count) for term, count in found)
    if arguments.json:
        rows = [{"merge": s.merge.name, "keep": s.keep.name, "reason": s.reason} for s in suggestions]
        print_json({"suggestions": rows})
    else:
        for one in suggestions:
            print(f'tags merge "{one.merge.name}" "{one.keep.name}"    # {one.reason}')
        print(f"{len(suggestions):,} suggestions; nothing was changed")
    return OK


def change_tags(arguments: Namespace, archive: Archive) -> Done:
    """Merge, rename or alias a tag. Raises TermError."""
    term = _tag(archive, arguments.tag)
    if arguments.action == "alias":
        for name in arguments.names:
            other = archive.terms.find("tag", name)
            if other and other.term_id != term.term_id:
                raise TermError(f'{other.name} is a tag of its own: tags merge "{other.name}" "{term.name}"')
        archive.terms.call("tag", term.name, None, arguments.names)
        return f"{', '.join(arguments.names)}: the same as {term.name} from now on", [term]
    if arguments.action == "merge":
        into = _tag(archive, arguments.into)
        archive.terms.merge(term, into)
        return f"{term.name} went up in {into.name}; its old address leads to tags/{into.slug}/", [into]
    renamed = archive.terms.rename(term, arguments.name, arguments.slug)
    return f"{term.name} is called {renamed.name} now, at tags/{renamed.slug}/", [renamed]


def _tag(archive: Archive, name: str) -> Term:
    term = archive.terms.find("tag", name)
    if term is None:
        raise TermError(f"{name}: no such tag; `tags` shows those there are")
    return term
