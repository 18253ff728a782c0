"""Pollers: what access records tell of feeds, readers and subscribers."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.output import table
from feeds.pollers.files import lines_of
from feeds.pollers.records import Access, read_access
from feeds.pollers.report import data, rows
from feeds.pollers.summary import MOST, summary
from feeds.pollers.user_agents import agent_of
from feeds.pollers.values import Poller, Summary
from feeds.server.access import access_line

START = 1793682000.0
HOUR = 3600.0
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; like FeedFetcher-Google)"
FEEDBIN = "Feedbin feed-id:{} - {} subscribers"
NEWSBLUR = "NewsBlur Feed Fetcher - 9 subscribers - https://www.newsblur.com/site/990017/kabar-teluk"
FRESHRSS = "FreshRSS/1.27.0 (Linux; https://freshrss.org)"


def asked(
    hours: float = 0.0,
    agent: str = FRESHRSS,
    status: int = 200,
    *,
    path: str = "/rss.xml",
    asks: bool = True,
    size: int = 5000,
    coding: str = "gzip",
    remote: str = "192.0.2.7",
    method: str = "GET",
) -> bytes:
    """Make our own record of a request, so many hours after the start."""
    sent = size if status == 200 and method == "GET" else 0
    line = access_line(
        START + hours * HOUR, remote, method, path.encode(), status, sent, agent.encode(), asks, coding, 0.0
    )
    return line.encode()


def only(found: Summary) -> Poller:
    """Return the one client there is."""
    (poller,) = found.pollers.values()
    return poller


# --- user agents ---


@pytest.mark.parametrize(
    ("text", "name", "feed_id", "subscribers"),
    [
        (FEEDLY.format(41), "Feedly", "", 41),
        ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)", "Feedly", "", None),
        ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 26 subscribers; )", "Inoreader", "", 26),
        ("Mozilla/5.0 (compatible; inoreader.com; 7 subscribers)", "Inoreader", "", 7),
        (NEWSBLUR, "NewsBlur", "990017", 9),
        ("NewsBlur Feed Fetcher - 1 subscriber - http://www.newsblur.com", "NewsBlur", "", 1),
        ("NewsBlur Page Fetcher (239 subscribers) - http://www.newsblur.com", "NewsBlur", "", 239),
        (FEEDBIN.format(9428, 7), "Feedbin", "9428", 7),
        ("Bloglovin/1.0 (http://www.bloglovin.com; 3 subscribers)", "Bloglovin", "", 3),
        (
            "Mozilla/5.0 (compatible; theoldreader.com; 4 subscribers; feed-id=ce6c3a83)",
            "The Old Reader",
            "ce6c3a83",
            4,
        ),
        (
            "Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 5 subscribers)",
            "BazQux",
            "",
            5,
        ),
        ("Netvibes (http://www.netvibes.com/; 5 subscribers; feedId: 5404723)", "Netvibes", "5404723", 5),
        (
            "Overcast/1.0 Podcast Sync (1,190 subscribers; feed-id=554901; +http://overcast.fm/)",
            "Overcast",
            "554901",
            1190,
        ),
        (
            "Dreamwidth Studios (webmaster@dreamwidth.org; for https://www.dreamwidth.org/x/; 2 readers)",
            "Dreamwidth",
            "",
            2,
        ),
        ("FeedPress/1.0 (+https://feed.press; 12 subscribers)", "FeedPress", "", 12),
        (
            "Feedfetcher-Google; (+http://www.google.com/feedfetcher.html; 4 subscribers; feed-id=90489)",
            "Google",
            "90489",
            4,
        ),
        ("Pengumpul/2.0 (+https://pengumpul.example/; 8 subscribers)", "Pengumpul", "", 8),
    ],
)
def test_services_tell_their_subscribers(text: str, name: str, feed_id: str, subscribers: int | None) -> None:
    """The forms services use are read: who, for which of its feeds, for how many (S-37)."""
    agent = agent_of(text)
    assert (agent.name, agent.is_service, agent.feed_id, agent.subscribers) == (
        name,
        True,
        feed_id,
        subscribers,
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FRESHRSS, "FreshRSS"),
        ("Tiny Tiny RSS/21.06-7bd9572aa (http://tt-rss.org/)", "Tiny Tiny RSS"),
        ("Mozilla/5.0 (compatible; Miniflux/2.2.9; +https://miniflux.app)", "Miniflux"),
        ("NextCloud-News/1.0", "Nextcloud News"),
        ("Yarr/1.0", "Yarr"),
        ("FeedDemon/4.5 (http://www.feeddemon.com/; Microsoft Windows)", "FeedDemon"),
        ("CommaFeed/4.6.0 (https://github.com/Athou/commafeed)", "CommaFeed"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.6.1", "Thunderbird"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "browser"),
        ("Pembaca/3.1 (id)", "Pembaca"),
        ("-", "(no name)"),
        ("", "(no name)"),
        ("\x1b[2J", "[2J"),
    ],
)
def test_readers_that_people_run_tell_no_number(text: str, name: str) -> None:
    """They are known by name, and each address is one of its own."""
    agent = agent_of(text)
    assert (agent.name, agent.is_service, agent.subscribers) == (name, False, None)


@given(st.text())
def test_any_user_agent_has_a_short_printable_name(text: str) -> None:
    """A User-Agent is anybody's text."""
    name = agent_of(text).name
    assert name.isprintable()
    assert 0 < len(name) <= 40


