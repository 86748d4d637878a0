"""What a feed or a sitemap lists, and which are refused."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FetchError
from corpus.feeds import (
    Item,
    Listing,
    ListingKind,
    listing,
)
from tests.publisher.connections import connections

if TYPE_CHECKING:
    from pathlib import Path

FEED = "https://news.test/feed/rss.xml"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
MAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def rss(items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def urls(content: bytes) -> list[str]:
    return [item.url for item in listing(content, FEED).items]


def moment(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc, arg-type]


def refusal(content: bytes) -> str:
    with pytest.raises(FetchError) as refused:
        listing(content, FEED)
    sentence = str(refused.value)
    assert sentence.startswith(FEED)
    assert "\n" not in sentence
    return sentence


def test_rss_is_read_in_its_order() -> None:
    content = rss("""
        <title>News</title><link>https://news.test/</link>
        <item><title>Officers &amp; dogs</title><link>https://news.test/b</link>
            <pubDate>Fri, 26 Jun 2020 10:00:00 +0100</pubDate>
            <description>&lt;p&gt;Text&lt;/p&gt;</description></item>
        <item><link>https://news.test/a</link></item>""")
    assert listing(content, FEED) == Listing(
        ListingKind.FEED,
        (
            Item("https://news.test/b", "Officers & dogs", moment(2020, 6, 26, 9)),
            Item("https://news.test/a"),
        ),
    )


def test_rss_1_has_its_items_beside_the_channel() -> None:
    content = b"""<rdf:RDF xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <channel rdf:about="x"><title>News</title></channel>
        <item rdf:about="/a"><title>A</title><link>https://news.test/a</link>
            <dc:date>2020-06-26T10:00:00Z</dc:date></item></rdf:RDF>"""
    assert listing(content, FEED).items == (
        Item("https://news.test/a", "A", updated=moment(2020, 6, 26, 10)),
    )


def test_atom_is_read_with_its_own_base_and_both_its_moments() -> None:
    content = f"""<feed {ATOM} xml:base="https://base.test/x/">
        <entry><title type="html">A &lt;i&gt;b&lt;/i&gt;</title><id>urn:1</id>
            <link rel="self" href="/self"/><link href="one#part"/>
            <published>2020-06-26T10:00:00+01:00</published>
            <updated>2020-06-27T10:00:00Z</updated><content>long</content></entry>
        </feed>""".encode()
    assert listing(content, FEED).items == (
        Item(
            "https://base.test/x/one",
            "A b",
            moment(2020, 6, 26, 9),
            moment(2020, 6, 27, 10),
        ),
    )


def test_a_sitemap_states_when_a_page_was_changed() -> None:
    dates = ["2020-06-26", "2020-06", "2020", "2020-06-26T10:00:00+01:00", "26 June", "", "0001"]
    content = f"<urlset {MAPS}>" + "".join(
        f"<url><loc> https://news.test/{number} </loc><lastmod>{date}</lastmod></url>"
        for number, date in enumerate(dates)
    )
    found = listing(f"{content}<other/><url/></urlset>".encode(), FEED)
    assert found.kind is ListingKind.SITEMAP
    assert [item.url for item in found.items] == [f"https://news.test/{one}" for one in range(7)]
    assert [item.updated for item in found.items] == [
        moment(2020, 6, 26),
        moment(2020, 6, 1),
        moment(2020, 1, 1),
        moment(2020, 6, 26, 9),
        None,
        None,
        moment(1, 1, 1),
    ]


def test_a_moment_before_all_time_is_not_understood() -> None:
    content = f"""<urlset {MAPS}><url><loc>/a</loc><lastmod>0001-01-01T00:00:00+14:00</lastmod>
        </url></urlset>""".encode()
    assert listing(content, FEED).items == (Item("https://news.test/a"),)


def test_an_index_lists_sitemaps() -> None:
    content = f"""<sitemapindex {MAPS}><sitemap><loc>/one.xml</loc><lastmod>2020</lastmod></sitemap>
        <sitemap><loc>/two.xml.gz</loc></sitemap></sitemapindex>""".encode()
    assert listing(content, FEED) == Listing(
        ListingKind.INDEX,
        (
            Item("https://news.test/one.xml", updated=moment(2020, 1, 1)),
            Item("https://news.test/two.xml.gz"),
        ),
    )


