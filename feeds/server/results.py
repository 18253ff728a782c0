"""Results: what became of records, told in JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from feeds.archive.values import Withdrawal
from feeds.ingest import Outcome
from feeds.server.problem import problem
from sources.article import Article
from sources.source import Rejected


def results(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Tell what became of several records, in their order, and how many became what."""
    counts = Counter(dict.fromkeys(("new", "changed", "unchanged", "rejected"), 0))
    counts.update(outcome.result for outcome in outcomes)
    return {"counts": dict(counts), "results": [result(outcome) for outcome in outcomes]}


def result(outcome: Outcome) -> dict[str, Any]:
    """Tell what became of a record."""
    if outcome.rejected:
        return {"result": "rejected", **_error(outcome.rejected)}
    article = outcome.article
    assert isinstance(article, Article)  # noqa: S101 - a record that is not rejected is one
    position = {"position": outcome.position} if outcome.position else {}
    status = "canceled" if outcome.withdrawn else article.status
    told = {"id": article.id, "url": article.url, "title": article.title, "status": status}
    return {**position, "result": outcome.result, **told, **withdrawal(outcome.withdrawn)}


def _error(rejected: Rejected) -> dict[str, str]:
    return {"position": rejected.position, "field": rejected.field, "reason": rejected.reason}


def withdrawal(withdrawn: Withdrawal | None) -> dict[str, Any]:
    """Tell how an article was withdrawn, if it was."""
    if withdrawn is None:
        return {}
    told = {name: getattr(withdrawn, name) for name in ("by", "reason", "replacement", "notice")}
    return {"withdrawn": {"at": withdrawn.at.isoformat(), **told}}


def refusal(outcomes: Sequence[Outcome]) -> Response:
    """Say why nothing was taken: 409 if a record was in order and is at odds with what is kept, else 422."""
    status = 409 if any(outcome.is_conflict for outcome in outcomes) else 422
    errors = [_error(outcome.rejected) for outcome in outcomes if outcome.rejected]
    first = errors[0]
    where = ": ".join(filter(None, (first["position"], first["field"], first["reason"])))
    more = f" … and {len(errors) - 1:,} more" if len(errors) > 1 else ""
    return problem(status, f"rejected: {where}{more}", errors=errors)


def path_of(outcome: Outcome) -> str:
    """Return where the API has an article."""
    return f"/articles/{quote(outcome.article.id, safe='')}" if outcome.article else ""
