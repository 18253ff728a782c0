"""Connections that go to a checked IP address and end at a deadline: httpcore's network, fenced in.

The name is resolved here, once, and the very address that was checked is dialled: a name that resolves to
something else a moment later (DNS rebinding) gains nothing. TLS and the Host header still see the name.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from sources.http.addresses import is_forbidden
from sources.http.values import RequestError

# Takes a host name or IP address and a port; gives IP addresses. Raises OSError.
Resolve = Callable[[str, int], Sequence[str]]
# Takes an IP address, a port and seconds to wait at most.
Connect = Callable[[str, int, float], httpcore.NetworkStream]
Options = Iterable[httpcore.SOCKET_OPTION]


def system_resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, as the system resolves it. Raises OSError.

    How long that may take is the system's own setting (resolv.conf); no deadline can cut it short.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def system_connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
    """Return a TCP connection to an IP address. Raises httpcore's ConnectError or ConnectTimeout."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout)


@dataclass(frozen=True, slots=True)
class Network:
    """How names become addresses, and addresses connections; what is dialled is checked in between."""

    resolve: Resolve = system_resolve
    connect: Connect = system_connect


def time_left(deadline: float, timeout: float | None) -> float:
    """Return the seconds to wait at most. Raises RequestError after the deadline (of time.monotonic)."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise RequestError("no complete answer before the total time ran out; try later, or allow more time")
    return left if timeout is None else min(left, timeout)


@dataclass(frozen=True, slots=True)
class Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline, however slowly the other side drips."""

    inner: httpcore.NetworkStream
    deadline: float

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, at most max_bytes."""
        return self.inner.read(max_bytes, time_left(self.deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of the buffer."""
        self.inner.write(buffer, time_left(self.deadline, timeout))

    def close(self) -> None:
        """Hang up."""
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Return the connection, encrypted; the certificate must be for server_hostname."""
        timeout = time_left(self.deadline, timeout)
        return Stream(self.inner.start_tls(ssl_context, server_hostname, timeout), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore wants to know of a socket."""
        return self.inner.get_extra_info(info)


@dataclass(frozen=True, slots=True)
class Dialler(httpcore.NetworkBackend):
    """Opens connections for one request. private: may the host lie inside the private network?"""

    network: Network
    private: bool
    deadline: float

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002  # httpcore names it, and never sets it for us
        socket_options: Options | None = None,  # noqa: ARG002  # likewise
    ) -> Stream:
        """Dial the permitted addresses of a host in turn. Raises RequestError, or httpcore's last error."""
        error: Exception | None = None
        for address in self._addresses(host, port):
            try:
                stream = self.network.connect(address, port, time_left(self.deadline, timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
            else:
                return Stream(stream, self.deadline)
        raise error or RequestError(f"{host} has no address; check the host name")

    def _addresses(self, host: str, port: int) -> list[str]:
        found = self._resolved(host, port)
        permitted = found if self.private else [address for address in found if not is_forbidden(address)]
        if found and not permitted:
            raise RequestError(
                f"{host} is {found[0]}, an address inside the private network or of no use on the "
                "internet; if it is meant, add the host to the private hosts that are allowed"
            )
        return permitted

    def _resolved(self, host: str, port: int) -> list[str]:
        try:
            return list(dict.fromkeys(self.network.resolve(host, port)))
        except socket.gaierror as error:
            raise _unresolved(host, str(error.strerror), again=error.errno == socket.EAI_AGAIN) from error
        except (OSError, UnicodeError) as error:  # UnicodeError: the socket module's word on a label over 63
            raise _unresolved(host, str(error), again=False) from error


def _unresolved(host: str, why: str, again: bool) -> RequestError:
    return RequestError(f"{host} can't be resolved: {why}; check the host name", again)
