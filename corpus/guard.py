"""Which addresses may be fetched: decisions alone, no name is resolved and no socket opened.

A page is fetched on behalf of whoever names it, from a machine that may stand beside others which
answer anybody who can reach them. So only what the whole internet can reach is fetched.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from yarl import URL

from corpus.errors import InputError

# Those of the web, and the ones that any user of a machine may open.
_WEB_PORTS = (80, 443)
_LOWEST_OTHER_PORT = 1024
_MAX_URL = 2_000
_MAX_HOST = 253
_LONGEST_SHOWN = 160

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# The rule by which browsers tell an address of version 4 from a name, in any spelling.
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")

# IANA's registries of special-purpose addresses, as of 2025, and what clouds keep for themselves:
# Python's own tables change from release to release, and hold no cloud's.
_REFUSED_V4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 "
        "192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 "
        "192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 "
        "224.0.0.0/3 168.63.129.16/32"
    ).split()
)
_GLOBAL_V6 = ip_network("2000::/3")
_REFUSED_V6 = tuple(
    ip_network(block)
    # Teredo lies in the first and 6to4 is the third: no host of today is reached by either.
    for block in "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20".split()
)
# A gateway of the network hands what is sent here on to the version 4 address in the last bytes.
_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether ``address``, an IP address in its usual spelling, is one of the public internet.

    An address of version 6 that stands for one of version 4 is judged as that one.
    """
    try:
        # A zone ("%eth0") says on which cable of this machine: never the internet's.
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in block for block in _REFUSED_V4)
    if parsed.scope_id is not None:
        return False
    if parsed.ipv4_mapped is not None:
        return is_public(str(parsed.ipv4_mapped))
    if parsed in _NAT64:
        return is_public(str(IPv4Address(parsed.packed[-4:])))
    return parsed in _GLOBAL_V6 and not any(parsed in block for block in _REFUSED_V6)


def _is_loopback(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return parsed.ipv4_mapped.is_loopback
        return parsed.is_loopback and parsed.scope_id is None
    return parsed.is_loopback


def shown(url: str | URL) -> str:
    """An address for a message: without a password, in ASCII, on one line, not longer than one."""
    if isinstance(url, URL) and (url.raw_user is not None or url.raw_password is not None):
        url = url.with_user(None)
    text = ascii(str(url))[1:-1]
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be fetched.

    ``allowed_hosts`` are the only hosts, each with all below it; ``None`` is any. ``loopback`` is
    for tests: it permits this machine's own addresses and no other that is not public.
    """

    allowed_hosts: tuple[str, ...] | None = None
    loopback: bool = False

    def permits(self, address: str) -> bool:
        """Whether a connection to ``address``, an IP address, may be opened."""
        return is_public(address) or (self.loopback and _is_loopback(address))

    def check_url(self, url: str | URL) -> URL:
        """The address to fetch, without its fragment and with its host as it is connected to.

        A host that is an IP address in any spelling is judged here; a name's addresses are to be
        judged once they are known, by `permits`.

        Raises:
            InputError: it is not of the web, names a user, a port that is neither 80, 443 nor
                1024 and up, an address that is not public, or a host that is not allowed.
        """
        parsed = _parsed(url)
        host, address = _host(parsed)
        if address is not None and not self.permits(address):
            raise InputError(
                f"{shown(parsed)} is not on the public internet ({address}), and nothing else "
                "is fetched; give the address of a public page"
            )
        if self.allowed_hosts is not None and not self._allowed(host):
            raise InputError(
                f"{host} is not among the hosts that may be fetched; "
                "ask the operator to add it to the configuration"
            )
        plain = parsed.with_host(host)
        return plain.with_port(None) if plain.is_default_port() else plain

    def check_redirect(self, origin: URL, location: str) -> URL:
        """Where ``location``, as ``origin`` answered it, leads: judged as `check_url` does.

        Raises:
            InputError: it is not allowed, or leaves https for http.
        """
        try:
            target = self.check_url(origin.join(URL(location)))
        except (InputError, ValueError) as error:
            raise InputError(f"{shown(origin)} sends on, and it is refused: {error}") from error
        if origin.scheme == "https" and target.scheme != "https":
            raise InputError(
                f"{shown(origin)} sends on from https to http ({shown(target)}), where anybody "
                "on the way can change the words; give the https address of the page"
            )
        return target

    def _allowed(self, host: str) -> bool:
        allowed = [one.lower().strip(".") for one in self.allowed_hosts or ()]
        return any(host == one or host.endswith(f".{one}") for one in allowed)


def _parsed(url: str | URL) -> URL:
    if len(str(url)) > _MAX_URL:
        raise InputError(f"the address is longer than {_MAX_URL:,} characters; give a shorter one")
    try:
        parsed = URL(url.strip() if isinstance(url, str) else url).with_fragment(None)
        parsed.port  # noqa: B018 - read here, since a wrong one raises only when it is read
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{shown(url)} is no address of a web page; give one such as https://host/page"
        ) from error
    if parsed.scheme not in {"http", "https"}:
        raise InputError(
            f"{shown(parsed)} is no address of a web page; give one that begins with https://"
        )
    if parsed.raw_user is not None or parsed.raw_password is not None:
        raise InputError(
            f"{shown(parsed)}: an address with a user's name in it is not fetched; leave it out"
        )
    port = parsed.port
    if port is None or (port not in _WEB_PORTS and port < _LOWEST_OTHER_PORT):
        raise InputError(
            f"{shown(parsed)}: port {port} is not the web's; give a page on port 80 or 443, "
            f"or on one from {_LOWEST_OTHER_PORT} on"
        )
    return parsed


def _host(parsed: URL) -> tuple[str, str | None]:
    """The host in its plain spelling, and the IP address that it is, or ``None`` for a name."""
    wrong = InputError(f"{shown(parsed)} names no host; give an address such as https://host/page")
    raw = (parsed.raw_host or "").lower()
    if ":" in raw:
        try:
            address = str(IPv6Address(raw))
        except ValueError:
            raise wrong from None
        return address, address
    # One dot at the end says that the name is whole; the resolver drops it.
    host = raw.removesuffix(".")
    labels = host.split(".")
    if len(host) > _MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise wrong
    if not _NUMERIC_LABEL.fullmatch(labels[-1]):
        return host, None
    try:
        # It reads what resolvers read: 127.1, 0177.0.0.1, 0x7f000001, 2130706433.
        address = str(IPv4Address(socket.inet_aton(host)))
    except OSError:
        raise wrong from None
    return address, address
