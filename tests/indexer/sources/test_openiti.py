from __future__ import annotations

import pytest

from indexer.places import PlaceKind
from tests.indexer.sources.conftest import values_of

HEADER = """######OpenITI#


#META# 000.SortField\t:: Shamela_1
#META# 010.AuthorNAME\t:: مالك بن أنس
#META# 020.BookTITLE\t:: الموطأ
#META# 043.EdPUBLISHER\t:: NODATA
#META# 999.MiscINFO\t:: NODATA
#META#Header#End#

"""


def book(body: str) -> bytes:
    return f"{HEADER}{body}\n".encode()


def test_metadata_and_name(read_stored):
    (item,) = read_stored("0179Malik.Muwatta.Shamela0000001-ara1", book("# نص"))
    assert values_of(item) == {
        "id": "0179Malik.Muwatta.Shamela0000001-ara1",
        "title": "الموطأ",
        "author": "مالك بن أنس",
        "language": "ar",
        "text": "نص",
    }
    assert item.is_named


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("# أول\n~~وثان\n# ثالث", "أول وثان\nثالث", id="continued-lines"),
        pytest.param("### | باب\n### || فصل\n# نص", "باب\nفصل\nنص", id="headings"),
        pytest.param(
            "### $ زيد\n### $BIO_MAN$ عمرو\n### |EDITOR|\n# ق", "زيد\nعمرو\nق", id="structure"
        ),
        pytest.param("# أول ms12 ثان ms0013", "أول ثان", id="milestones"),
        pytest.param("# قال @P02 زيد بن @T11 عمرو @YB330 ثم", "قال زيد بن عمرو ثم", id="tags"),
        pytest.param("# قال @QB@ إن الله @QE@ ثم", "قال إن الله ثم", id="quran"),
        pytest.param("# صدر البيت %~% عجز البيت", "صدر البيت عجز البيت", id="verse"),
        pytest.param("# أول PageV01P002\n~~ثان", "أول ثان", id="page-within-a-paragraph"),
        pytest.param("# أول\n\nPageV01P002\n\n~~ثان", "أول ثان", id="page-on-its-own-line"),
        pytest.param("# $ 12 نص\n# - نص", "12 نص\nنص", id="numbered"),
        pytest.param("# أول Milestone300 ثان", "أول ثان", id="old-milestones"),
        pytest.param("# ابن فارس [1] اللغوي[2].", "ابن فارس اللغوي.", id="footnote-numbers"),
        pytest.param("# $RWY$ قال @MATN@ متن @HUKM@ حكم", "قال متن حكم", id="parts-of-a-tradition"),
        pytest.param("# قال @USER@CAT_SUB@ ثم", "قال ثم", id="tags-of-a-user"),
        pytest.param("### $BIO_NLI$ (@)(@@) المحدث\n### $$ صمعة", "المحدث\nصمعة", id="lists"),
        pytest.param("#$#FROM مكة #$#TOWA يثرب", "مكة يثرب", id="routes"),
        pytest.param("#~:onomastic:\n# حمد", "حمد", id="sections-of-a-biography"),
        pytest.param("# [السيرة النبوية]", "[السيرة النبوية]", id="brackets-stay"),
        pytest.param("# a@b.example", "a@b.example", id="an-address-is-no-tag"),
    ],
)
def test_text(read_stored, body, text):
    (item,) = read_stored("a.mARkdown", book(body))
    assert item.values["text"] == text


@pytest.mark.parametrize(
    ("marks", "labels"),
    [
        pytest.param(("V01P001", "V01P002"), ["1", "2"], id="one-volume"),
        pytest.param(("V00P001", "V00P002"), ["1", "2"], id="no-volume"),
        pytest.param(("V01P010", "V02P003"), ["1/10", "2/3"], id="volumes"),
        pytest.param(("V03P010", "V03P011"), ["3/10", "3/11"], id="later-volume"),
        pytest.param(("V01P000", "V01P002"), ["2"], id="no-number"),
    ],
)
def test_a_page_ends_at_its_mark(read_stored, marks, labels):
    body = f"# أول Page{marks[0]}\n# ثان\n~~ثالث Page{marks[1]} بعد"
    (item,) = read_stored("a.mARkdown", book(body))
    assert item.values["text"] == "أول\nثان ثالث بعد"
    assert [place.label for place in item.places] == labels
    assert item.places[-1].start == len("أول\n")
    assert {place.kind for place in item.places} == {PlaceKind.PAGE}


def test_a_header_that_is_not_closed(read_stored):
    (item,) = read_stored("a.mARkdown", b"######OpenITI#\n#META# 020.BookTITLE :: x\n# \xd9\x83\n")
    assert (item.values["title"], item.values["text"]) == ("x", "ك")


def test_a_header_alone(read_stored):
    (item,) = read_stored("a.mARkdown", HEADER.encode())
    assert item.reason == "the text is empty after its header"


def test_arabic_names_in_the_header(read_stored):
    data = "######OpenITI#\n#META# الكتاب: الموطأ\n#META# المؤلف: مالك\n#META#Header#End#\n# نص"
    (item,) = read_stored("a.mARkdown", data.encode())
    assert (item.values["title"], item.values["author"]) == ("الموطأ", "مالك")
