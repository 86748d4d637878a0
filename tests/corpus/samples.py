"""Files as they come in, made in code: a PDF by hand, a DOCX by python-docx."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pypdf

if TYPE_CHECKING:
    from collections.abc import Sequence

GOVERNMENT_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Extra officers for London - GOV.UK</title>
<link rel="canonical" href="https://www.gov.uk/government/news/extra-officers-for-london">
<meta property="og:site_name" content="GOV.UK">
<meta property="og:title" content="Extra officers for London">
<script type="application/ld+json">{"@context": "http://schema.org", "@graph": [
{"@type": "WebPage", "publisher": {"name": "Somebody Else"}},
{"@type": "NewsArticle", "headline": "Extra officers for London",
"datePublished": "2020-06-26T09:30:00+01:00", "dateModified": "2020-07-01T09:30:00+01:00",
"author": {"@type": "Organization", "name": "Home Office"},
"publisher": {"@type": "Organization", "name": "GOV.UK"}}]}</script>
</head><body>
<div id="global-cookie-message" class="cookie-banner"><p>We use some essential cookies to make this
website work.</p><button>Accept additional cookies</button></div>
<header><a href="/">GOV.UK</a><nav><ul><li><a href="/t">Topics</a></li></ul></nav></header>
<main id="content" role="main">
<h1>Extra officers for London</h1>
<p class="lead">More than 200 officers join the Met&rsquo;s patrols this week.</p>
<dl class="metadata"><dt>From:</dt><dd><a href="/home-office">Home Office</a></dd>
<dt>Published</dt><dd>26 June 2020</dd><dt>Last updated</dt><dd>1 July 2020</dd></dl>
<div class="govspeak">
<p>The Home Secretary has announced   extra
officers for London&nbsp;boroughs, after a week of violence in which twenty&#8209;two were hurt.</p>
<h2>What it means</h2>
<p>The officers will:</p>
<ul><li>patrol <strong>hotspots</strong> at night;</li><li>work with local councils;</li>
<li>support stop-and-<em>search</em>.</li></ul>
<p>Commander Bas Javid said:</p>
<blockquote><p>&ldquo;Our role is to keep our communities safe, and this evening people can
expect
to see a heightened police presence.</p>
<p>&#147;We will not tolerate violence.&#148;</p></blockquote>
<p>Contact the press office:<br>020 7230 2171<br>press@met.police.uk</p>
</div></main>
<aside class="related"><h2>Related content</h2><ul>
<li><a href="/a">Policing: the facts</a></li></ul></aside>
<footer><p>All content is available under the <a rel="license" href="https://www.example.org/ogl">Open
Government Licence v3.0</a>, except where otherwise stated</p></footer>
</body></html>
"""
GOVERNMENT_TEXT = """Extra officers for London

More than 200 officers join the Met’s patrols this week.

The Home Secretary has announced extra officers for London\xa0boroughs, after a week of violence \
in which twenty‑two were hurt.

What it means

The officers will:

patrol hotspots at night;

work with local councils;

support stop-and-search.

Commander Bas Javid said:

“Our role is to keep our communities safe, and this evening people can expect to see a heightened \
police presence.

“We will not tolerate violence.”

Contact the press office:
020 7230 2171
press@met.police.uk"""