# --- records ---


def test_records_of_three_servers_say_the_same() -> None:
    """Our record, nginx's with text for numbers, and a combined line are one request."""
    ours = read_access(asked(path="/tags/nelayan/rss.xml?x=1"))
    assert ours == Access(
        time=START,
        remote="192.0.2.7",
        method="GET",
        path="/tags/nelayan/rss.xml",
        has_query=True,
        status=200,
        sent=5000,
        user_agent=FRESHRSS,
        conditional=True,
        coding="gzip",
    )
    nginx = {
        **json.loads(asked(path="/tags/nelayan/rss.xml?x=1")),
        "time": "2026-11-03T12:00:00+07:00",
        "status": "200",
        "bytes": "5000",
    }
    assert read_access(json.dumps(nginx).encode()) == ours
    assert read_access(json.dumps({**nginx, "time": "1793682000.000"}).encode()) == ours
    combined = read_access(
        b'192.0.2.7 - - [03/Nov/2026:12:00:00 +0700] "GET /tags/nelayan/rss.xml?x=1 HTTP/1.1" 200 5000 "-" "'
        + FRESHRSS.encode()
        + b'"\n'
    )
    assert isinstance(combined, Access)
    assert (combined.conditional, combined.coding) == (None, None)
    assert (combined.time, combined.path, combined.has_query, combined.sent, combined.user_agent) == (
        ours.time,
        ours.path,
        ours.has_query,
        ours.sent,
        ours.user_agent,
    )


def test_quotes_in_a_combined_line_are_read() -> None:
    """Apache writes a quote as `\\"`, nginx as `\\x22`; what follows it is not lost."""
    line = (
        r'192.0.2.7 - - [03/Nov/2026:12:00:00 +0700] "GET /rss.xml HTTP/1.1" 200 - "a\"b" "x \"y\" \x22z\x22"'
    )
    found = read_access(line.encode())
    assert isinstance(found, Access)
    assert (found.user_agent, found.sent) == ('x "y" "z"', 0)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"{}",
        b"[1]",
        b'{"time": {}}',
        b"\xff\xfe\x00",
        b"[" * 20_000,
        b"{" + b'"a":[' * 20_000,
        asked().replace(b'"status":200', b'"status":"dua ratus"'),
        asked().replace(b"2026-11", b"2026-31"),
        b'192.0.2.7 - - [03/Nop/2026:12:00:00 +0700] "GET / HTTP/1.1" 200 1 "-" "-"',
        b'192.0.2.7 - - [03/Nov/2026:12:00:00 +0700] "\\x16\\x03" 400 1 "-" "-"',
        b'192.0.2.7 - - [99999] "' + b"\\" * 30_000,
    ],
)
def test_an_unreadable_line_gives_a_reason(line: bytes) -> None:
    """A line that is no record is a reason, not an exception."""
    assert isinstance(read_access(line), str)


@given(st.binary())
def test_no_line_is_fatal(line: bytes) -> None:
    """Whatever stands in a log, reading goes on."""
    assert isinstance(read_access(line), Access | str)


def test_unreadable_lines_are_counted_and_shown() -> None:
    """Neighbours of a broken line are counted; the report tells of it, and where it was."""
    found = summary([asked(), b"rusak\n", b"\n", asked(1), b"{\n"])
    assert (only(found).traffic.requests, found.unreadable) == (2, 2)
    assert found.examples[0].startswith("line 2: ")
    assert ("unreadable lines", f"2; {'; '.join(found.examples)}") in rows(found)


def test_a_terminal_is_not_steered() -> None:
    """Control characters from a log do not reach the table."""
    line = asked(path="/x/rss.xml").replace(b"/x/", rb"/\u001b[2J/").replace(b"FreshRSS", rb"\u009bxRSS")
    text = "".join(part for row in rows(summary([line, b'{"\x1b[2J'])) for part in row)
    assert "/\ufffd[2J/rss.xml" in text
    assert text.isprintable()


