"""Configurations for other servers: what is in them beside what the HTTP contract asks (test_contract)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feeds.channel import Publisher
from feeds.deploy import TARGETS, DeployError, Deployment, configuration
from feeds.formats import FORMATS
from feeds.redirects import RULES, Moved

URL = "https://kabarteluk.example/"
PLAIN = Publisher(URL, URL, "Kabar Teluk", "Kabar Teluk", "kabarteluk.example,2005")
SITE = Deployment(PLAIN, Path("/srv/umpan"), "kabarteluk.example")
SERVERS = ["nginx", "caddy", "apache"]
FEED = "tags/nelayan/atom.xml"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, make_room: Any) -> Any:
    """A newsroom whose feeds nobody changes."""
    return make_room(tmp_path_factory.mktemp("deploy") / "room")


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    """Each server that we write a configuration for, and can run."""
    return str(request.param)


def test_feeds_may_lie_below_a_path(server: str, room: Any, serve: Any, tmp_path: Path) -> None:
    """Then they are there alone; what is well-known is at the root of the host as well (F-92, F-102)."""
    below = replace(PLAIN, feeds_url=f"{URL}umpan/caf%C3%A9/")
    with serve(server, room, tmp_path / "server", publisher=below) as served:
        found = served.ask(f"/umpan/caf%C3%A9/{FEED}")
        assert found.body == (room.out / FEED).read_bytes()
        assert found.all("Link") == [f'<{URL}umpan/caf%C3%A9/{FEED}>; rel="self"']
        assert served.ask(f"/umpan/caf%c3%a9/{FEED}").all("Link") == []
        assert served.ask(f"/{FEED}").status == 404
        well_known = served.ask("/.well-known/feeds")
        assert well_known.body == served.ask("/umpan/caf%C3%A9/.well-known/feeds").body
        assert (well_known.status, well_known.body) == (200, (room.out / "feeds.opml").read_bytes())


def test_nothing_is_said_that_is_not_so(server: str, room: Any, serve: Any, tmp_path: Path) -> None:
    """Without a licence, a reservation, a hub: no such header; and no format that there is none of."""
    with serve(server, room, tmp_path / "server", publisher=PLAIN, formats=FORMATS[1:2]) as served:
        found = served.ask(f"/{FEED}")
        assert found.all("Link") == [f'<{URL}{FEED}>; rel="self"']
        assert found.all("tdm-reservation") + found.all("tdm-policy") == []
        assert served.ask("/rss.xml").status == 404


def test_hubs_and_freshness_are_told(server: str, room: Any, serve: Any, tmp_path: Path) -> None:
    """S-40, F-80, S-27: each hub with the feeds that are announced there, not with sealed pages."""
    hubs = ("https://hub.example/", "https://simpul.example/?a=b&c=d")
    with serve(server, room, tmp_path / "server", publisher=PLAIN, hubs=hubs, max_age=1800) as served:
        found = served.ask(f"/{FEED}")
        assert {f'<{hub}>; rel="hub"' for hub in hubs} < set(found.all("Link"))
        assert found.one("Cache-Control") == (
            "public, max-age=1800, stale-while-revalidate=600, stale-if-error=86400"
        )
        page = served.ask("/tags/nelayan/archive/1/atom.xml")
        assert not any("hub" in link for link in page.all("Link"))
        assert str(page.one("Cache-Control")).startswith("public, max-age=3600,")


def test_what_is_gone_for_good_is_told(server: str, room: Any, serve: Any, tmp_path: Path) -> None:
    """S-35: where the rules that lie beside the feeds say 410, the server does; where there are none, it
    starts all the same.
    """
    rules = {"nginx": "redirects.nginx.conf", "caddy": "redirects.caddy", "apache": ".htaccess"}[server]
    moves = [Moved("tags/lama/", None), Moved("tags/kafé/", "tags/pelabuhan-café/")]
    path = room.out / rules
    before = path.read_bytes()
    try:
        path.write_text(RULES[rules](moves, URL), "utf-8")
        with serve(server, room, tmp_path / "server") as served:
            assert served.ask("/tags/lama/rss.xml").status == 410
            moved = served.ask("/tags/kaf%C3%A9/rss.xml")
            assert (moved.status, moved.one("Location")) == (301, f"{URL}tags/pelabuhan-caf%C3%A9/rss.xml")
        path.unlink()
        with serve(server, room, tmp_path / "again") as served:
            assert served.ask("/tags/lama/rss.xml").status == 404
            assert served.ask(f"/{FEED}").status == 200
    finally:
        path.write_bytes(before)


def test_nginx_logs_a_line_of_json_for_each_request(room: Any, serve: Any, tmp_path: Path) -> None:
    """Exactly these fields, and nowhere what stood in a query string or a referrer: a secret may be there."""
    log = tmp_path / "access.log"
    with serve("nginx", room, tmp_path / "server", access_log=log) as served:
        agent = 'Feedly/1.0 (+http://www.feedly.com; 12 subscribers; "kutip" \\ é)'.encode().decode("latin-1")
        whole = served.ask(
            f"/{FEED}?token=rahasia", User_Agent=agent, Referer=f"{URL}?rahasia", Accept_Encoding="gzip"
        )
        served.ask(f"/{FEED}", "HEAD", If_None_Match=whole.etag)
        served.ask("/tags/pelabuhan-caf%C3%A9/tiada.xml", If_Modified_Since="rahasia")
        served.talk(b"GARBAGE rahasia\r\n\r\n")
    text = log.read_text("utf-8")
    assert "rahasia" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    fields = "time remote method path query status bytes user_agent conditional coding seconds"
    assert all(list(line) == fields.split() for line in lines)
    assert [line["status"] for line in lines] == [200, 304, 404, 400]
    first, second, third, last = lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", first["time"])
    assert (first["remote"], first["method"], first["path"]) == ("127.0.0.1", "GET", f"/{FEED}")
    assert (first["query"], first["conditional"], first["coding"]) == ("1", "", "gzip")
    assert len(whole.body) <= first["bytes"] < len(whole.body) + 100  # chunks have their own few bytes
    assert first["user_agent"].encode().decode("latin-1") == agent
    assert (second["method"], second["query"], second["conditional"]) == ("HEAD", "", "1")
    assert (second["bytes"], second["coding"], second["user_agent"]) == (0, "", "")
    assert (third["path"], third["conditional"]) == ("/tags/pelabuhan-caf%C3%A9/tiada.xml", "1")
    assert last["method"] == ""
    assert all(isinstance(line["seconds"], float) for line in lines)


def test_nginx_takes_the_feeds_into_a_host_that_is_there(room: Any, serve: Any, tmp_path: Path) -> None:
    """A newsroom's own pages lie beside the feeds: only feeds are taken from them."""
    pages = '    location / { return 200 "halaman"; }'

    def among_pages(files: dict[str, str]) -> dict[str, str]:
        text = files["conf.d/tagwire.conf"]
        assert "    location / { return 404; }" in text
        return {**files, "conf.d/tagwire.conf": text.replace("    location / { return 404; }", pages)}

    with serve("nginx", room, tmp_path / "server", change=among_pages) as served:
        assert served.ask("/tags/nelayan/").body == b"halaman"
        assert served.ask("/").body == b"halaman"
        assert served.ask(f"/{FEED}").body == (room.out / FEED).read_bytes()
        assert served.ask("/tags/tiada/atom.xml").status == 404