def test_a_gzip_file_is_a_feed_like_any_other() -> None:
    content = rss("<item><link>/a</link></item>")
    assert urls(gzip.compress(content)) == ["https://news.test/a"]
    assert "is cut short" in refusal(gzip.compress(content)[:-3])
    assert "inflates to more" in refusal(gzip.compress(bytes(20_000_001)))


def test_addresses_are_made_absolute_and_come_once_each() -> None:
    links = ["a", "/a", "//other.test/a", "?b", "/feed/a#part", "https://news.test/feed/a", " a "]
    content = rss("".join(f"<item><link>{link}</link></item>" for link in links))
    assert urls(content) == [
        "https://news.test/feed/a",
        "https://news.test/a",
        "https://other.test/a",
        "https://news.test/feed/rss.xml?b",
    ]


def test_what_is_no_address_of_a_page_is_left_for_the_guard_to_refuse() -> None:
    links = ["javascript:alert(1)", "mailto:a@news.test", "gopher://news.test/"]
    content = rss("".join(f"<item><link>{link}</link></item>" for link in links))
    assert urls(content) == links
    content = f"<urlset {MAPS}><url><loc>http://[::1</loc></url></urlset>".encode()
    assert urls(content) == ["http://[::1"]


def test_an_item_that_names_no_page_is_passed_over() -> None:
    assert urls(rss("<item><title>A</title></item><item><link/></item>")) == []
    assert urls(rss("")) == []
    assert urls(b"<feed/>") == []


def test_a_permanent_guid_is_an_address_and_another_is_none() -> None:
    content = rss(
        "<item><guid>https://news.test/a</guid></item>"
        '<item><guid isPermaLink="false">https://news.test/b</guid></item>'
    )
    assert urls(content) == ["https://news.test/a"]


def test_titles_are_words_on_one_line() -> None:
    titles = ["<![CDATA[A <b>bold</b>\n  one]]>", "3 &amp;lt; 4", "  ", "<![CDATA[<!-- x -->]]>"]
    content = rss(
        "".join(
            f"<item><title>{title}</title><link>/{number}</link></item>"
            for number, title in enumerate(titles)
        )
    )
    found = [item.title for item in listing(content, FEED).items]
    assert found[:3] == ["A bold one", "3 < 4", None]
    assert len(found) == 4


def test_a_number_of_items_is_read_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.feeds.MAX_FEED_ITEMS", 50)
    monkeypatch.setattr("corpus.feeds.MAX_SITEMAP_ITEMS", 50)
    for outer, inner, link in (
        ("rss", "item", "link"),
        ("feed", "entry", "id"),
        ("urlset", "url", "loc"),
    ):
        entries = "".join(f"<{inner}><{link}>/{n}</{link}></{inner}>" for n in range(53))
        found = listing(f"<{outer}>{entries}</{outer}>".encode(), FEED)
        assert (len(found.items), found.left_out) == (50, 3)
        assert found.items[-1].url.endswith("/49")


def test_of_an_index_500_sitemaps_are_read() -> None:
    entries = "".join(f"<sitemap><loc>/{n}</loc></sitemap>" for n in range(502))
    found = listing(f"<sitemapindex {MAPS}>{entries}</sitemapindex>".encode(), FEED)
    assert (len(found.items), found.left_out) == (500, 2)


def test_long_texts_are_not_read() -> None:
    content = rss(
        f"<item><title>{'t' * 5_000}</title><link>/a</link></item>"
        f"<item><title>B</title><link>/{'b' * 5_000}</link></item>"
    )
    assert listing(content, FEED).items == (Item("https://news.test/a", "t" * 2_000),)


