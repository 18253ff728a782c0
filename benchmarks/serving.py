"""How many polls our server answers on one core, beside nginx with the same files: ratios in Markdown.

python benchmarks/serving.py             some minutes; wrk on core 0, the servers on core 1, in turn
python benchmarks/serving.py --many      the same with 20,000 feeds, of tags alone, ten articles in each
python benchmarks/serving.py --small     some seconds: does it run at all?
"""

from __future__ import annotations

import argparse
import getpass
import gzip
import http.client
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from corpus import write_newsroom

HERE = Path(__file__).parent
PUBLISH = HERE.parent / "publish.py"
NGINX = """\
daemon off; {user} pid {folder}/pid; error_log stderr error; worker_processes 1; worker_rlimit_nofile {files};
events {{ worker_connections 4096; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
    gzip_static on; gzip_vary on; types {{ application/xml xml; }}
    {more}
    client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
    uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
OPEN_FILES = f"open_file_cache max={max(1000, min(100_000, FILES - 5000))} inactive=60s;"
OF_TAGS = 'of = ["tags"]\nhistory = false\nlimit = 10\n'
CASES = {
    "200 gzip, one feed": (False, True),
    "200 gzip, all feeds": (False, False),
    "304, one feed": (True, True),
    "304, all feeds": (True, False),
}
PATIENCE = 60.0


@dataclass(frozen=True)
class Result:
    """What wrk measured: requests a second, and seconds that half and 99 of 100 requests took at most."""

    rate: float
    p50: float
    p99: float


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark; print a table."""
    options = _options(argv)
    with ExitStack() as stack:
        name = options.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="tagwire-serving-"))
        folder, feeds = Path(name), newsroom(Path(name), options)
        process, own = stack.enter_context(tagwire(folder))
        plain, cached = stack.enter_context(nginx(folder, "")), stack.enter_context(nginx(folder, OPEN_FILES))
        ports = {"tagwire": own, "nginx": plain, "nginx, open_file_cache": cached}
        results = _measured(ports, feeds, folder, options)
        peak = _peak(process.pid)
    print(_table(results), end="")
    print(f"\n{len(feeds)} feeds; memory of tagwire at most {peak / 1e6:.0f} MB; {options.rounds} rounds of")
    print(f"{options.seconds} s, {options.connections} connections; medians.")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--tags", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--folder", help="where the newsroom is made, or lies since another run; it stays")
    parser.add_argument("--many", action="store_true", help="20,000 feeds")
    parser.add_argument("--small", action="store_true", help="run in seconds; the figures mean nothing")
    options = parser.parse_args(argv)
    if options.many:
        options.articles, options.tags = 20_000, 17_000  # some 6,000 of the tags stand on no article
    if options.small:
        options.articles, options.tags, options.rounds, options.seconds = 60, 20, 1, 1
    return options


def newsroom(folder: Path, options: argparse.Namespace) -> list[str]:
    """Make a newsroom and its feeds, unless they lie there; return the feeds' paths."""
    if not (folder / "public").exists():
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        write_newsroom(folder, options.articles, options.tags)
        if options.many:
            settings = (folder / "publish.toml").read_text()
            (folder / "publish.toml").write_text(settings.replace("[feeds]\n", f"[feeds]\n{OF_TAGS}"))
        subprocess.run([sys.executable, str(PUBLISH), "build", "--quiet"], cwd=folder, check=True)
    return _compressed(folder / "public")


def _compressed(public: Path) -> list[str]:
    """Lay compressed files beside the feeds, for nginx; return the feeds' paths."""
    feeds = sorted(path for path in public.rglob("*.xml") if path.is_file())
    for path in feeds:
        beside = path.with_name(path.name + ".gz")
        beside.write_bytes(gzip.compress(path.read_bytes(), 6, mtime=0))
        os.utime(beside, (path.stat().st_mtime, path.stat().st_mtime))
    return ["/" + quote(path.relative_to(public).as_posix(), safe="/+,~") for path in feeds]


# --- the servers ---


