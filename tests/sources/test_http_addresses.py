"""Which IP addresses may be dialled for an address found in data, and which web addresses are asked."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from sources.http.addresses import is_forbidden
from sources.http.urls import read_url, shown
from sources.http.values import RequestError

BAD = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.1.2.3 169.254.0.1
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.9 192.0.0.170 192.0.2.1 192.31.196.1
192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7
203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:10.0.0.1
64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::8.8.8.8 64:ff9b:1::1 64:ff9b:1:ffff::10.0.0.1 100::1 100:0:0:1::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1
2001:30::1 2001:1ff:ffff::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:808:808::1 2620:4f:8000::1
3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1
feff::1 ff02::1 ff0e::1 2606:4700::1111%eth0
""".split()

GOOD = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1
169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255
198.20.0.1 202.43.110.1 223.255.255.255
2001:200::1 2001:4860:4860::8888 2003::1 2400:cb00::1 2606:4700:4700::1111 2620:fe::fe 2a00:1450:4001::1
2a02:26f0::1 2c0f:f248::1 3ffe:ffff::1
""".split()


@pytest.mark.parametrize("address", BAD)
def test_special_address_is_forbidden(address: str) -> None:
    """What IANA sets aside, and what a translator turns into an inner address, is not dialled."""
    assert is_forbidden(address)


@pytest.mark.parametrize("address", GOOD)
def test_public_address_is_permitted(address: str) -> None:
    """Public addresses are dialled, also those next door to a special block."""
    assert not is_forbidden(address)


def test_pythons_own_words_would_not_do() -> None:
    """The table is there for a reason: both of ipaddress's own verdicts let some of these through."""
    plain = [ip_address(address) for address in BAD]
    assert [ip for ip in plain if not ip.is_private]
    assert [ip for ip in plain if ip.is_global]


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "1.2.3.4:80", "1.2.3.4 "]
)
def test_what_is_no_address_is_forbidden(text: str) -> None:
    """A resolver gives plain addresses; anything else is not given the benefit of the doubt."""
    assert is_forbidden(text)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "kabar.example/rss",
        "//kabar.example/",
        "file:///etc/passwd",
        "ftp://kabar.example/",
        "gopher://kabar.example/",
        "data:text/plain,x",
        "http://",
        "http:///rss",
        "http://kabar.example:0/",
        "http://kabar.example:99999/",
        "http://kabar.example:x/",
        "http://[::1",
        "http://kabar.example/\ud800",
        "http://kabar.example/\n",
        "http://user:secret@kabar.example/",
        "http://user@kabar.example/",
        "http://public.example\\@kabar.example/",
    ],
)
def test_unsound_url_is_refused(url: str) -> None:
    """Only http and https addresses with a host and without a login are asked."""
    with pytest.raises(RequestError, match=r"check|take it out"):
        read_url(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://kabar.example", b"kabar.example"),
        ("HTTPS://Kabar.Example:8443/rss?a=b@c", b"kabar.example"),
        ("http://b\u00fccher.example/", b"xn--bcher-kva.example"),
        ("http://[2606:4700::1111]/", b"2606:4700::1111"),
    ],
)
def test_sound_url_is_read(url: str, host: bytes) -> None:
    """Host names are read without regard to case, in any script, and as IP addresses."""
    assert read_url(url).raw_host == host


def test_message_shows_no_password_and_one_line() -> None:
    """What goes into a message is short, printable and without a login."""
    text = shown("http://user:secret@kabar.example/\x1b[31m\n" + "x" * 1000)
    assert text.startswith("http://kabar.example/?[31m?xxx")
    assert len(text) < 400