NEWS_PAGE = """<!DOCTYPE html>
<html><head><title>Street party: 22 officers hurt | South London Courier</title>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">
<meta property="og:title" content="Street party: 22 officers hurt | South London Courier">
<meta property="og:site_name" content="South London Courier">
<meta property="og:url" content="https://courier.example/news/street-party">
<meta property="article:published_time" content="2020-06-25T23:10:00+01:00">
<meta name="author" content="Jane O'Neill-Smith"><style>.a{color:red}</style></head>
<body><div class="cookie-consent"><p>We value your privacy. We and our partners store cookies on
your device.</p><button>Accept all</button></div>
<nav class="main-nav"><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article><header><h1>Street party: 22 officers hurt</h1>
<p class="byline">By Jane O'Neill-Smith</p><p class="date">Thursday 25 June 2020, 23:10</p></header>
<div class="article-body">
<p>Twenty-two police officers were injured at an illegal street party in Brixton on Wednesday night,
the Met has said.</p>
<p>Commander Colin Wingrove said: “These gatherings are unlawful. They also pose a risk to public
health – and they must stop.”</p>
<div class="advert"><p>Advertisement</p></div>
<p>The Mayor’s office called the scenes <a href="/x">“utterly vile”</a>, and asked for
witnesses.</p>
<aside class="related-articles"><h3>Read more</h3><ul>
<li><a href="/1">Man charged after Brixton party</a></li></ul></aside>
<h2>Arrests</h2>
<p>Four people were arrested for assault and public order offences, and they remain in custody at a
south London police station.</p>
<ul><li>Two men, 24 and 31, were arrested in Overton Road.</li>
<li>A woman, 19, was arrested nearby.</li></ul>
<p>Anyone who has information should call 101.</p>
</div><div class="share-buttons"><a href="#">Share on Facebook</a></div></article>
<section class="comments"><h2>Comments (2)</h2><p>First!</p>
<p>Disgraceful behaviour, they should all be locked up for this.</p></section>
<div class="related"><h2>Most read</h2>
<ul><li><a href="/3">Tube strike: what you need to
know</a></li></ul></div>
<footer><p>© 2024 South London Courier. All rights reserved.</p></footer></body></html>
"""
NEWS_TEXT = """Twenty-two police officers were injured at an illegal street party in Brixton on \
Wednesday night, the Met has said.

Commander Colin Wingrove said: “These gatherings are unlawful. They also pose a risk to public \
health – and they must stop.”

The Mayor’s office called the scenes “utterly vile”, and asked for witnesses.

Arrests

Four people were arrested for assault and public order offences, and they remain in custody at a \
south London police station.

Two men, 24 and 31, were arrested in Overton Road.

A woman, 19, was arrested nearby.

Anyone who has information should call 101."""

NEWSLETTER = """\
From: =?utf-8?q?Met_Police_=E2=80=93_Press_Bureau?= <press@met.example>
To: editors@courier.example
Subject: =?utf-8?b?QXBwZWFsIGZvciB3aXRuZXNzZXMg4oCTIExhbWJldGg=?=
Date: Fri, 26 Jun 2020 23:50:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset="windows-1252"
Content-Transfer-Encoding: quoted-printable

Officers are appealing for witnesses.

Detective Sergeant Ann Lee said: =93Anyone who was there should call us=94.
--inner
Content-Type: text/html; charset="utf-8"

<html><body><p>Officers are <b>appealing</b> for witnesses, as HTML.</p></body></html>
--inner--
--outer
Content-Type: image/jpeg
Content-Disposition: attachment; filename="e-fit.jpg"
Content-Transfer-Encoding: base64

/9j/4AAQ
--outer--
"""

RELEASE_LINES = (
    (760, "Metropolitan Police Service"),
    (730, "Friday 26 June 2020"),
    (700, "Extra police officers are being deployed across London tonight as"),
    (686, "further illegal raves, music events and block parties take place, the"),
    (672, "Metropolitan Police has said."),
    (644, "Commander Bas Javid said: “We remain in a public health crisis and these"),
    (630, "unlicensed events are illegal. Our deploy-"),
    (616, "ments are large, and the deployments will go on in police-"),
    (602, "led operations.”"),
    (574, "Press Bureau"),
    (560, "020 7230 2171"),
    (40, "Page 1 of 1"),
)


def pdf(
    *pages: Sequence[tuple[int, str]], title: str | None = None, author: str | None = None
) -> bytes:
    """A PDF of lines, each at a height in points."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for lines in pages:
        stream = b"\n".join(
            b"BT /F1 11 Tf 1 0 0 1 72 %d Tm (%s) Tj ET" % (height, _escaped(text))
            for height, text in lines
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    about = b"".join(
        b"/%s (%s) " % (key, _escaped(value))
        for key, value in ((b"Title", title), (b"Author", author))
        if value
    )
    objects.append(b"<< %s/CreationDate (D:20240101120000Z) >>" % about)
    content, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(content) + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(objects), len(content))
    )


def _escaped(text: str) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return escaped.encode("cp1252")


def locked_pdf(password: str, owner: str = "owner") -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(RELEASE_LINES)))
    writer.encrypt(password, owner, algorithm="RC4-128")
    saved = io.BytesIO()
    writer.write(saved)
    return saved.getvalue()


def word(
    paragraphs: Sequence[str],
    *,
    title: str = "",
    author: str = "",
    rows: Sequence[Sequence[str]] = (),
) -> bytes:
    """A Word document of these paragraphs, and then a table."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.core_properties.title = title
    document.core_properties.author = author
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()
