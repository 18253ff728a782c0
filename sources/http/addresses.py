"""IP addresses that no address found in data may lead to: IANA's special-purpose registries, spelt out.

`ipaddress.is_private` and `is_global` differ between Python's releases and pass NAT64, 6to4, multicast and
others; and a host that is reached through a translator (NAT64, 6to4, Teredo) may be an inner one.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

FORBIDDEN_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; clouds hand out keys here
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments: DS-Lite, dummy (192.0.0.8), NAT64 discovery
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay, withdrawn
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# IANA gives out global unicast addresses from here alone; outside lie loopback, IPv4-mapped and -compatible,
# NAT64 (64:ff9b::/96, 64:ff9b:1::/48), discard-only (100::/64), SRv6 (5f00::/16), unique local (fc00::/7),
# link-local (fe80::/10), site-local (fec0::/10), multicast (ff00::/8), and what has no use yet.
GLOBAL_IPV6 = IPv6Network("2000::/3")
FORBIDDEN_IPV6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID, AMT, DRIP
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_forbidden(address: str) -> bool:
    """May this IP address, as a resolver gives it, not be dialled? What is no IP address may not."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return True
    if isinstance(ip, IPv4Address):
        return any(ip in network for network in FORBIDDEN_IPV4)
    # A zone (`%eth0`) makes any address one of a link.
    return (
        ip.scope_id is not None or ip not in GLOBAL_IPV6 or any(ip in network for network in FORBIDDEN_IPV6)
    )
