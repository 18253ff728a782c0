"""Run: `serve` from its command line to the end: a socket, one process or several, and how they stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from feeds.server import logs
from feeds.server.access import open_access
from feeds.server.app import ARGUMENTS
from feeds.server.house import NUMBERS
from feeds.settings import Settings
from feeds.settings_file import SettingsError
from feeds.setup import settings_of

BACKLOG = 2048
UNSENT = 131_072  # bytes of each connection that the system holds
LAST_ANSWERS = 10  # seconds that answers under way may take when the server stops
KEPT_OPEN = 75  # seconds; longer than proxies keep theirs, so that it is they who close


def serve(arguments: Namespace) -> int:
    """Serve until told to stop (SIGTERM, SIGINT). Raises SettingsError."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from feeds.server.protocol import FeedProtocol

    settings = settings_of(arguments)
    if "-" in arguments.sources:
        raise SettingsError("serve reads its sources again and again: name a file, a folder or a URL, not -")
    _check_access_log(settings)
    listening = _listen(settings)
    os.environ[ARGUMENTS] = json.dumps(vars(arguments))
    logs.configure()
    config = uvicorn.Config(
        "feeds.server.app:make",
        factory=True,
        http=FeedProtocol,
        loop="uvloop",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,  # uvicorn's may be a second late: ours are put in by `recording` and `protocol`
        proxy_headers=False,
        workers=settings.serve.workers,
        backlog=BACKLOG,
        timeout_keep_alive=KEPT_OPEN,
        timeout_graceful_shutdown=LAST_ANSWERS,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # uvicorn stops by them, and raises them in the end
    print(f"serving {_address(listening)}", flush=True)
    if settings.serve.workers > 1:
        with tempfile.TemporaryDirectory(prefix="tagwire-") as folder:
            os.environ[NUMBERS] = folder
            Multiprocess(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])
    return 0


def _check_access_log(settings: Settings) -> None:
    if settings.serve.access_log:
        try:
            open_access(Path(settings.serve.access_log)).close()
        except OSError as error:
            raise SettingsError(
                f"{settings.serve.access_log}: {error.strerror}; name another file"
            ) from error


def _listen(settings: Settings) -> socket.socket:
    """Open the socket before anything else: requests wait there until the first answer."""
    host, port = settings.serve.host, settings.serve.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"{host}:{port}: {error.strerror}; give another --host or --port, or stop what listens there"
        ) from error
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):  # what slow clients do not take stays here, once for all of them
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