def test_faults_that_do_not_touch_the_items_are_borne() -> None:
    content = b"\r\n " + rss("<item><title>A&nbsp;b</title><x:y/><link>/a</link></item>")
    assert listing(content, FEED).items == (Item("https://news.test/a", "A b"),)
    stray = rss("<item><title>caf?</title><link>/a</link></item><item><link>/b</link></item>")
    assert urls(stray.replace(b"?<", b"\xe9<")) == ["https://news.test/a", "https://news.test/b"]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_encodings_are_those_that_are_declared(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><rss><channel><item><title>Café</title>'
    content = f"{text}<link>/a</link></item></channel></rss>".encode(encoding)
    assert listing(content, FEED).items == (Item("https://news.test/a", "Café"),)


WHOLE = rss("<item><link>/a</link></item>" * 20)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty or no XML"),
        (b" \n", "it is empty or no XML"),
        (b"\x00\x01", "no XML"),
        (b"plain words", "no XML"),
        (b'{"items": []}', "no XML"),
        (b"%PDF-1.7", "no XML"),
        (b"<!doctype html><html><body><p>a<br></body></html>", "is a web page and no feed"),
        (b"<html><body></body></html>", "is a web page and no feed"),
        (b"<opml><body/></opml>", "its outermost element is 'opml'"),
        (WHOLE[:-40], "its XML is broken in line 1"),
        (WHOLE.replace(b"</link></item>", b"</item>", 1), "its XML is broken in line 1"),
        (b"<rss>" + b"<a>" * 100_000, "its XML is broken"),
        (b"<rss>" + b"<a/>" * 2_000_000 + b"</rss>", "holds more than a feed or sitemap may"),
        (b"\x1f\x8bno", "its compressed content is damaged"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_what_is_no_whole_feed_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)


def test_entities_are_refused_and_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://secret.test/", "utf-8")
    bomb = '<!ENTITY a0 "xxxxxxxxxx">' + "".join(
        f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12)
    )
    for declared, used in (
        (bomb, "&a12;"),
        ('<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;"),
        (f'<!ENTITY a SYSTEM "{secret.as_uri()}">', "&a;"),
        ('<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;', "x"),
    ):
        text = f"<!DOCTYPE rss [{declared}]><rss><channel><item><link>{used}</link></item>"
        with connections() as connected:
            assert "entities" in refusal(f"{text}</channel></rss>".encode())
        assert connected == []


def test_a_document_type_elsewhere_is_not_fetched() -> None:
    with connections() as connected:
        content = b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">' + WHOLE.partition(b"?>")[2]
        assert urls(content) == ["https://news.test/a"]
    assert connected == []


def test_content_that_is_the_name_of_a_file_is_not_opened(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.write_bytes(WHOLE)
    assert "no XML" in refusal(str(feed).encode())


def test_a_root_with_very_many_attributes_is_read_in_no_time() -> None:
    crowd = b" ".join(b"a%d=''" % number for number in range(200_000))
    assert urls(WHOLE.replace(b"<rss", b"<rss " + crowd)) == ["https://news.test/a"]


PIECES = st.sampled_from(
    [
        *("<item>", "</item>", "<entry>", "</entry>", "<link>", "</link>", "<link href='b'/>"),
        *("<title>", "</title>", "<url>", "</url>", "<loc>", "</loc>", "/a", "&lt;", "&nope;"),
        *("<pubDate>Fri, 99 Jun 2020 10:00</pubDate>", "<updated>2020-13-45</updated>", "]]>"),
        *("<lastmod>9999-99-99</lastmod>", "<![CDATA[", "<!--", "-->", "\0", "�", "<a xmlns=''>"),
        *("<updated>9999-12-31T23:59:59-14:00</updated>", "<guid>x</guid>", "http://[", "<?x ?>"),
        *("&#xD800;", "&#0;", "\ud800", "\udfff", "&#x110000;", "\x0b"),
    ]
)


@given(
    st.sampled_from(["<rss>{}</rss>", "<feed>{}</feed>", "<urlset>{}</urlset>", "{}"]),
    st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join),
    st.binary(max_size=3),
)
def test_anything_is_read_or_refused_in_a_sentence(outer: str, inner: str, end: bytes) -> None:
    content = outer.replace("{}", inner).encode("utf-8", "surrogatepass") + end
    sentence, found = "", Listing(ListingKind.FEED, ())
    try:
        found = listing(content, FEED)
    except FetchError as error:
        sentence = str(error)
    assert "\n" not in sentence
    assert len({item.url for item in found.items}) == len(found.items)


@given(st.text(max_size=20))
def test_any_title_is_words(title: str) -> None:
    kept = "".join(c for c in title if c.isprintable()).replace("]]>", "")
    content = rss(f"<item><title><![CDATA[{kept}<b>]]></title><link>/a</link></item>")
    (item,) = listing(content, FEED).items
    assert item.title is None or item.title == " ".join(item.title.split()) != ""
