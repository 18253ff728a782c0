"""Apache: the output folder, as Apache 2.4 serves it."""

from __future__ import annotations

from feeds.deploy.headers import (
    ALLOWED,
    MARKED,
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

FILE = "sites-available/tagwire.conf"
EVERYWHERE = "Access-Control-Allow-Origin"  # also where there is no feed


def apache(site: Deployment) -> dict[str, str]:
    """Write the virtual host."""
    place = f"{site.address}:{site.port}" if site.address else str(site.port)
    lines = [
        "# Put this below /etc/apache2/. Then: a2enmod alias allowmethods deflate filter headers setenvif,",
        "# a2ensite tagwire, apachectl graceful. Do the last also once a tag was renamed.",
        "# Has the host a VirtualHost already? Take the lines inside of this one, but for RedirectMatch.",
        *([f"Listen {place}"] if site.port not in {80, 443} else []),
        f"<VirtualHost {site.address or '*'}:{site.port}>",
        f"    ServerName {site.host}",
        *(["    # SSLEngine on, SSLCertificateFile …, SSLCertificateKeyFile …"] if site.port == 443 else []),
        *(f"    {line}" for line in _host(site)),
        *(f"    {line}" for kind in kinds(site) for line in _kind(site, kind)),
        "</VirtualHost>",
    ]
    return {FILE: "\n".join(lines) + "\n"}


def _host(site: Deployment) -> list[str]:
    places = "|".join(pattern(site, kind).strip("^$") for kind in kinds(site))
    return [
        '# Where feeds moved: redirects = [".htaccess"] in publish.toml. A pattern: no error while none has.',
        f'IncludeOptional "{site.folder}/.htacces[s]"',
        f'RedirectMatch 404 "^(?!(?:{places})$)"',
        f'Header always set {EVERYWHERE} "*"',
        "# DEFLATE marks the tag of what it compresses, and does not know it when it comes back: the mark",
        "# is taken off. (DeflateAlterETag NoChange, since 2.4.58, would give two codings one strong tag.)",
        f'RequestHeader edit* If-None-Match "{MARKED}" "$1"',
        r'SetEnvIfNoCase Accept-Encoding "gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)" no-gzip',
        "RequestHeader unset Range",
        "TraceEnable off",
        f'<Directory "{site.folder}">',
        "    AllowOverride None",
        "    Options None",
        "    Require all granted",
        "    FileETag MTime Size",
        "    MaxRanges none",
        "    AllowMethods GET HEAD",
        f'    Header always set Allow "{ALLOWED}" "expr=%{{REQUEST_STATUS}} == 405"',
        "    SetOutputFilter DEFLATE",
        "</Directory>",
    ]


def _kind(site: Deployment, kind: Kind) -> list[str]:
    headers = fixed(site, kind) | {"Cache-Control": cache_control(kind)}
    before: list[str] = []
    inside = [
        f'ForceType "{kind.media_type}"',
        *(f'Header set {name} "{_plain(value)}"' for name, value in headers.items() if name != EVERYWHERE),
        *(f"Header add Link {quoted(_plain(value))}" for value in links(site, kind)),
    ]
    if kind.as_sent:
        asked = pattern_as_sent(site, kind).removesuffix("$")
        before = [rf'SetEnvIfExpr "%{{THE_REQUEST}} =~ m#^\S+ {asked} HTTP/#" tagwire_self=$1']
        own = link(_plain(site.publisher.feeds_url) + "%{tagwire_self}e", "self")
        inside.append(f"Header add Link {quoted(own)} env=tagwire_self")
    place = pattern(site, kind)
    return [
        *before,
        f'AliasMatch "{place}" "{site.folder}/$1"',
        f'<LocationMatch "{place}">',
        *(f"    {line}" for line in inside),
        "</LocationMatch>",
    ]


def _plain(value: str) -> str:
    """Write a value in which `%` stands for itself."""
    return value.replace("%", "%%")
