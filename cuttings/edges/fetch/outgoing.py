"""The deployer's way out: a proxy, its certificate, and the hosts that are reached without it. Pure."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from cuttings.addresses import host_of


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`http` and `https` are proxies' addresses ("http://user:password@proxy.council.example:8080").

    `no_proxy` lists hosts, domains ("council.example" takes its subdomains along), networks ("10.0.0.0/8") or "*".
    `ca_bundle` is a file or folder of certificates to trust instead of the shipped ones.
    """

    http: str | None = None
    https: str | None = None
    no_proxy: tuple[str, ...] = ()
    ca_bundle: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Outgoing:
        """HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE (or SSL_CERT_FILE), in either case."""

        def value(*names: str) -> str | None:
            spellings = (spelling for name in names for spelling in (name.lower(), name))
            return next((environment[s].strip() for s in spellings if environment.get(s, "").strip()), None)

        https = value("HTTPS_PROXY", "ALL_PROXY")
        return cls(
            http=value("HTTP_PROXY", "ALL_PROXY") or https,
            https=https,
            no_proxy=tuple(part.strip() for part in (value("NO_PROXY") or "").split(",") if part.strip()),
            ca_bundle=value("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"),
        )

    def proxy_for(self, url: str) -> str | None:
        """The proxy that a request for this address goes through; None: none."""
        proxy = self.https if url.startswith("https:") else self.http
        host = host_of(url)
        if not proxy or _is_here(host) or any(_covers(entry, host) for entry in self.no_proxy):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


def numeric(host: str) -> str | None:
    """The address a host spells in figures ("127.0.0.1", "[::1]", "0x7f.1", "2130706433"); None for a name."""
    bare = host.strip("[]")
    try:
        return str(ipaddress.ip_address(bare.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(bare))  # the old short forms; asks no name server
    except OSError:
        return None


def _is_here(host: str) -> bool:
    address = numeric(host)
    return host == "localhost" or (address is not None and ipaddress.ip_address(address).is_loopback)


def _covers(entry: str, host: str) -> bool:
    if entry == "*":
        return True
    address = numeric(host)
    if address is not None:
        try:
            return ipaddress.ip_address(address) in ipaddress.ip_network(entry, strict=False)
        except ValueError:
            return False
    domain = entry.lower().lstrip("*.").partition(":")[0]
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))
