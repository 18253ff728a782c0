"""Deploy: the configuration by which other servers give the output folder's files the headers ours gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from feeds.deploy.apache import apache
from feeds.deploy.caddy import caddy
from feeds.deploy.headers import DeployError, Deployment, check
from feeds.deploy.hosted import cloudflare, netlify
from feeds.deploy.nginx import nginx

__all__ = ["TARGETS", "DeployError", "Deployment", "configuration"]

TARGETS: Mapping[str, Callable[[Deployment], dict[str, str]]] = {
    "nginx": nginx,
    "caddy": caddy,
    "apache": apache,
    "netlify": netlify,
    "cloudflare": cloudflare,
}


def configuration(target: str, site: Deployment) -> dict[str, str]:
    """Return the files of a server's configuration: their text, by their name. Each says where it belongs.

    target: one of TARGETS. Raises DeployError for what can't be told to a server.
    """
    if target not in TARGETS:
        raise DeployError(f"{target!r} is no server that there is a configuration for: {', '.join(TARGETS)}")
    check(site)
    return TARGETS[target](site)