# --- files ---


def test_samples_of_nginx_are_read(samples: Path) -> None:
    """Combined and JSON logs as nginx writes them, in any order, give one summary."""
    found = summary(lines_of([samples / "access" / "nginx.jsonl", samples / "access" / "combined.log"]))
    told = {(row["service"], row["feed"]): row["subscribers"] for row in data(found)["subscribers"]}
    assert told == {("Feedly", "/tags/nelayan/rss.xml"): 43, ("NewsBlur", "990017"): 9}
    assert set(found.feeds) == {"/tags/nelayan/rss.xml", "/atom.xml", "/for/-/tags/nelayan/rss.xml"}
    assert (found.unreadable, found.others) == (1, 1)
    assert found.feeds["/tags/nelayan/rss.xml"].traffic.saved == 2 * 5200
    assert found.feeds["/atom.xml"].traffic.saved == 8000  # nginx names no coding with a 304
    assert "TokenRahasia" not in json.dumps(data(found)) + str(rows(found))


def test_packed_files_are_read_in_the_order_of_time(tmp_path: Path) -> None:
    """Yesterday's packed file, named last, is read first."""
    (tmp_path / "access.log").write_bytes(asked(24, FEEDLY.format(50), 304))
    (tmp_path / "access.log.1.gz").write_bytes(gzip.compress(asked(0, FEEDLY.format(40))))
    found = summary(lines_of([tmp_path / "access.log", tmp_path / "access.log.1.gz"]))
    assert only(found).interval == 24 * HOUR
    assert found.feeds["/rss.xml"].traffic.saved == 5000


def test_a_file_that_breaks_off_does_not_stop_the_others(tmp_path: Path) -> None:
    """What could be read of it counts; the failure names the file."""
    packed = gzip.compress(b"".join(asked(n) for n in range(50)))
    (tmp_path / "a.gz").write_bytes(packed[:-20])
    (tmp_path / "b.log").write_bytes(asked(100))
    found = summary(lines_of([tmp_path / "a.gz", tmp_path / "b.log", tmp_path / "c.log"]))
    assert found.until == START + 100 * HOUR
    assert only(found).traffic.requests > 1
    assert [failure.partition(": ")[0] for failure in found.failures] == [
        str(tmp_path / "c.log"),
        str(tmp_path / "a.gz"),
    ]


