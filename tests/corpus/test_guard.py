"""What may be fetched: decided without a socket, for every address there is."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from corpus.errors import InputError
from corpus.guard import Guard, is_public, shown
from tests.publisher.connections import connections

if TYPE_CHECKING:
    import ipaddress

PUBLIC = (
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
    *("126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255"),
    *("172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255"),
    *("198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "168.63.129.15"),
    *("2001:4860:4860::8888", "2606:4700::1111", "2a00:1450:4009:81f::200e", "2001:200::1"),
    *("::ffff:8.8.8.8", "64:ff9b::808:808"),
)
# By what they are; the ends of each block are among them.
NOT_PUBLIC = {
    "unspecified": "0.0.0.0 0.255.255.255 :: ::ffff:0.0.0.0",
    "private": "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 "
    "fc00:: fd12:3456::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fec0::1",
    "shared by a carrier's customers": "100.64.0.0 100.127.255.255",
    "link-local": "169.254.0.0 169.254.255.255 fe80:: fe80::1 febf::1",
    "cloud metadata": "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 "
    "fd00:ec2::254 fd20:ce::254",
    "multicast": "224.0.0.0 239.255.255.255 ff00:: ff02::1 ff0e::1",
    "reserved": "192.0.0.0 192.0.0.255 240.0.0.0 255.255.255.254 255.255.255.255 100:: 100::1 "
    "4000::1 8000::1 5f00::1 ::1:2:3 1::",
    "documentation": "192.0.2.0 192.0.2.255 198.51.100.7 203.0.113.0 203.0.113.255 2001:db8::1 "
    "3fff::1",
    "benchmarking": "198.18.0.0 198.19.255.255 2001:2::1",
    "anycast of relays": "192.88.99.1 192.31.196.1 192.52.193.1 192.175.48.1 2620:4f:8000::1",
    "mapped": "::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::ffff:192.168.1.1 ::ffff:100.64.0.1",
    "compatible": "::10.0.0.1 ::8.8.8.8 ::ffff:0:8.8.8.8",
    "6to4": "2002:0a00:0001::1 2002:a9fe:a9fe:: 2002:7f00:1:: 2002:808:808::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2 2001::1",
    "NAT64": "64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b:1::1 64:ff9b:1::808:808",
    "zones": "fe80::1%eth0 fe80::1%1 2606:4700::1111%eth0 ::1%lo",
}
LOOPBACK = ("127.0.0.1", "127.0.0.0", "127.1.2.3", "127.255.255.255", "::1", "::ffff:127.0.0.1")
REFUSED = [(kind, address) for kind, some in NOT_PUBLIC.items() for address in some.split()]


@pytest.mark.parametrize("address", PUBLIC)
def test_what_the_internet_reaches_is_public(address: str) -> None:
    assert is_public(address)
    assert Guard().permits(address)
    assert Guard(loopback=True).permits(address)


@pytest.mark.parametrize(("kind", "address"), REFUSED)
def test_nothing_else_is_with_the_setting_of_the_tests_or_without(kind: str, address: str) -> None:
    assert not is_public(address), kind
    assert not Guard().permits(address), kind
    assert not Guard(loopback=True).permits(address), kind


@pytest.mark.parametrize("address", LOOPBACK)
def test_this_machine_is_permitted_by_the_setting_of_the_tests_alone(address: str) -> None:
    assert not is_public(address)
    assert not Guard().permits(address)
    assert Guard(loopback=True).permits(address)


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f.1", "2130706433", "8.8.8.8 ", "a"]
)
def test_what_is_no_address_in_its_usual_spelling_is_not_permitted(text: str) -> None:
    assert not is_public(text)
    assert not Guard(loopback=True).permits(text)


@given(st.ip_addresses(v=4))
def test_of_version_4_nothing_is_public_that_python_knows_to_be_special(
    address: ipaddress.IPv4Address,
) -> None:
    special = (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_private
    )
    assert not (special and is_public(str(address)))
    # Whatever stands for an address of version 4 is judged as that one, or refused.
    packed = address.packed.hex(":", 2)
    assert is_public(f"::ffff:{packed}") == is_public(str(address))
    assert is_public(f"64:ff9b::{packed}") == is_public(str(address))
    assert not is_public(f"2002:{packed}::1")
    assert not is_public(f"::{packed}")


@given(st.ip_addresses(v=6))
def test_of_version_6_nothing_is_public_that_python_knows_to_be_special(
    address: ipaddress.IPv6Address,
) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_site_local
        assert address.teredo is None
        assert address.sixtofour is None


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://news.met.police.uk/a", "https://news.met.police.uk/a"),
        ("  https://news.met.police.uk/a\n", "https://news.met.police.uk/a"),
        ("HTTPS://News.Met.Police.UK./a?b=c#d", "https://news.met.police.uk/a?b=c"),
        ("http://news.test:80/", "http://news.test/"),
        ("http://news.test:8080/", "http://news.test:8080/"),
        ("http://news.test:1024/", "http://news.test:1024/"),
        ("https://bücher.test/ü", "https://xn--bcher-kva.test/%C3%BC"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://134744072/", "http://8.8.8.8/"),
        ("http://0x8.0x8.2056/", "http://8.8.8.8/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("http://[2606:4700:0:0:0:0:0:1111]:8080/", "http://[2606:4700::1111]:8080/"),
    ],
)
def test_an_address_of_the_web_is_fetched_as_it_is_connected_to(url: str, fetched: str) -> None:
    assert str(Guard().check_url(url)) == fetched
    assert Guard().check_url(URL(url.strip())) == Guard().check_url(url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0X7F.1", "0x7f000001"),
        *(
            "2130706433",
            "017700000001",
            "127.0.0.1.",
            "１２７.０.０.１",
            "①②⑦.0.0.1",
            "127。0。0。1",
        ),
        *("0", "0x0", "10.1", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518"),
        *("[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "[64:ff9b::7f00:1]"),
        *("[fe80::1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::]", "[fd00:ec2::254]"),
        *("192.168.0.1", "169.254.169.254", "100.100.100.200"),
    ],
)
def test_an_address_in_any_spelling_is_judged_as_the_address(host: str) -> None:
    with pytest.raises(InputError, match="is not on the public internet"):
        Guard().check_url(f"http://{host}/latest/meta-data")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_the_setting_of_the_tests_permits_this_machine_in_any_spelling(host: str) -> None:
    assert Guard(loopback=True).check_url(f"http://{host}:8000/").raw_host in {
        *("127.0.0.1", "::1", "::ffff:7f00:1", "localhost"),
    }


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is no address of a web page"),
        ("news.met.police.uk", "is no address of a web page; give one that begins with https://"),
        ("//news.met.police.uk/a", "is no address of a web page"),
        ("file:///etc/passwd", "is no address of a web page"),
        ("FILE:///etc/passwd", "is no address of a web page"),
        ("ftp://news.test/", "is no address of a web page"),
        ("gopher://news.test:70/_x", "is no address of a web page"),
        ("data:text/html,x", "is no address of a web page"),
        ("javascript:alert(1)", "is no address of a web page"),
        ("ws://news.test/", "is no address of a web page"),
        ("http://", "names no host"),
        ("http:///a", "names no host"),
        ("http:a", "names no host"),
        ("http://a..b/", "names no host"),
        ("http://./", "names no host"),
        ("http://-a.test/", "names no host"),
        ("http://127%2e0.0.1/", "names no host"),
        ("http://a%00.test/", "names no host"),
        ("http://1.2.3.256/", "names no host"),
        ("http://1.2.3.4.5/", "names no host"),
        ("http://a.0x/", "names no host"),
        ("http://99999999999/", "names no host"),
        (f"http://{'a.' * 130}test/", "names no host"),
        (f"http://{'a' * 64}.test/", "names no host"),
        ("http://[::1/", "is no address of a web page"),
        ("http://news.test:port/", "is no address of a web page"),
        ("http://news.test:99999/", "is no address of a web page"),
        ("http://\ud800/", "is no address of a web page"),
        ("http://news.test\\@127.0.0.1/", "is no address of a web page"),
        ("http://user@news.test/", "with a user's name in it"),
        ("http://:word@news.test/", "with a user's name in it"),
        ("http://news.test@127.0.0.1/", "with a user's name in it"),
        ("http://news.test:22/", "port 22 is not the web's"),
        ("http://news.test:0/", "port 0 is not the web's"),
        ("http://news.test:1023/", "port 1023 is not the web's"),
        (f"http://news.test/{'a' * 2000}", "longer than 2,000 characters"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_in_a_sentence(url: str, sentence: str) -> None:
    for guard in (Guard(), Guard(loopback=True)):
        with pytest.raises(InputError) as refusal:
            guard.check_url(url)
        assert sentence in str(refusal.value)
        assert "\n" not in str(refusal.value)


def test_a_password_is_not_repeated_in_a_message() -> None:
    with pytest.raises(InputError) as refusal:
        Guard().check_url("http://me:secret@news.test/")
    assert "secret" not in str(refusal.value)
    assert "me" not in str(refusal.value).split(":")[1]


def test_an_address_in_a_message_is_short_ascii_and_on_one_line() -> None:
    assert shown("http://news.test/a\nb\u202e\x1b") == "http://news.test/a\\nb\\u202e\\x1b"
    assert shown("http://news.test/" + "a" * 2000) == "http://news.test/" + "a" * 143 + "..."


ALLOWED = Guard(allowed_hosts=("police.uk", "News.Test.", "8.8.8.8"))


@pytest.mark.parametrize(
    "host", ["police.uk", "met.police.uk", "NEWS.met.police.uk.", "news.test", "8.8.8.8"]
)
def test_hosts_of_the_list_and_all_below_them_are_allowed(host: str) -> None:
    ALLOWED.check_url(f"https://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        *("notpolice.uk", "police.uk.evil.test", "uk", "test", "evil-news.test", "1.1.1.1"),
        *("policé.uk", "ρolice.uk", "police.uk.8.8.8.8.test"),
    ],
)
def test_no_other_host_is(host: str) -> None:
    with pytest.raises(InputError, match="not among the hosts that may be fetched"):
        ALLOWED.check_url(f"https://{host}/")
    Guard().check_url(f"https://{host}/")


def test_an_empty_list_allows_nothing_and_a_listed_host_must_be_public_all_the_same() -> None:
    with pytest.raises(InputError, match="not among the hosts"):
        Guard(allowed_hosts=()).check_url("https://news.test/")
    with pytest.raises(InputError, match="not on the public internet"):
        Guard(allowed_hosts=("127.0.0.1",)).check_url("https://127.0.0.1/")


@pytest.mark.parametrize(
    ("origin", "location", "target"),
    [
        ("http://news.test/a/b", "/c", "http://news.test/c"),
        ("http://news.test/a/b", "c", "http://news.test/a/c"),
        ("http://news.test/a", "https://other.test/", "https://other.test/"),
        ("https://news.test/a", "//other.test/x#y", "https://other.test/x"),
        ("https://news.test/a", "", "https://news.test/a"),
    ],
)
def test_sending_on_is_followed(origin: str, location: str, target: str) -> None:
    assert str(Guard().check_redirect(URL(origin), location)) == target


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("http://news.test/", "sends on from https to http"),
        ("file:///etc/passwd", "sends on, and it is refused: file:///etc/passwd is no address"),
        ("https://10.0.0.1/", "is not on the public internet (10.0.0.1)"),
        ("//169.254.169.254/latest", "is not on the public internet (169.254.169.254)"),
        ("https://evil.test/", "not among the hosts that may be fetched"),
        ("https://a:b@news.test/", "with a user's name in it"),
        ("https://[::1/", "sends on, and it is refused"),
    ],
)
def test_sending_on_is_judged_like_any_address_and_never_leaves_https(
    location: str, sentence: str
) -> None:
    with pytest.raises(InputError) as refusal:
        Guard(("news.test",)).check_redirect(URL("https://news.test/a"), location)
    assert sentence in str(refusal.value) or "not among" in str(refusal.value)
    with pytest.raises(InputError) as refusal:
        Guard(("news.test", "10.0.0.1", "169.254.169.254")).check_redirect(
            URL("https://news.test/a"), location
        )
    assert sentence in str(refusal.value)


HOSTS = st.one_of(
    st.ip_addresses().map(lambda address: f"[{address}]" if address.version == 6 else str(address)),
    st.integers(0, 2**32 + 1).map(str),
    st.integers(0, 2**32 + 1).map(hex),
    st.integers(0, 2**32 + 1).map(lambda number: f"0{number:o}"),
    st.lists(st.sampled_from("0 1 7 10 127 0177 0x7f 169 254 0xa9 256".split()), max_size=5).map(
        ".".join
    ),
    st.text(max_size=12),
    st.text("0123456789abcdefx.:%[]@/\\#?。．１２７①-", max_size=20),
)


@given(HOSTS, st.sampled_from(["", ":80", ":8080", ":22", "@127.0.0.1", "#@8.8.8.8", "\\x"]))
@example("127.0.0.1", "")
@example("①②⑦.0.0.1", ":80")
def test_whatever_is_typed_is_refused_in_a_sentence_or_led_to_no_address_that_is_not_public(
    host: str, rest: str
) -> None:
    url, sentence = None, ""
    with connections() as connected:
        try:
            url = Guard().check_url(f"http://{host}{rest}/x")
        except InputError as error:
            sentence = str(error)
    assert connected == []
    assert "\n" not in sentence
    if url is None:
        return
    assert url.scheme == "http"
    assert url.raw_user is None
    assert url.raw_host is not None
    assert Guard().check_url(str(url)) == url
    try:
        # What the system makes of the host without asking anybody.
        infos = socket.getaddrinfo(url.raw_host, 80, flags=socket.AI_NUMERICHOST)
    except OSError:
        return
    for info in infos:
        assert is_public(str(info[4][0]))