# Hosts that read `_headers`


def rules_of(text: str) -> dict[str, dict[str, str]]:
    """Read `_headers`: patterns, and the headers of each."""
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            found[line] = {}
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            found[list(found)[-1]][name] = value
    return found


def fits(pattern: str, path: str) -> bool:
    """Does a path fit a pattern of segments and placeholders?"""
    return re.fullmatch(re.sub(r":\w+", "[^/]+", pattern.replace(".", r"\.")), path) is not None


@pytest.mark.parametrize("target", ["netlify", "cloudflare"])
def test_each_document_has_one_rule_at_a_host(target: str, room: Any) -> None:
    """Of two, both would have their say; and no more rules or longer lines than Cloudflare reads."""
    publisher = replace(PLAIN, license=f"{URL}lisensi", tdm_reservation=True)
    text = configuration(target, replace(SITE, publisher=publisher))["_headers"]
    rules = rules_of(text)
    assert len(rules) == 42
    assert max(map(len, text.splitlines())) < 2000
    feeds = 0
    for file in room.out.rglob("*"):
        path = f"/{file.relative_to(room.out)}"
        fitting = [headers for pattern, headers in rules.items() if fits(pattern, path)]
        is_document = file.is_file() and file.name not in RULES
        assert len(fitting) == is_document, path
        if is_document and file.name in {format_.file for format_ in FORMATS}:
            feeds += 1
            (media_type,) = (format_.media_type for format_ in FORMATS if format_.file == file.name)
            assert fitting[0]["Content-Type"] == media_type
            assert f'<{URL}lisensi>; rel="license"' in fitting[0]["Link"]
            assert fitting[0]["tdm-reservation"] == "1"
    assert feeds > 30