def test_a_line_without_end_is_no_load(tmp_path: Path) -> None:
    """A file of one line of 20 MB is read in pieces."""
    (tmp_path / "a.log").write_bytes(b"x" * 20_000_000 + b"\n" + asked())
    tracemalloc.start()
    found = summary(lines_of([tmp_path / "a.log"]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert only(found).traffic.requests == 1
    assert peak < 5_000_000


# --- subscribers ---


def test_the_latest_count_of_a_feed_holds() -> None:
    """Counts of one service and feed are not added up; the latest counts, also if it is lower (S-37)."""
    counts = (40, 45, 43)
    found = summary(asked(n, FEEDLY.format(count), 304) for n, count in enumerate(counts))
    assert data(found)["subscriptions"] == 43


def test_an_older_line_does_not_undo_a_newer() -> None:
    """Workers write their lines a second apart: the time decides, not the place."""
    found = summary([asked(2, FEEDLY.format(43)), asked(1, FEEDLY.format(40))])
    assert data(found)["subscriptions"] == 43


def test_feeds_are_told_apart_by_the_services_own_id() -> None:
    """Two ids at one path are two feeds to the service; one id at two paths is one."""
    found = summary(
        [
            asked(1, FEEDBIN.format(1, 10)),
            asked(2, FEEDBIN.format(2, 5)),
            asked(3, FEEDBIN.format(1, 11), path="/tags/a/rss.xml"),
        ]
    )
    assert {key: claim.subscribers for key, claim in found.claims.items()} == {
        ("Feedbin", "1"): 11,
        ("Feedbin", "2"): 5,
    }


def test_the_site_has_subscriptions_and_a_least_number_of_readers() -> None:
    """Sums are called subscriptions; of readers only the largest claim is sure."""
    found = summary(
        [
            asked(1, FEEDLY.format(40)),
            asked(2, FEEDLY.format(30), path="/tags/a/rss.xml"),
            asked(3, FEEDBIN.format(1, 20)),
        ]
    )
    assert (data(found)["subscriptions"], data(found)["readers_at_least"]) == (90, 40)
    said = dict(rows(found))
    assert said["subscriptions"] == "90 (Feedly 70, Feedbin 20)"
    assert said["readers"].startswith("at least 40.")


def test_a_service_that_went_away_no_longer_counts() -> None:
    """A count not seen for a week before the log's end is told, but not counted."""
    found = data(summary([asked(0, FEEDBIN.format(1, 20)), asked(24 * 8, FEEDLY.format(40))]))
    assert found["subscriptions"] == 40
    assert [row["recent"] for row in found["subscribers"]] == [False, True]


def test_of_readers_nothing_is_said_where_no_service_tells_any() -> None:
    """No claim, or none of the last week: "at least 0" would say nothing."""
    assert "readers" not in dict(rows(summary([asked()])))
    assert dict(rows(summary([asked()])))["subscriptions"] == "no service tells any"
    assert "readers" not in dict(rows(summary([asked(0, FEEDLY.format(40)), asked(24 * 8)])))


# --- traffic ---


def test_saved_bytes_are_304s_times_the_last_body_in_that_coding() -> None:
    """Each 304 spares what its client would have got: the last body of its coding."""
    found = summary(
        [
            asked(0, size=5000),
            asked(0, "Pembaca/1", size=20_000, coding=""),
            asked(1, status=304),
            asked(1, "Pembaca/1", 304, coding=""),
            asked(2, size=6000),
            asked(3, status=304),
        ]
    )
    traffic = found.feeds["/rss.xml"].traffic
    assert (traffic.saved, traffic.sent) == (5000 + 20_000 + 6000, 31_000)
    assert data(found)["total"]["not_modified_share"] == 0.5


def test_a_304_without_a_coding_spares_what_its_client_got_before() -> None:
    """nginx names no coding with a 304; the client asks for the coding that it asked for before."""
    found = summary(
        [asked(0, size=5000), asked(0, "Pembaca/1", size=20_000, coding=""), asked(1, status=304, coding="")]
    )
    assert found.feeds["/rss.xml"].traffic.saved == 5000


def test_a_clients_interval_is_the_median() -> None:
    """One pause does not change how often a client usually comes."""
    found = summary(asked(hours, status=304) for hours in (0, 0.5, 1, 1.5, 50, 50.5))
    assert only(found).interval == 1800
    assert any("every 30 min" in said for _, said in rows(found))


def test_a_reader_at_each_address_is_its_own_client_a_service_is_one() -> None:
    """Two households with FreshRSS are two; Feedly's machines are one."""
    remotes = ("192.0.2.1", "2001:db8::1")
    found = summary(asked(0, agent, remote=at) for agent in (FRESHRSS, FEEDLY.format(4)) for at in remotes)
    assert sorted(key[:2] for key in found.pollers) == [
        ("Feedly", ""),
        ("FreshRSS", "192.0.2.1"),
        ("FreshRSS", "2001:db8::1"),
    ]


# --- manners ---


def test_who_refetches_without_asking_is_named() -> None:
    """Whole answers to requests without validators count, but for the first."""
    found = summary(asked(n, asks=False) for n in range(5))
    assert (only(found).unconditional, only(found).refetches) == (4, True)
    assert ("refetches all", "FreshRSS 192.0.2.7 at /rss.xml: 4 of 4 times") in rows(found)


def test_who_asks_is_not_named() -> None:
    """A new body for a client that asked for changes is what feeds are for."""
    found = summary([asked(0, asks=False), *(asked(n, status=304 if n % 3 else 200) for n in range(1, 30))])
    assert (only(found).unconditional, only(found).refetches) == (0, False)


def test_a_look_at_the_head_is_no_refetch() -> None:
    """HEAD gets no body, with or without validators."""
    found = summary([asked(0), *(asked(n, asks=False, method="HEAD") for n in range(1, 9))])
    assert only(found).refetches is False


def test_newsblurs_forced_fetches_are_not_blamed() -> None:
    """NewsBlur fetches one time in a hundred without validators and with `?_=`, on purpose (S-04)."""
    lines = [asked(n, NEWSBLUR, path="/rss.xml?_=7731", asks=False) for n in range(20)]
    assert (only(summary(lines)).forced, only(summary(lines)).refetches) == (19, False)
    others = [asked(n, path="/rss.xml?_=7731", asks=False) for n in range(20)]
    assert only(summary(others)).refetches is True


def combined(hour: int, status: int) -> bytes:
    """Make a line of a log that tells nothing of validators."""
    agent = FRESHRSS.encode()
    return b'192.0.2.7 - - [03/Nov/2026:%02d:00:00 +0700] "GET /rss.xml HTTP/1.1" %d 5000 "-" "%s"\n' % (
        hour,
        status,
        agent,
    )


def test_a_combined_log_cannot_tell_who_refetches() -> None:
    """Whole answers may have been asked for or not: unknown; a client of nothing but 304s does ask."""
    found = summary(combined(hour, 200) for hour in range(9))
    assert only(found).refetches is None
    assert any("unknown" in said for _, said in rows(found))
    assert only(summary([combined(0, 200), *(combined(n, 304) for n in range(1, 9))])).refetches is False


@pytest.mark.parametrize("status", [301, 308, 410])
def test_ignoring_a_move_is_blamed_after_25_answers(status: int) -> None:
    """Feedbin believes a move after more than 24 sightings: nobody is accused before (S-34)."""
    patient = summary(asked(n, FEEDBIN.format(1, 3), status) for n in range(25))
    assert only(patient).ignores_move is False
    stubborn = summary(asked(n, FEEDBIN.format(1, 3), status) for n in range(26))
    assert only(stubborn).ignores_move is True
    assert ("ignores 301 or 410", "Feedbin 1 at /rss.xml: asked 26 times") in rows(stubborn)


def test_a_feed_that_came_back_clears_its_pollers() -> None:
    """Answers that it moved count in a row."""
    lines = [asked(n, status=301) for n in range(20)] + [asked(21)]
    lines += [asked(n, status=301) for n in range(22, 40)]
    assert only(summary(lines)).moved == 18


# --- what is counted ---


def test_only_feeds_are_counted() -> None:
    """Pages, scanners' guesses and other methods are one number."""
    lines = [
        asked(path="/"),
        asked(path="/gaya.css"),
        asked(path="/tidak-ada/rss.xml", status=404),
        asked(method="POST"),
        asked(path="/combine/a+b/feed.json"),
    ]
    found = summary(lines)
    assert (list(found.feeds), found.others) == (["/combine/a+b/feed.json"], 4)


def test_one_address_or_one_folder_can_be_asked_for() -> None:
    """An old address has any name; a slash at its end takes all below."""
    lines = [
        asked(path="/umpan.php", status=301),
        asked(path="/tags/a/rss.xml"),
        asked(path="/tags/b/rss.xml"),
    ]
    assert list(summary(lines, "/umpan.php").feeds) == ["/umpan.php"]
    assert list(summary(lines, "/tags/").feeds) == ["/tags/a/rss.xml", "/tags/b/rss.xml"]


def strangers(count: int) -> Iterator[bytes]:
    """Make requests of ever new clients."""
    for number in range(count):
        yield asked(number / 1000, f"Pembaca{number}/1.0 (1 subscribers; feed-id={number})")


def test_memory_is_bounded_against_endless_clients() -> None:
    """Clients beyond those told apart are counted together, and the report says so."""
    found = summary(strangers(MOST + 500))
    assert (len(found.pollers), len(found.claims), found.uncounted) == (MOST, MOST, 500)
    assert any("500 requests" in said for _, said in rows(found))


def test_programs_get_everything_as_json() -> None:
    """The data goes through JSON and holds every client with its numbers."""
    found: dict[str, Any] = json.loads(json.dumps(data(summary([asked(0), asked(1, status=304)]))))
    assert found["pollers"] == [
        {
            "name": "FreshRSS",
            "at": "192.0.2.7",
            "path": "/rss.xml",
            "requests": 2,
            "not_modified": 1,
            "not_modified_share": 0.5,
            "bytes_sent": 5000,
            "bytes_saved": 5000,
            "interval": 3600,
            "unconditional": 0,
            "unknown": 0,
            "forced": 0,
            "refetches_unconditionally": False,
            "moved_answers": 0,
            "ignores_move": False,
        }
    ]
    assert found["since"] == "2026-11-03T05:00:00+00:00"


def test_one_is_told_in_the_singular() -> None:
    """One feed, one request, one byte; two of each, and none, in the plural."""
    one, two = dict(rows(summary([asked(size=1)]))), dict(rows(summary([asked(), asked(path="/atom.xml")])))
    assert one["1 feed"] == "1 request, 0.0% not modified, 1 byte sent, about 0 bytes saved"
    assert two["2 feeds"] == "2 requests, 0.0% not modified, 10.0 kB sent, about 0 bytes saved"
    assert rows(summary([asked(path="/")])) == [("no feed", "1 other request")]
    assert rows(summary([])) == [("no feed", "0 other requests")]


def test_an_empty_log_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    """No record gives a table and data all the same."""
    found = summary([])
    table("pollers", rows(found))
    assert "no feed" in capsys.readouterr().out
    assert data(found)["since"] is None
