"""Caddy: the output folder, as Caddy 2.6 and later serve it."""

from __future__ import annotations

from feeds.deploy.headers import (
    ALLOWED,
    MARKED,
    VARY,
    Deployment,
    Kind,
    cache_control,
    fixed,
    kinds,
    link,
    links,
    pattern,
    pattern_as_sent,
    quoted,
)

FILE = "tagwire.caddy"


def caddy(site: Deployment) -> dict[str, str]:
    """Write the site, and what it does with the feeds."""
    lines = [
        "# Put this into /etc/caddy/, say `import tagwire.caddy` at the end of the Caddyfile, and reload it.",
        "# Has the host a site block already? Take the one here away, and say `import tagwire` in that one.",
        "# Caddy reads where feeds moved when it is loaded: reload it once a tag was renamed.",
        "(tagwire) {",
        "\troute {",
        f"\t\timport {site.folder}/redirects.*caddy # a pattern: no error while no feed has moved",
        *(line for kind in kinds(site) for line in _route(site, kind)),
        "\t}",
        "}",
        f"{_address(site)} {{",
        *([f"\tbind {site.address}"] if site.address else []),
        '\theader Access-Control-Allow-Origin "*"',
        "\timport tagwire",
        "\trespond 404",
        "}",
    ]
    return {FILE: "\n".join(lines) + "\n"}


def _address(site: Deployment) -> str:
    """Caddy gets certificates for a host by itself, unless it is told a port or http."""
    if site.port == 443:
        return site.host
    return f"http://{site.host}" + (f":{site.port}" if site.port != 80 else "")


def _route(site: Deployment, kind: Kind) -> list[str]:
    name = f"tagwire_{kind.name}"
    inside = [
        *_refusals(site, name),
        *_headers(site, kind, name),
        f'request_header If-None-Match "{MARKED}" "$1"',
        # Parts of feeds nobody needs; and to a range that is none Caddy says 416, which caches would keep.
        "request_header -Range",
        # On the fly, where no sidecar is. Not for HEAD: the length of nothing would be told.
        "@get method GET",
        "encode @get zstd gzip {",
        "\tminimum_length 256",
        "\tmatch {",
        "\t\tstatus 200",
        "\t}",
        "}",
        "file_server {",
        "\tprecompressed br zstd gzip",
        "}",
    ]
    start = [f"@{name} path_regexp {name} {pattern(site, kind)}", f"route @{name} {{"]
    return [f"\t\t{line}" for line in [*start, *(f"\t{line}" for line in inside), "}"]]


def _refusals(site: Deployment, name: str) -> list[str]:
    return [
        "@other not method GET HEAD",
        "route @other {",
        f'\theader Allow "{ALLOWED}"',
        "\trespond 405",
        "}",
        f"root * {site.folder}",
        f"rewrite * /{{re.{name}.1}}",
        "@missing not file",
        "respond @missing 404",
    ]


def _headers(site: Deployment, kind: Kind, name: str) -> list[str]:
    headers = fixed(site, kind) | {"Content-Type": kind.media_type, "Cache-Control": cache_control(kind)}
    lines = [f'{field} "{value}"' for field, value in headers.items() if field != "Vary"]
    lines += [f"+Link {quoted(value)}" for value in links(site, kind)]
    # Once the answer is made. Caddy compresses on the fly under the file's own tag: a weak one may stand for
    # all codings (S-23).
    after = [f"Vary {VARY}", "ETag ^ W/", "-Accept-Ranges", "defer"]
    found = _block("header", lines) + _block("header", after)
    if kind.as_sent:
        own = link(f"{site.publisher.feeds_url}{{re.{name}_self.1}}", "self")
        found += [
            f'@self vars_regexp {name}_self {{http.request.orig_uri}} "^{pattern_as_sent(site, kind)}"',
            f"header @self +Link {quoted(own)}",
        ]
    return found


def _block(directive: str, lines: list[str]) -> list[str]:
    return [f"{directive} {{", *(f"\t{line}" for line in lines), "}"]