@pytest.mark.parametrize("target", ["netlify", "cloudflare"])
def test_a_host_says_self_where_it_can_be_sure(target: str) -> None:
    """F-81: of the site's own feeds; a rule for many can't know, and a wrong one is worse than none."""
    below = replace(PLAIN, feeds_url=f"{URL}umpan/")
    rules = rules_of(configuration(target, replace(SITE, publisher=below))["_headers"])
    told = {pattern: headers["Link"] for pattern, headers in rules.items() if "Link" in headers}
    assert told == {f"/umpan/{f.file}": f'<{URL}umpan/{f.file}>; rel="self"' for f in FORMATS}


def test_cloudflare_is_told_what_to_leave_out() -> None:
    """What lies in the folder and is for no reader."""
    left_out = configuration("cloudflare", SITE)[".assetsignore"].split()
    assert {".tagwire", ".htaccess", "redirects.*", "*.gz"} <= set(left_out)


# The front door


@pytest.mark.parametrize("target", TARGETS)
def test_a_configuration_comes_of_what_is_given_alone(target: str) -> None:
    """The same every time; every file says in its first lines where it belongs."""
    assert configuration(target, SITE) == configuration(target, SITE)
    for name, text in configuration(target, SITE).items():
        assert name == ".assetsignore" or text.startswith("# ")
        assert text.endswith("\n")


REFUSED = [
    (replace(SITE, folder=Path("public")), "whole path"),
    (replace(SITE, folder=Path("/srv/umpan baru")), "leave it out"),
    (replace(SITE, folder=Path("/srv/a;b")), "leave it out"),
    (replace(SITE, folder=Path("/srv/a*")), "leave it out"),
    (replace(SITE, host='"'), "leave it out"),
    (replace(SITE, port=0), "no port"),
    (replace(SITE, port=65_536), "no port"),
    (replace(SITE, max_age=-1), "seconds"),
    (replace(SITE, publisher=replace(PLAIN, feeds_url=f"{URL}$a/")), "leave it out"),
    (replace(SITE, publisher=replace(PLAIN, feeds_url=f"{URL}umpan%20baru/")), "leave it out"),
    (replace(SITE, publisher=replace(PLAIN, license=f'{URL}"')), "leave it out"),
    (replace(SITE, hubs=("https://hub.example/ x",)), "leave it out"),
    (replace(SITE, access_log=Path("/var/log/a{b")), "leave it out"),
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("site", "words"), REFUSED)
def test_what_would_mean_something_to_a_server_is_refused(target: str, site: Deployment, words: str) -> None:
    """The message names it and the mend."""
    with pytest.raises(DeployError, match=words):
        configuration(target, site)


def test_an_unknown_server_is_refused() -> None:
    """And those that are known are named."""
    with pytest.raises(DeployError, match="nginx, caddy, apache, netlify, cloudflare"):
        configuration("iis", SITE)


def test_port_443_is_tls() -> None:
    """Caddy gets certificates by itself; for the others there is a line that says where they go."""
    tls = replace(SITE, port=443)
    assert "\nkabarteluk.example {\n" in configuration("caddy", tls)["tagwire.caddy"]
    text = configuration("nginx", tls)["conf.d/tagwire.conf"]
    assert "    listen 443 ssl;\n    # ssl_certificate" in text
    assert "SSLCertificateFile" in configuration("apache", tls)["sites-available/tagwire.conf"]
