"""Results as the server renders them: hits, facets, chips, order, pages, and what was not found."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.searchd.service.page.library import CATEGORIES, HARD_ID, SOURCES
from tests.searchd.service.page.markup import links, parse, text_of, texts


def search(reader: TestClient, address: str) -> HTMLParser:
    response = reader.get(address)
    assert response.status_code == 200, response.text[:300]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return parse(response.text)


class TestHits:
    def test_say_what_they_are_and_lead_to_the_document(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=النهر")
        (first, *_others) = tree.css(".hits > li")
        link = first.css_first("h2 a")
        assert link.attributes["href"].startswith("read?id=")
        assert text_of(first.css_first("time"))
        assert set(texts(first, ".facts bdi")) & set(SOURCES)
        marks = first.css(".snippet mark")
        assert marks
        assert {mark.attributes["data-level"] for mark in marks} <= {"surface", "stem", "lemma"}

    def test_the_number_of_results_is_that_of_the_api(self, reader: TestClient) -> None:
        total = reader.get("/search?q=في").json()["total"]
        digits = str(total).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        assert total > 10
        assert digits in text_of(search(reader, "/?q=في").css_first("h1.count"))

    def test_everything_is_escaped(self, reader: TestClient) -> None:
        html = reader.get("/?q=الإنجليزية").text
        assert "<script>alert" not in html
        assert "<b>" not in html
        assert "<i>" not in html
        assert "javascript:" not in html
        tree = parse(html)
        assert text_of(tree.css_first(".hits h2")).startswith('<script>alert("عنوان")</script> &')

    @pytest.mark.parametrize("query", ['"><script>alert(1)</script>', "'\"<b>&amp;", "{{ 7*7 }}"])
    def test_a_query_is_only_ever_text(self, reader: TestClient, query: str) -> None:
        html = reader.get("/", params={"q": query}).text
        assert "<script>alert" not in html
        assert "<b>" not in html
        box = parse(html).css_first("#box")
        assert box.attributes["value"] == query

    def test_a_link_leads_to_the_place_of_a_passage(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=الفيضان&in.category=أدب")
        places = [
            address for address in links(tree, ".hits .there").values() if "id=long&" in address
        ]
        assert len(places) == 1
        at, mark = re.search(r"at=(\d+)#m(\d+)", places[0]).groups()  # type: ignore[union-attr]
        assert at == mark
        page = parse(reader.get(places[0]).text)
        assert page.css_first(f"#m{mark}[aria-current]").text() == "الفيضان"


class TestFacets:
    def test_count_the_documents_that_a_click_then_finds(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=في")
        for item in tree.css(".facets li a")[:6]:
            count = text_of(item.css_first(".number"))
            found = search(reader, "/" + item.attributes["href"].removeprefix("./"))
            total = re.search(r"[٠-٩٬]+|نتيجة واحدة|نتيجتان", text_of(found.css_first("h1.count")))
            assert total is not None
            assert total[0] == {"١": "نتيجة واحدة", "٢": "نتيجتان"}.get(count, count)

    def test_have_names_in_the_language(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=في")
        assert texts(tree, ".facets h2") == ["السنة", "التصنيف", "المصدر"]
        english = parse(reader.get("/?q=في", headers={"Accept-Language": "en"}).text)
        assert texts(english, ".facets h2") == ["Year", "Category", "Source"]

    def test_several_values_of_a_field_are_alternatives(self, reader: TestClient) -> None:
        def total(address: str) -> int:
            return len(search(reader, address).css(".hits > li"))

        one, other = total("/?q=النهر&in.category=أدب"), total("/?q=النهر&in.category=جغرافيا")
        both = total("/?q=النهر&in.category=أدب&in.category=جغرافيا")
        assert min(one, other) > 0
        assert both == one + other

    def test_other_values_stay_to_be_chosen(self, reader: TestClient) -> None:
        """The facet of a field is not narrowed by the values that are chosen of it."""
        before = links(search(reader, "/?q=في"), ".facets section:nth-of-type(2) li a")
        after = links(
            search(reader, "/?q=في&in.category=أدب"), ".facets section:nth-of-type(2) li a"
        )
        assert len(after) >= len(before) > 3

    def test_a_chosen_value_is_marked_and_clicked_again_is_free(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=النهر&in.category=أدب")
        (chosen,) = tree.css(".facets [aria-current]")
        assert text_of(chosen).startswith("أدب (محدد)")
        assert chosen.attributes["href"] == "./?q=%D8%A7%D9%84%D9%86%D9%87%D8%B1"

    def test_more_values_are_a_link_away(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=*")
        first = tree.css(".facets section")[1]
        assert len(first.css("li")) == 8
        more = "/" + first.css_first(".more").attributes["href"].removeprefix("./")
        expanded = search(reader, more).css(".facets section")[1]
        assert len(expanded.css("li")) == len(CATEGORIES) + 1  # and that of the strange document

    def test_years_find_their_year(self, reader: TestClient) -> None:
        for year in texts(search(reader, "/?q=في&in.date=2019"), ".hits time"):
            assert "٢٠١٩" in year


class TestFilters:
    def test_are_chips_that_can_be_removed(self, reader: TestClient) -> None:
        address = "/?q=النهر&in.category=أدب&filter=date>=2018&sort=-date"
        tree = search(reader, address)
        chips = tree.css(".chips .chip")
        assert [text_of(chip) for chip in chips] == ["التصنيف أدب ×", "date>=2018 ×"]
        assert chips[0].attributes["aria-label"] == "أزل المرشّح: التصنيف: أدب"
        rest = search(reader, "/" + chips[0].attributes["href"].removeprefix("./"))
        assert [text_of(chip) for chip in rest.css(".chips .chip")] == ["date>=2018 ×"]
        assert rest.css_first(".sort [aria-current]").text().strip() == "الأحدث"

    def test_are_kept_by_a_new_query(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=النهر&in.category=أدب&filter=date>=2018&sort=-date&page=2")
        hidden = {
            node.attributes["name"]: node.attributes["value"]
            for node in tree.css(".search [type=hidden]")
        }
        assert hidden == {"in.category": "أدب", "filter": "date>=2018", "sort": "-date"}

    def test_without_a_query_list_documents(self, reader: TestClient) -> None:
        tree = search(reader, "/?in.category=أدب")
        assert tree.css(".hits > li")
        assert all("أدب" in texts(item, ".facts bdi") for item in tree.css(".hits > li"))

    def test_nothing_found_offers_to_drop_them(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=الفيضان&in.category=nosuch")
        assert (
            links(tree, ".notice a")["ابحث بلا مرشّحات"]
            == "./?q=%D8%A7%D9%84%D9%81%D9%8A%D8%B6%D8%A7%D9%86"
        )
        assert "nosuch" in text_of(tree.css_first(".notice"))


class TestOrderAndPages:
    def test_orders(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=في")
        orders = links(tree, ".sort a")
        assert list(orders) == ["الأنسب", "الأحدث", "الأقدم", "العنوان"]

        def dates(name: str) -> list[str]:
            found = search(reader, "/" + orders[name].removeprefix("./"))
            return [node.attributes["datetime"] or "" for node in found.css(".hits time")]

        assert dates("الأحدث") == sorted(dates("الأحدث"), reverse=True)
        assert dates("الأقدم") == sorted(dates("الأقدم"))

    def test_pages_are_linked_both_ways(self, reader: TestClient) -> None:
        first = search(reader, "/?q=في&sort=title")
        onward = links(first, ".pages a")
        assert list(onward) == ["التالي"]
        second = search(reader, "/" + onward["التالي"].removeprefix("./"))
        assert links(second, ".pages a")["السابق"] == "./?q=%D9%81%D9%8A&sort=title"
        assert set(texts(first, ".hits h2")).isdisjoint(texts(second, ".hits h2"))

    def test_a_page_past_the_end_leads_back(self, reader: TestClient) -> None:
        tree = search(reader, "/?q=النهر&page=900")
        assert (
            links(tree, ".notice a")["إلى الصفحة الأولى"] == "./?q=%D8%A7%D9%84%D9%86%D9%87%D8%B1"
        )


class TestCorrection:
    @pytest.mark.parametrize("query", ["الفيضن", "البساتيين", "النهر يجرى بين البساتبن"])
    def test_a_misspelt_word_is_corrected_by_one_click(
        self, reader: TestClient, query: str
    ) -> None:
        tree = search(reader, f"/?q={query}&in.category=أدب")
        (address,) = links(tree, ".correction a").values()
        assert "in.category=" in address
        assert tree.css_first(".correction strong") is not None
        assert "id=long" in search(reader, "/" + address.removeprefix("./")).html

    def test_a_right_word_is_left_alone(self, reader: TestClient) -> None:
        assert not search(reader, "/?q=الفيضان").css(".correction")


class TestStart:
    def test_has_examples_that_find_something(self, reader: TestClient) -> None:
        examples = links(search(reader, "/"), "[aria-labelledby=examples] .chip")
        assert len(examples) == 3
        for address in examples.values():
            assert search(reader, "/" + address.removeprefix("./")).css(".hits > li")

    def test_leads_to_the_values_that_many_share(self, reader: TestClient) -> None:
        tree = search(reader, "/")
        assert texts(tree, "h2")[1:3] == ["تصفّح حسب التصنيف", "تصفّح حسب المصدر"]
        for address in links(tree, "[aria-labelledby^=browse] .chip").values():
            assert search(reader, "/" + address.removeprefix("./")).css(".hits > li")

    def test_has_the_newest_documents(self, reader: TestClient) -> None:
        tree = search(reader, "/")
        dates = [node.attributes["datetime"] or "" for node in tree.css(".documents time")]
        assert len(dates) == 6
        assert dates == sorted(dates, reverse=True)
        for address in links(tree, ".documents a").values():
            assert reader.get("/" + address).status_code == 200

    def test_says_how_to_fill_an_empty_index(self, tmp_path: object) -> None:
        import searchd
        from searchd.service import create_app
        from tests.searchd.conftest import write_index

        write_index(tmp_path / "index", [])  # type: ignore[operator]
        with searchd.open(tmp_path / "index") as engine:  # type: ignore[operator]
            page = TestClient(create_app(engine)).get("/", headers={"Accept-Language": "ar"})
        assert page.status_code == 200
        assert "searchd index" in text_of(parse(page.text).css_first("main"))


def test_the_help_is_in_the_language_and_its_queries_are_read(reader: TestClient) -> None:
    tree = search(reader, "/")
    examples = texts(tree, ".help kbd")
    assert len(examples) > 10
    for example in examples:
        assert reader.get("/", params={"q": example}).status_code == 200, example
    english = parse(reader.get("/", headers={"Accept-Language": "en"}).text)
    assert texts(english, ".help kbd") == examples
    assert texts(english, ".help dd") != texts(tree, ".help dd")


def test_a_hard_id_is_linked(reader: TestClient) -> None:
    tree = search(reader, "/?q=الإنجليزية")
    (address,) = {node.attributes["href"] for node in tree.css(".hits h2 a")}
    page = reader.get(f"/{address}")
    assert page.status_code == 200
    assert text_of(parse(page.text).css_first(".id")) == HARD_ID
