"""The HTTP protocol of `serve`: uvicorn's, with a short way for what is asked for all day long.

A GET or HEAD of a document is answered as soon as its headers are there, from what was prepared, without a
task and without ASGI: see short_way.py. One that was answered before in the same bytes is not even read. All
else goes the ordinary way: other methods, bodies, what is no document.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from feeds.server.conditional import date_now
from feeds.server.heads import fault_of, target_of
from feeds.server.house import House
from feeds.server.polls import Poll
from feeds.server.short_way import CLOSE, KEEP, poll_of, short_answer

METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
TOO_LONG = {"head": b"431 Request Header Fields Too Large", "body": b"413 Content Too Large"}
PIPELINED = 1000  # requests of one client that wait for the answer before theirs


class FeedProtocol(HttpToolsProtocol):
    """One connection. See the module's docstring; uvicorn makes these.

    owes   what the client is waited for: `head`, `body`, `more` requests, `reading` of answers; "": nothing
    since  when that began; began: the request at hand. Both in seconds of the clock that only goes forward
    came   bytes of the head or the body that is waited for; left: of answers, to be taken by the client
    is_between  nothing has come of a request that is not all there
    begun  requests that began in the bytes at hand; poll: the last of them, if it was one and may come again
    """

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any], _loop: Any = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.house: House = app_state["house"]
        self.address = ""
        self.is_answered = False
        self.is_between, self.begun = True, 0
        self.poll: Poll | None = None
        self.owes = "head"
        self.since = self.began = time.monotonic()
        self.came = self.left = 0

    # The connection

    def connection_made(self, transport: Any) -> None:
        """Begin, if there is room."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.house.connections.add(self)
        if refusal := self.house.limits.enter(self, self.house.connections):
            self.house.refused(refusal)
            self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self.house.connections.discard(self)
        self.house.limits.leave(self)

    def cut(self) -> None:
        """End at once, whatever is under way."""
        self.owes = ""
        self.transport.abort()

    def has_taken_some(self) -> bool:
        """Say whether the client has taken some of its answers since this was asked for last."""
        before, self.left = self.left, self.transport.get_write_buffer_size()
        return self.left < before

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio reads it; uvicorn's gives nothing
        """Let a client that says no more have the answer that is being made (RFC 9112, section 9.6)."""
        cycle = self.cycle
        is_made = cycle is not None and not cycle.response_complete and not cycle.more_body
        if is_made:
            cycle.keep_alive = False
        return is_made

    def pause_writing(self) -> None:
        """Wait for a client that takes its answers slowly."""
        super().pause_writing()
        self.owes, self.since = "reading", time.monotonic()
        self.left = self.transport.get_write_buffer_size()  # the first look has something to compare with

    def resume_writing(self) -> None:
        """Go on: the client has taken most of it."""
        super().resume_writing()
        if self.owes == "reading":
            self.owes, self.since = "more", time.monotonic()

    # A request

    def data_received(self, data: bytes) -> None:
        """Read; a head or a body that grows too long is refused (RFC 6585, section 5)."""
        if self.timeout_keep_alive_task is not None:
            self._unset_keepalive_if_required()
        is_between = self.is_between
        if is_between and self._is_answered_again(data):
            return
        self.begun, self.poll = 0, None
        if self.owes == "more":
            self.owes, self.since, self.came = "head", time.monotonic(), 0
        self.came += len(data)
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._refuse(error)
        if self.owes in TOO_LONG and self.came > self.house.limits.most_bytes(self.owes):
            self._refuse_what_is_too_long(self.owes)
        if self.poll is not None and is_between and self.is_between and self.begun == 1:
            self.house.polls.remember(data, self.poll)  # the bytes are one request, and all of it

    def _refuse_what_is_too_long(self, what: str) -> None:
        if not self.transport.is_closing():
            self.house.refused(f"{what} too long")
            self._say(TOO_LONG[what], "")

    def _refuse(self, error: Exception) -> None:
        """Answer what is no HTTP; an upgrade that was asked for is passed over (RFC 9110, section 7.8)."""
        if isinstance(error, httptools.HttpParserCallbackError):  # ours, not the client's
            logging.getLogger("tagwire").error("a request could not be answered", exc_info=error)
            self.cut()
        elif isinstance(error, httptools.HttpParserError):
            self.house.refused("not HTTP")
            self.send_400_response("Invalid HTTP request received.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.url = b""
        self.headers = []
        self.is_answered, self.is_between = False, False
        self.begun += 1
        self.began = time.monotonic()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Answer at once, or go the ordinary way."""
        most = self.house.limits.head_bytes
        if (
            self.came > most
            and len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > most
        ):
            self._refuse_what_is_too_long("head")
        if self.transport.is_closing():  # what follows the last request, too
            self.is_answered = True
            return
        if self.owes != "reading":
            self.owes, self.came = "body", 0
        if self._can_answer():
            self.is_answered = self._answer()
        if not self.is_answered:
            self._go_the_ordinary_way()

    def _go_the_ordinary_way(self) -> None:
        if len(self.pipeline) >= PIPELINED:
            self.house.refused("too many requests at once")
            self.is_answered = True
            self.cut()
            return
        headers, url = self.headers, target_of(self.url)
        fault = fault_of(self.parser.get_http_version(), headers)
        if fault or url is None:
            self.is_answered = True
            self.house.refused("not HTTP")
            self.send_400_response(fault or "No such request target.")
            return
        super().on_message_begin()
        self.url = url
        for name, value in headers:
            super().on_header(name, value)
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or not all of it."""
        self._say(b"400 Bad Request", msg)

    def _say(self, status: bytes, text: str) -> None:
        """Answer what was not understood, and end."""
        head = b"HTTP/1.1 %s\r\ndate: %s\r\ncontent-type: text/plain; charset=utf-8\r\n"
        rest = b"content-length: %d\r\nconnection: close\r\n\r\n%s"
        self.transport.write(head % (status, date_now()) + rest % (len(text), text.encode()))
        self.transport.close()

    def on_body(self, body: bytes) -> None:
        """Take in a part of a body."""
        if not self.is_answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self.is_between = True
        if not self.is_answered:
            if self.owes != "reading":
                self.owes = ""
            super().on_message_complete()
        elif self.owes != "reading":
            self.owes, self.since = "more", self.began

    def on_response_complete(self) -> None:
        """End an answer that went the ordinary way."""
        if not self.owes:
            self.owes, self.since = "more", time.monotonic()
        super().on_response_complete()

    # The short way

    def _answer(self) -> bool:
        """Answer from what was prepared; say whether that could be done."""
        method, headers = METHODS.get(self.parser.get_method()), dict(self.headers)
        if method is None or len(headers) < len(self.headers):
            return False
        # Without the header, HTTP/1.1 keeps a connection, and 1.0 does not (RFC 9112, section 9.3).
        keeps = self.parser.should_keep_alive() and (
            b"connection" not in headers or self.parser.get_http_version() == "1.1"
        )
        end = KEEP if keeps else CLOSE
        poll = poll_of(self.house, method, self.url, headers, end, self.began)
        if poll is None or not self._send(poll):
            return False
        if keeps:
            self.poll = poll
        else:
            self.transport.close()
        return True

    def _is_answered_again(self, data: bytes) -> bool:
        """Answer what came before in the same bytes, if that is still right; say whether it was done."""
        poll = self.house.polls.find(data)
        if poll is None or not self._can_answer():
            return False
        now = time.monotonic()
        if not poll.is_right(self.house.shelf.generation, now):
            return False
        self.owes, self.since, self.began = "more", now, now
        return self._send(poll)

    def _can_answer(self) -> bool:
        """Say whether answers to all requests before are out, and the client takes them."""
        return (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused

    def _send(self, poll: Poll) -> bool:
        """Answer a poll; say whether that could be done."""
        answer = short_answer(self.house, self.address, poll, self.began)
        if answer is None:
            return False
        if answer[1]:
            self.transport.writelines(answer)
        else:
            self.transport.write(answer[0])
        self.server_state.total_requests += 1
        return True
