"""Web pages: the main text to the character, and what the page states of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from corpus.document import Metadata, PartialDate
from corpus.errors import DocumentError
from corpus.formats import html
from corpus.formats.received import Received
from tests.corpus.samples import GOVERNMENT_PAGE, GOVERNMENT_TEXT, NEWS_PAGE, NEWS_TEXT

if TYPE_CHECKING:
    from corpus.draft import Draft

DATA = '<script type="application/ld+json">%s</script>'
BODY = (
    "<p>Officers were called to a street in Brixton on Wednesday night, the Met has said.</p>"
    "<p>Anyone who has information about the events of that night should call the police.</p>"
)
BODY_TEXT = (
    "Officers were called to a street in Brixton on Wednesday night, the Met has said.\n\n"
    "Anyone who has information about the events of that night should call the police."
)


def read(page: str | bytes, name: str = "page.html", charset: str | None = None) -> Draft:
    content = page.encode() if isinstance(page, str) else page
    return html.read(Received(name, content, charset=charset))


def page(head: str = "", above: str = "", body: str = BODY) -> str:
    return f"<html><head>{head}</head><body><article>{above}{body}</article></body></html>"


def test_a_government_page_is_its_text_and_what_it_states() -> None:
    draft = read(GOVERNMENT_PAGE)
    assert draft.text == GOVERNMENT_TEXT
    assert draft.metadata == Metadata(
        kind="other",
        title="Extra officers for London",
        published=PartialDate(2020, 6, 26),
        publisher="GOV.UK",
        author="Home Office",
        url="https://www.gov.uk/government/news/extra-officers-for-london",
        rights="Open Government Licence v3.0",
    )
    assert draft.source == "page.html"
    assert draft.notes == (
        "left out between its paragraphs: “From:”, “Home Office”, “Published” and more",
    )


def test_a_news_page_is_the_article_without_what_stands_around_it() -> None:
    draft = read(NEWS_PAGE.encode("cp1252"))
    assert draft.text == NEWS_TEXT
    assert draft.metadata == Metadata(
        kind="other",
        title="Street party: 22 officers hurt",
        published=PartialDate(2020, 6, 25),
        publisher="South London Courier",
        author="Jane O'Neill-Smith",
        url="https://courier.example/news/street-party",
    )
    left = "“Advertisement”, “Read more”, “Man charged after Brixton party”"
    assert draft.notes == (f"left out between its paragraphs: {left}",)


def test_a_page_that_states_nothing_is_text_alone() -> None:
    draft = read(page())
    assert draft.text == BODY_TEXT
    assert draft.metadata == Metadata(kind="other")
    assert draft.notes == ()


def test_the_address_that_a_page_came_from_is_its_own_if_it_gives_no_other() -> None:
    assert read(page(), "https://a.example/b?c=1").metadata.url == "https://a.example/b?c=1"
    canonical = '<link rel="canonical" href="/d">'
    assert read(page(canonical), "https://a.example/b?c=1").metadata.url == "https://a.example/d"
    for nothing in ('<link rel="canonical" href="/d">', '<link rel="canonical" href="http://[">'):
        assert read(page(nothing)).metadata.url is None


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        ('<meta property="article:published_time" content="2020-06-26T23:30Z">', "", "2020-06-26"),
        ('<meta name="dcterms.issued" content="2020-06">', "", "2020-06"),
        ('<meta name="date" content="26/06/2020">', "", "2020-06-26"),
        (DATA % '{"@type": ["NewsArticle"], "datePublished": "2020-06-26"}', "", "2020-06-26"),
        ("", '<time datetime="2020-06-26">Friday</time>', "2020-06-26"),
        ("", '<p><time itemprop="datePublished" content="x">26 June 2020</time> Updated</p>',
         "2020-06-26"),
        ("", "<h1>A title</h1><p>Friday 26 June 2020</p>", "2020-06-26"),
        ("", "<p>Published: 26/06/2020 at 10:30</p>", "2020-06-26"),
        ("", "<dl><dt>Updated</dt><dd>1 July 2020</dd><dt>Published</dt><dd>26 June 2020</dd></dl>",
         "2020-06-26"),
    ],
)  # fmt: skip
def test_a_stated_date_is_read_as_precisely_as_it_is_stated(
    head: str, above: str, expected: str
) -> None:
    draft = read(page(head, above))
    assert str(draft.metadata.published) == expected
    assert draft.text.endswith(BODY_TEXT)


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ('<meta property="article:modified_time" content="2020-06-26">', ""),
        ('<meta name="date" content="yesterday">', ""),
        ('<link rel="canonical" href="https://a.example/2020/06/26/title">', ""),
        (DATA % '{"dateModified": "2020-06-26"}', ""),
        (DATA % '{"datePublished": 2020}', ""),
        (DATA % '{"datePublished": "2020-06-26"', ""),
        ('<script type="application/ld+json"></script><script>var a = "2020-06-26"</script>', ""),
        ("", '<p>Updated <time datetime="2020-06-26">Friday</time></p>'),
        ("", f'<p>On <time datetime="2020-06-26">Friday</time> {"many officers " * 9}came.</p>'),
        ("", '<nav><time datetime="2020-06-26">Friday</time></nav>'),
        ("<!-- published 2020-06-26 -->", "<p>The events of 26 June 2020 are not forgotten.</p>"),
        ("", "<footer>© 2020 The Courier</footer>"),
    ],
)
def test_a_date_that_is_not_stated_as_that_of_publication_is_not_guessed(
    head: str, above: str
) -> None:
    assert read(page(head, above)).metadata.published is None


def test_a_dateline_without_a_year_is_noted() -> None:
    draft = read(page(above="<h1>A title</h1><p>Friday 26 June</p>"))
    assert draft.metadata.published is None
    assert draft.notes[0] == "says 'Friday 26 June', without a year; give it with --published"


def test_two_dates_that_differ_are_both_named() -> None:
    draft = read(page('<meta name="date" content="2020-06-25">', "<p>26 June 2020</p>"))
    assert draft.metadata.published == PartialDate(2020, 6, 25)
    assert draft.notes[0] == (
        "states 25 June 2020 in its tags and shows 26 June 2020; the first was taken"
    )


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ('<meta property="og:site_name" content="met police news">', "met police news"),
        ('<meta name="dc.publisher" content="@met"><meta name="publisher" content="The Met">',
         "The Met"),
        ('<meta name="publisher" content="https://facebook.example/met">', None),
        (DATA % '[{"@type": "WebSite", "publisher": "The Met"}]', "The Met"),
        ("<title>A man was charged – two others were released</title>", None),
        ('<link rel="canonical" href="https://news.example/a">', None),
    ],
)  # fmt: skip
def test_a_publisher_is_the_one_that_the_page_names(head: str, publisher: str | None) -> None:
    assert read(page(head)).metadata.publisher == publisher


def test_a_title_and_an_author_are_spelt_as_the_page_spells_them() -> None:
    head = (
        '<meta property="og:title" content="MET’S  “new” plan">'
        '<meta name="author" content="by ann DE lee">'
    )
    found = read(page(head)).metadata
    assert found.title == "MET’S “new” plan"
    assert found.author is not None
    assert found.author in "by ann DE lee"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>One&amp;two &lt;b&gt; &#8220;x&#8221; &#147;y&#148;  &hellip;\n z</p>",
         "One&two <b> “x” “y” … z"),
        ("<p>One<br>two<br><br>three</p>", "One\ntwo\n\nthree"),
        ("<p>stop-<b>and</b>-search<!-- no --> now</p>", "stop-and-search now"),
        ("<p>co\xadoperate, zero\u200bwidth, 1\xa0000</p>",
         "co\xadoperate, zero\u200bwidth, 1\xa0000"),
        ("<p>nothing <b hidden>not this</b><i style='display: none'>nor this</i>more</p>",
         "nothing more"),
        ("<table><tr><th>Area</th><th>Officers</th></tr><tr><td>Lambeth</td><td>20</td></tr></table>",
         "Area\tOfficers\n\nLambeth\t20"),
        ("<pre>a  b\n  c</pre>", "a b\nc"),
        ("<div>Loose text <i>in</i> a division.<p>A paragraph.</p>And a tail.</div>",
         "Loose text in a division.\n\nA paragraph.\n\nAnd a tail."),
    ],
)  # fmt: skip
def test_words_are_as_published(body: str, text: str) -> None:
    assert text in read(page(body=BODY + body + BODY)).text


def test_a_page_with_hardly_any_text_is_taken_whole() -> None:
    draft = read("<html><body><p>Hi.</p></body></html>")
    assert draft.text == "Hi."


def test_a_text_that_only_the_data_holds_is_taken_with_a_note() -> None:
    text = "Officers were called to a street in Brixton on Wednesday night. " * 5
    draft = read(
        '<html><head><script type="application/ld+json">{"@type": "NewsArticle", "articleBody": '
        f'"{text}"}}</script></head><body><div id="app"></div></body></html>'
    )
    assert draft.text == text.strip()
    assert draft.notes == ("shows no such text; it was taken from the data in the page",)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html></html>", "holds no text to read"),
        (b"<html><body><script>x()</script></body></html>", "holds no text to read"),
        (b"<!-- -->", "holds no text to read"),
        (b"<html>" + b"<div>" * 300 + b"deep", "nested too deeply"),
        (b"<html><p>" + b"a" * 11_000_000, "a part that is too long"),
        (b"<html>\0</html>", "is not text: it holds NUL bytes"),
    ],
)
def test_what_is_no_page_is_refused_by_name(content: bytes, why: str) -> None:
    with pytest.raises(DocumentError, match=f"page.html .*{why}"):
        read(content)


def test_half_a_page_beyond_the_parsers_limits_is_refused_rather_than_cut() -> None:
    with pytest.raises(DocumentError, match="nested too deeply"):
        read("<html><body>" + BODY + "<div>" * 300 + BODY)


def test_a_page_for_which_memory_is_too_small_is_not_called_damaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise etree.XMLSyntaxError("no room", etree.ErrorTypes.ERR_NO_MEMORY, 0, 0)

    monkeypatch.setattr("corpus.formats.html.lxml_html.document_fromstring", fail)
    with pytest.raises(MemoryError):
        read(page())


def test_a_page_that_trips_the_extraction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("corpus.formats.html.trafilatura.bare_extraction", fail)
    with pytest.raises(DocumentError, match=r"page\.html is a damaged page; save it again"):
        read(page())
