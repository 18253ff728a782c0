"""nginx: the output folder, as nginx 1.18 and later serve it."""

from __future__ import annotations

from feeds.deploy.headers import (
    ALLOWED,
    Deployment,
    Kind,
    cache_control,
    fixed,
    kinds,
    link,
    links,
    pattern,
    pattern_as_sent,
)

SERVER, LOCATIONS = "conf.d/tagwire.conf", "snippets/tagwire.conf"
# One line of JSON for each request. The path stands there as it was sent, without its query string: there a
# secret might be.
LOG = """\
log_format tagwire escape=json '{"time":"$time_iso8601","remote":"$remote_addr","method":"$request_method",'
    '"path":"$tagwire_path","query":"$tagwire_query","status":$status,"bytes":$body_bytes_sent,'
    '"user_agent":"$http_user_agent","conditional":"$tagwire_conditional",'
    '"coding":"$sent_http_content_encoding","seconds":$request_time}';
map $request_uri $tagwire_path { "~^([^?]*)" $1; }
map $is_args $tagwire_query { "?" 1; }
map $http_if_none_match$http_if_modified_since $tagwire_conditional { "" ""; default 1; }"""


def nginx(site: Deployment) -> dict[str, str]:
    """Write the server, and what it does with the feeds."""
    return {SERVER: _server(site), LOCATIONS: _locations(site)}


def _server(site: Deployment) -> str:
    listen = f"{site.address}:{site.port}" if site.address else str(site.port)
    tls = " ssl" if site.port == 443 else ""
    certificates = ["    # ssl_certificate …; ssl_certificate_key …;  # of this host"] if tls else []
    lines = [
        "# Both files go below /etc/nginx/, where this one is read by itself. Then: nginx -s reload.",
        "# Has the host a server block already? Include snippets/tagwire.conf in that one, and of this file",
        "# take the server block away, and nothing else.",
        LOG,
        "# The feed's own address, as the feed itself has it; of a request spelt otherwise nothing is said.",
        'map "$status $request_uri" $tagwire_self {',
        *(f'    "~{_as_sent(site, kind)}" {_self(site)};' for kind in kinds(site) if kind.as_sent),
        "}",
        f'map $status $tagwire_allow {{ 405 "{ALLOWED}"; }}',
        "server {",
        f"    listen {listen}{tls};",
        *certificates,
        f"    server_name {site.host};",
        f"    access_log {site.access_log} tagwire;",
        '    add_header Access-Control-Allow-Origin "*" always;',
        "    location / { return 404; }",
        "    include snippets/tagwire.conf;",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _as_sent(site: Deployment, kind: Kind) -> str:
    return f"^(?:200|206|304) {pattern_as_sent(site, kind)}"


def _self(site: Deployment) -> str:
    return f"'{link(site.publisher.feeds_url + '$1', 'self')}'"


def _locations(site: Deployment) -> str:
    lines = [
        "# The feeds, for a server block to include. nginx makes ETags of a file's time and length: copy",
        "# files with their times (rsync -t), and every host gives the same. It reads where feeds moved when",
        "# it is loaded: reload it once a tag was renamed.",
        f"include {site.folder}/redirects.nginx.con[f];  # a pattern: no error while no feed has moved",
    ]
    for kind in kinds(site):
        lines += [f'location ~ "{pattern(site, kind)}" {{', *_location(site, kind), "}"]
    return "\n".join(lines) + "\n"


def _location(site: Deployment, kind: Kind) -> list[str]:
    headers = fixed(site, kind) | {"Cache-Control": cache_control(kind)}
    told = [f"    add_header Link '{value}';" for value in links(site, kind)]
    return [
        f"    alias {site.folder}/$1;",
        "    types {}",
        f'    default_type "{kind.media_type}";',
        *(f'    add_header {name} "{value}"{_when(name)};' for name, value in headers.items()),
        *(["    add_header Link $tagwire_self;"] if kind.as_sent else []),
        *told,
        "    add_header Allow $tagwire_allow always;",
        "    if_modified_since before;",
        "    gzip_static on;",
        "    # brotli_static on;  # with the module ngx_brotli",
        "    gzip on;  # where no .gz lies beside a file",
        "    gzip_comp_level 5;",
        "    gzip_types *;",
        "    gzip_proxied any;",
        "    gzip_vary off;  # Vary is told above, with 304 as well",
    ]


def _when(name: str) -> str:
    """A page elsewhere may read that there is no such feed, too."""
    return " always" if name == "Access-Control-Allow-Origin" else ""
