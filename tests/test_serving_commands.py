from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("target", ["nginx", "caddy", "apache", "netlify", "cloudflare"])
def test_a_configuration_for_each_server(
    newsroom: Any, make_record: Callable[..., Any], target: str, tmp_path: Path
) -> None:
    """It is printed, or written where that is asked for, and names the feeds' own host."""
    newsroom.write(make_record(1))
    newsroom.build()
    code, printed, _ = newsroom.run("deploy", target)
    assert code == 0
    assert "stale-if-error" in printed
    code, out, _ = newsroom.run("deploy", target, "--into", str(tmp_path / "etc"), "--json")
    assert code == 0
    for path in json.loads(out)["written"]:
        assert Path(path).read_text("utf-8").strip() in printed


def test_what_no_server_can_be_told_is_an_error(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The folder's name would end a directive."""
    newsroom.write(make_record(1))
    newsroom.build("--out", "feeds; root")
    code, _, err = newsroom.run("deploy", "nginx")
    assert code == 2
    assert "feeds; root" in err


def test_pollers_tell_of_a_log(newsroom: Any, samples: Path) -> None:
    """For people as a table, for programs as JSON; a file that is not there is reported."""
    log = str(next(path for path in sorted((samples / "access").iterdir()) if path.suffix == ".log"))
    code, out, _ = newsroom.run("pollers", log)
    assert code == 0
    assert "subscri" in out
    code, out, _ = newsroom.run("pollers", log, "--json")
    assert code == 0
    assert json.loads(out)["feeds"]
    assert newsroom.run("pollers", log, "nothing.log", "--json")[0] == 1


def test_a_retired_tag_is_gone_for_other_servers_too(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """S-35: their rules say 410 for a feed that was there and is not to be any more."""
    newsroom.write(make_record(1, tags=["lama", "baru"]))
    newsroom.build()
    settings = Path("publish.toml")
    settings.write_text(
        '[site]\nurl = "https://kabarteluk.example/"\ntitle = "Kabar Teluk"\nlanguage = "id"\n'
        '[feeds]\nignored_tags = ["lama"]\n[[source]]\npath = "articles.jsonl"\n'
    )
    assert newsroom.run("build")[0] == 0
    rules = newsroom.everything()["redirects.nginx.conf"].decode()
    assert '"/tags/lama/" { return 410; }' in rules
    settings.write_text(settings.read_text().replace('["lama"]', "[]"))
    assert newsroom.run("build")[0] == 0
    assert "redirects.nginx.conf" not in newsroom.everything()