def _on_core(core: int) -> list[str]:
    """Return what keeps a command on one core, if there are two."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


@contextmanager
def tagwire(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run our server, as it is without any settings of its own; give its process and port."""
    command = [*_on_core(1), sys.executable, str(PUBLISH), "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout  # noqa: S101 - it was asked for
            yield process, int(process.stdout.readline().strip("/\n").rpartition(":")[2])
        finally:
            process.terminate()


@contextmanager
def nginx(folder: Path, more: str) -> Iterator[int]:
    """Run nginx with the same files; give its port. more: directives."""
    own = Path(tempfile.mkdtemp(dir=folder))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    settings = NGINX.format(folder=own, root=folder / "public", port=port, more=more, user=user, files=FILES)
    (own / "nginx.conf").write_text(settings)
    binary = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    with subprocess.Popen([*_on_core(1), binary, "-p", str(own), "-c", str(own / "nginx.conf")]) as process:
        try:
            yield port
        finally:
            process.terminate()


def _peak(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


# --- the measuring ---


def _measured(
    ports: dict[str, int], feeds: list[str], folder: Path, options: argparse.Namespace
) -> dict[str, dict[str, list[Result]]]:
    """Measure every case at each server in turn, several times over."""
    results: dict[str, dict[str, list[Result]]] = {case: defaultdict(list) for case in CASES}
    largest = max(feeds, key=lambda feed: (feed.endswith("/rss.xml"), _size(folder, feed)))
    for server, port in ports.items():
        known = validators(port, feeds)
        (folder / f"{server} all").write_text("".join(f"{feed}\t{tag}\n" for feed, tag in known.items()))
        (folder / f"{server} one").write_text(f"{largest}\t{known[largest]}\n")
    for _ in range(options.rounds):
        for case, (is_conditional, is_one) in CASES.items():
            for server, port in ports.items():
                requests = folder / f"{server} {'one' if is_one else 'all'}"
                with wrk(port, requests, is_conditional, options) as process:
                    results[case][server].append(wrk_told(process))
    return results


def _size(folder: Path, feed: str) -> int:
    return (folder / "public" / feed.lstrip("/")).stat().st_size


def validators(port: int, feeds: list[str]) -> dict[str, str]:
    """Return each feed's entity tag, having seen that it is sent compressed, and once only."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    known = {}
    for feed in feeds:
        tag = _asked(connection, feed, 200, {"Accept-Encoding": "gzip"})
        known[feed] = _asked(connection, feed, 304, {"Accept-Encoding": "gzip", "If-None-Match": tag})
    connection.close()
    return known


def _asked(connection: http.client.HTTPConnection, feed: str, status: int, headers: dict[str, str]) -> str:
    connection.request("GET", feed, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != status or (status == 200 and answer.headers["Content-Encoding"] != "gzip"):
        raise SystemExit(f"{feed}: {answer.status} instead of {status}, or not compressed")
    return answer.headers["ETag"]


def wrk(
    port: int, requests: Path, is_conditional: bool, options: argparse.Namespace, delay: int = 0
) -> subprocess.Popen[str]:
    """Poll as fast as answers come, or with a delay, in milliseconds, between two polls of a connection."""
    words = f"wrk -t1 -c{options.connections} -d{options.seconds}s -s {HERE / 'polls.lua'}".split()
    own = {
        "WRK_REQUESTS": str(requests),
        "WRK_CONDITIONAL": str(int(is_conditional)),
        "WRK_DELAY": str(delay),
    }
    command = [*_on_core(0), *words, f"http://127.0.0.1:{port}"]
    return subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True)


def wrk_told(process: subprocess.Popen[str]) -> Result:
    """Return what wrk measured, once it ends."""
    told = json.loads(process.communicate()[0].splitlines()[-1])
    if process.returncode or told["errors"] or not told["requests"]:
        raise SystemExit(f"wrk: {told}")
    return Result(told["requests"] / told["seconds"], told["p50"], told["p99"])


def _table(results: dict[str, dict[str, list[Result]]]) -> str:
    """Write medians; a ratio is the median of the rounds' ratios, each of measurements in a row."""
    lines = ["| | server | requests/s | of nginx | p50 ms | p99 ms | of nginx |", "| --- " * 7 + "|"]
    for case, servers in results.items():
        for server, runs in servers.items():
            peers = servers["nginx"]
            rate, p50, p99 = (
                statistics.median(getattr(run, of) for run in runs) for of in ("rate", "p50", "p99")
            )
            rates = statistics.median(run.rate / peer.rate for run, peer in zip(runs, peers, strict=True))
            tails = statistics.median(run.p99 / peer.p99 for run, peer in zip(runs, peers, strict=True))
            words = [
                case,
                server,
                f"{rate:,.0f}",
                f"{rates:.2f}",
                f"{p50 * 1e3:.2f}",
                f"{p99 * 1e3:.2f}",
                f"{tails:.2f}",
            ]
            lines.append(f"| {' | '.join(words)} |")
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
