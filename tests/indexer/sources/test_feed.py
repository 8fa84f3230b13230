from __future__ import annotations

from tests.indexer.sources.conftest import values_of

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="c" xmlns:dc="d" xmlns:media="m">
<channel><title>أخبار</title><link>https://a.b/</link>
<item><title>خبر &amp;quot;أول&amp;quot;</title><link>https://a.b/1</link><guid>g1</guid>
<media:title>صورة</media:title><dc:creator>كاتب</dc:creator><category>علم</category><category>أدب</category>
<pubDate>Mon, 05 Oct 2026 10:00:00 +0300</pubDate><description>قصير</description>
<content:encoded><![CDATA[<p>نص <b>طويل</b></p><p>ثان</p>]]></content:encoded></item>
<item><title>خبر ثان</title><description>سطر &lt;br&gt; آخر</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title>
<entry><id>urn:1</id><title>خبر</title><link rel="self" href="https://a.b/s"/>
<link href="https://a.b/1"/><author><name>كاتب</name></author><updated>2026-01-02T00:00:00Z</updated>
<published>غدا</published><category term="علم"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>نص</p><p>ثان</p></div></content>
</entry></feed>"""


def test_rss(read_stored):
    first, second = read_stored("a.rss", RSS.encode())
    assert values_of(first) == {
        "id": "a.rss#g1",
        "guid": "g1",
        "title": "خبر &quot;أول&quot;",
        "text": "نص طويل\nثان",
        "date": "2026-10-05T10:00:00+03:00",
        "url": "https://a.b/1",
        "author": ["كاتب"],
        "subject": ["علم", "أدب"],
        "publisher": "أخبار",
    }
    assert second.values["text"] == "سطر\nآخر"
    assert "date" not in second.values


def test_an_entry_without_an_id_keeps_the_same_one(read_stored):
    once, again = (read_stored("a.xml", RSS.encode())[1].values["id"] for _ in range(2))
    assert once == again
    assert "#" in once


def test_atom(read_stored):
    (item,) = read_stored("a.xml", ATOM.encode())
    values = dict(item.values)
    assert values.pop("id").endswith("#urn:1")
    assert values == {
        "guid": "urn:1",
        "title": "خبر",
        "text": "نص\nثان",
        "date": "2026-01-02T00:00:00Z",
        "url": "https://a.b/1",
        "author": ["كاتب"],
        "subject": ["علم"],
        "publisher": "أخبار",
    }


def test_rss_1(read_stored):
    markup = (
        '<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/"><channel><title>ق</title></channel>'
        '<item rdf:about="https://a.b/1"><title>خبر</title></item></rdf:RDF>'
    )
    (item,) = read_stored("a.xml", markup.encode())
    assert item.values["id"].endswith("#https://a.b/1")
    assert item.values["publisher"] == "ق"
