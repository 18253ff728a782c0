"""What the commands for editors do: take a story back, bring it back, see its past, put tags in order."""

from __future__ import annotations

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

OK = 0
SHOWN = 200  # characters of a value in a log


def known_as(text: str) -> str:
    """Return what an id or an address leads to in the archive: addresses there are canonical."""
    try:
        return canonical_url(text, text) if text.startswith(("http://", "https://")) else text
    except ValueError:
        return text


def withdraw(arguments: Namespace, archive: Archive, now: datetime) -> str:
    """Take a story out of every feed; say so. Raises TermError for one that is not there."""
    withdrawal = Withdrawal(
        arguments.article, now, "command", arguments.reason, arguments.replacement, arguments.notice
    )
    article = archive.withdraw(arguments.article, withdrawal)
    if article is None:
        raise TermError(f"{arguments.article}: no article is known by that; give its id or its address")
    return f"withdrawn: {article.title} ({article.id})"


def restore(arguments: Namespace, archive: Archive, now: datetime) -> str:
    """Bring a withdrawn story back; say so. Raises TermError for one that is not withdrawn."""
    article = archive.restore(arguments.article, now)
    if article is None:
        raise TermError(f"{arguments.article}: no withdrawn article is known by that; `log` shows its past")
    if article.status == "canceled":
        raise TermError(f"{article.id}: its own record says that it is canceled; mend the record")
    return f"restored: {article.title} ({article.id})"


def log(arguments: Namespace, archive: Archive) -> int:
    """Show every version of an article: what changed, when, and in which feeds it was."""
    versions = archive.revisions(arguments.article)
    if not versions:
        raise TermError(f"{arguments.article}: no article is known by that; give its id or its address")
    steps = [_step(before, after) for before, after in zip([None, *versions], versions, strict=False)]
    feeds = [f"{term.kind} {term.name}".strip() for term in archive.feeds_of(arguments.article)]
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
    found = archive.terms("tag")
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


def change_tags(arguments: Namespace, archive: Archive) -> str:
    """Merge, rename or alias a tag; say so. Raises TermError."""
    if arguments.action == "alias":
        archive.name_term("tag", _tag(archive, arguments.tag).name, None, arguments.names)
        return f"{', '.join(arguments.names)}: the same as {arguments.tag} from now on"
    term = _tag(archive, arguments.tag)
    if arguments.action == "merge":
        into = _tag(archive, arguments.into)
        archive.merge_terms(term, into)
        return f"{term.name} went up in {into.name}; its old address leads to tags/{into.slug}/"
    renamed = archive.rename_term(term, arguments.name, arguments.slug)
    return f"{term.name} is called {renamed.name} now, at tags/{renamed.slug}/"


def _tag(archive: Archive, name: str) -> Term:
    term = archive.find_term("tag", name)
    if term is None:
        raise TermError(f"{name}: no such tag; `tags` shows those there are")
    return term
