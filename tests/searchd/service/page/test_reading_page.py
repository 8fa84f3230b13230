"""A document as the server renders it: its text, its matches, its parts, and other documents."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from searchd.service.page.reading import PART_LENGTH
from tests.searchd.service.page.library import HARD_ID, LONG, STRANGE
from tests.searchd.service.page.markup import links, parse, text_of, texts


def read(reader: TestClient, **parameters: str) -> HTMLParser:
    response = reader.get("/read", params=parameters)
    assert response.status_code == 200, response.text[:300]
    return parse(response.text)


class TestText:
    def test_is_whole_and_in_paragraphs(self, reader: TestClient) -> None:
        tree = read(reader, id=HARD_ID)
        assert [node.text() for node in tree.css(".text p")] == STRANGE.text.split("\n\n")
        assert text_of(tree.css_first("h1")) == STRANGE.title

    def test_is_escaped(self, reader: TestClient) -> None:
        html = reader.get("/read", params={"id": HARD_ID, "q": "search"}).text
        assert not re.search(r"<b>|<i>|<script>alert|href=\"javascript", html)

    def test_shows_date_source_and_fields(self, reader: TestClient) -> None:
        (first, *_others) = links(parse(reader.get("/?q=النهر").text), ".hits h2 a").values()
        tree = parse(reader.get(f"/{first}").text)
        assert text_of(tree.css_first(".facts time"))
        fields = dict(zip(texts(tree, ".fields dt"), texts(tree, ".fields dd"), strict=True))
        assert list(fields) == ["التصنيف", "المصدر", "المعرّف"]

    def test_a_keyword_leads_to_the_documents_that_have_it(self, reader: TestClient) -> None:
        tree = read(reader, id="long")
        (category,) = [link for text, link in links(tree, ".fields a").items() if text == "أدب"]
        assert category == "./?in.category=%D8%A3%D8%AF%D8%A8"

    def test_back_leads_to_the_same_results(self, reader: TestClient) -> None:
        address = (
            "./?q=%D8%A7%D9%84%D9%86%D9%87%D8%B1&in.category=%D8%A3%D8%AF%D8%A8&sort=-date&page=2"
        )
        tree = read(reader, id="long", q="النهر", page="2", sort="-date", **{"in.category": "أدب"})
        assert links(tree, ".back a") == {"العودة إلى النتائج": address}
        assert not read(reader, id="long").css(".back")


class TestMatches:
    def test_every_match_is_marked(self, reader: TestClient) -> None:
        tree = read(reader, id=HARD_ID, q="الإنجليزية عريض")
        assert [node.text() for node in tree.css(".text mark")] == ["عريضًا", "الإنجليزية"]

    def test_links_go_from_match_to_match_without_scripts(self, reader: TestClient) -> None:
        tree = read(reader, id=HARD_ID, q="الإنجليزية عريض")
        places = [node.attributes["id"] for node in tree.css(".text mark")]
        seen = []
        for _step in places:
            address = tree.css_first("[data-move=next]").attributes["href"]
            tree = parse(reader.get(f"/{address}").text)
            seen.append(tree.css_first("mark[aria-current]").attributes["id"])
        assert seen == places
        assert text_of(tree.css_first(".matches .place")) == "٢ من ٢"
        assert tree.css_first("[data-move=next]").attributes.get("href") is None
        back = tree.css_first("[data-move=previous]").attributes["href"]
        assert back.endswith(f"#{places[0]}")

    def test_another_query_can_be_found_in_the_document(self, reader: TestClient) -> None:
        tree = read(reader, id="long", q="البساتين", find="الفصل")
        assert tree.css_first("#find").attributes["value"] == "الفصل"
        assert tree.css_first("#box").attributes["value"] == "البساتين"
        assert {node.text() for node in tree.css(".text mark")} == {"الفصل"}

    def test_what_is_not_there_is_said(self, reader: TestClient) -> None:
        tree = read(reader, id=HARD_ID, q="زقطبيط")
        assert text_of(tree.css_first(".matches .place")) == "لا مطابقات في النص"
        assert not tree.css("[data-move]")


class TestSimilarDocuments:
    def test_are_others_and_keep_the_search(self, reader: TestClient) -> None:
        tree = read(reader, id="long", q="النهر")
        found = links(tree, ".similar a")
        assert 0 < len(found) <= 6
        assert all("q=%D8" in address and "id=long&" not in address for address in found.values())
        assert text_of(tree.css_first(".similar p")).startswith("تشترك في: ")
        for address in found.values():
            assert reader.get(f"/{address}").status_code == 200


class TestLongTexts:
    def test_parts_follow_each_other_without_loss(self, reader: TestClient) -> None:
        tree = read(reader, id="long")
        paragraphs = texts(tree, ".text p")
        parts = 1
        while address := links(tree, ".pages a").get("الجزء التالي"):
            tree = parse(reader.get(f"/{address}").text)
            paragraphs += texts(tree, ".text p")
            parts += 1
        assert parts == -(-len(LONG.text) // PART_LENGTH) > 2
        assert paragraphs == [text.strip() for text in LONG.text.split("\n\n")]
        assert "الجزء السابق" in links(tree, ".pages a")

    def test_matches_lead_from_part_to_part(self, reader: TestClient) -> None:
        expected = [found.start() for found in re.finditer("الفيضان", LONG.text)]
        assert len(expected) == 3
        tree, seen = read(reader, id="long", q="الفيضان"), []
        while address := tree.css_first("[data-move=next]").attributes.get("href"):
            tree = parse(reader.get(f"/{address}").text)
            seen.append(
                int(tree.css_first("mark[aria-current]").attributes["id"].removeprefix("m"))
            )
        assert seen == expected
        while address := tree.css_first("[data-move=previous]").attributes.get("href"):
            tree = parse(reader.get(f"/{address}").text)
            seen.append(
                int(tree.css_first("mark[aria-current]").attributes["id"].removeprefix("m"))
            )
        assert seen == [*expected, *expected[-2::-1]]

    @pytest.mark.parametrize(
        "at", ["0", "1", str(PART_LENGTH - 1), str(PART_LENGTH), "99999999999", "x"]
    )
    def test_any_place_is_in_a_part(self, reader: TestClient, at: str) -> None:
        tree = read(reader, id="long", at=at)
        assert tree.css(".text p")
        if at.isdecimal() and int(at) < len(LONG.text):
            shown = "\n\n".join(node.text() for node in tree.css(".text p"))
            assert LONG.text[int(at) : int(at) + 20].strip("\n")[:5] in shown
