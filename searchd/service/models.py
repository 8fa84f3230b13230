"""Pydantic models of the requests and responses, from which the OpenAPI reference is generated.

The examples are of the index of the sample articles, with the extra field `category`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from searchd._version import __version__
from searchd.search_arguments import MOST_HITS
from searchd.service.correction_models import CorrectionModel
from searchd.service.cursor_parameter import AFTER, MAX_CURSOR_LENGTH, CursorText
from searchd.service.facet_models import FacetModel, GroupModel

MAX_PAGE_SIZE = 100
"""The largest `limit`: it bounds the time and the size of one response.

A client pages through more hits with `offset`, as far as the engine goes (`MOST_HITS`).
"""

MAX_QUERY_LENGTH = 1000
"""Code points of `q`. Longer queries are pasted documents, and cost time for each word."""

MAX_TEXT_LENGTH = 20_000
"""Code points of `text`: several pages of prose, which is what fits into an address."""

MAX_SNIPPETS = 5
MAX_FILTERS = 20
MAX_FILTER_LENGTH = 2000
MAX_FACETS = 20
MAX_FACET_LENGTH = 300
MAX_HTTP_GROUP_SIZE = 10
MAX_SORT_LENGTH = 100
MAX_PREFIX_LENGTH = 100

ALLOWED = {
    "q": f"1 to {MAX_QUERY_LENGTH} characters, not counting space around them",
    "limit": f"a whole number from 1 to {MAX_PAGE_SIZE}",
    "offset": f"a whole number from 0, with offset + limit at most {MOST_HITS}",
    "filter": f"at most {MAX_FILTERS} filters of 1 to {MAX_FILTER_LENGTH} characters",
    "after": f"the cursor of a page, 1 to {MAX_CURSOR_LENGTH} characters, without an offset",
    "start": "a whole number from 0",
    "length": "a whole number from 0, as large as /openapi.json says",
    "facet": f"at most {MAX_FACETS} facets of 1 to {MAX_FACET_LENGTH} characters",
    "facet_filter": f"at most {MAX_FILTERS} filters of 1 to {MAX_FILTER_LENGTH} characters",
    "group_by": f"the name of a keyword field, 1 to {MAX_SORT_LENGTH} characters",
    "group_size": f"a whole number from 1 to {MAX_HTTP_GROUP_SIZE}",
    "sort": f"1 to {MAX_SORT_LENGTH} characters",
    "snippets": f"a whole number from 0 to {MAX_SNIPPETS}",
    "correct": "auto, always or never",
    "field": "the name of a text field: title, text or an extra one",
    "text": f"1 to {MAX_TEXT_LENGTH} characters, not counting space around them",
    "wait": "true or false",
    "on_error": "stop or skip",
    "repair": "auto, report or off",
    "id_prefix": f"at most {MAX_PREFIX_LENGTH} characters",
    "name": "1 to 64 letters, digits, - and _, a letter or digit first; of a file 1 to 512 characters",
    "records": f"at most {MAX_SORT_LENGTH} characters",
    "table": f"at most {MAX_SORT_LENGTH} characters",
    "row_ids": "true or false",
    "index": "the name of an index",
    "state": "queued, running, succeeded, failed or cancelled",
}
"""The allowed values of each parameter in words, for the error message and for OpenAPI."""


def check_query(text: str) -> str:
    """Return a query as it was sent. Raises ValueError for one that is empty or too long."""
    return _check_length(text, MAX_QUERY_LENGTH)


def _check_text(text: str) -> str:
    return _check_length(text, MAX_TEXT_LENGTH)


def _check_length(text: str, longest: int) -> str:
    # The text is returned unstripped, because offsets in the response refer to what was sent.
    if not 1 <= len(text.strip()) <= longest:
        raise ValueError("the length is out of range")
    return text


class SearchParameters(BaseModel):
    """The parameters of `GET /search`. Unknown names are refused, so that a typo is an error."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, AfterValidator(check_query)] = Field(
        description=(
            f'The query, {ALLOWED["q"]}. Words; `"a phrase"`; `"a phrase"~2` with up to two words '
            'between; `"two words"~~5` in any order; `=word` or `="a phrase"` exactly as written; '
            "`+word` must and `-word` must not occur; `AND`, `OR` or `|`, `NOT` and parentheses; "
            "`word^2` counts twice; `title:word` or `عنوان:كلمة` in one field; "
            "`date:[2020 TO 2021]`, `date>=2021` and `price!=5` for values of a field; `كتا*` and "
            "`م?رسة` for patterns; `word~` and `word~2` for words within one or two edits; `*` for "
            "every document."
        ),
        examples=["لجنة الأمن في البرلمان"],
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUERY_LENGTH},
    )
    limit: int = Field(10, ge=1, le=MAX_PAGE_SIZE, description="The largest number of hits.")
    offset: int = Field(
        0,
        ge=0,
        le=MOST_HITS - 1,
        description=f"The number of hits to skip: {ALLOWED['offset']}.",
    )
    after: CursorText | None = Field(None, description=f"{AFTER} Takes the place of `offset`.")
    filters: list[Annotated[str, Field(min_length=1, max_length=MAX_FILTER_LENGTH)]] = Field(
        default_factory=list,
        alias="filter",
        max_length=MAX_FILTERS,
        description=(
            "Conditions on fields, such as `category=news` or "
            "`category IN (news, culture) AND date >= 2020 AND NOT EXISTS author`; the operators "
            "are `=`, `!=`, `<`, `<=`, `>`, `>=`, `IN`, `EXISTS`, `AND`, `OR`, `NOT` and "
            "parentheses. May be repeated: every one must hold."
        ),
        examples=[["category=news"]],
    )
    sort: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_SORT_LENGTH,
        description="A field to sort by instead of the score, `-field` for descending order; "
        "several with commas: `title`, `id`, `date`, `score` and the fields of the index. `-date` is "
        "newest first. Documents without a value come last.",
        examples=["-date"],
    )
    snippets: int = Field(
        1, ge=0, le=MAX_SNIPPETS, description="The largest number of snippets of a hit."
    )
    correct: Literal["auto", "always", "never"] = Field(
        "auto",
        description="When to look for the query that was likely meant: `auto` where nothing matches "
        "or no document contains a word, `always` also where a word of the index was likely typed "
        "for another, which takes ten times as long as a search.",
    )

    @field_validator("after")
    @classmethod
    def _check_after(cls, after: str | None, info: ValidationInfo) -> str | None:
        if after is not None and info.data.get("offset"):
            raise ValueError("a cursor takes no offset")
        return after

    @field_validator("offset")
    @classmethod
    def _check_depth(cls, offset: int, info: ValidationInfo) -> int:
        # A limit that is out of range is not in `data`; it has an error of its own.
        if offset + info.data.get("limit", 1) > MOST_HITS:
            raise ValueError("the page is too deep")
        return offset


class AnalyzeParameters(BaseModel):
    """The parameters of `GET /analyze`."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, AfterValidator(_check_text)] = Field(
        description=f"The text to analyze, {ALLOWED['text']}.",
        examples=["وَبِالكِتَابِ"],
        json_schema_extra={"minLength": 1, "maxLength": MAX_TEXT_LENGTH},
    )


class HighlightModel(BaseModel):
    """A range of whole words that matched the query."""

    start: int = Field(description="Start of the range, in code points.", examples=[6])
    end: int = Field(description="End of the range, exclusive.", examples=[10])
    level: Literal["surface", "stem", "lemma", "synonym", "similar"] = Field(
        description="The closest level on which they match: the surface form of the query with "
        "the hamzas and marks that are typed, another form with the same stem, another form of the same lemma, a synonym, or a word similar to "
        "one that no document contains."
    )


class PlaceModel(BaseModel):
    """Where in its file a part of a text is."""

    kind: str = Field(
        description="What it is: page, chapter, sheet, slide, cue, message or attachment."
    )
    label: str = Field(
        description="What a reader calls it: the number of a page, the title of a chapter."
    )
    start: int = Field(description="Where it begins in the document's text, in code points.")


class SnippetModel(BaseModel):
    """A passage of a document's original text."""

    text: str = Field(
        description="The passage as written.",
        examples=["وطلبت لجنة الأمن والدفاع في البرلمان تقريراً مفصلاً عن عقود الصيانة."],
    )
    start: int = Field(
        description="Start of the passage in the document's text, in code points.", examples=[654]
    )
    end: int = Field(description="End of the passage, exclusive.", examples=[722])
    highlights: list[HighlightModel] = Field(
        description="The matched words: sorted, not overlapping, as offsets into `text`."
    )
    before: bool = Field(description="Whether the document's text continues before the passage.")
    after: bool = Field(description="Whether the document's text continues after the passage.")
    html: str = Field(
        description="The passage as HTML: the text escaped, highlights in `<mark>`, and an ellipsis "
        "where the document continues.",
        examples=[
            "… وطلبت <mark>لجنة</mark> <mark>الأمن</mark> والدفاع في <mark>البرلمان</mark> "
            "تقريراً مفصلاً عن عقود الصيانة."
        ],
    )
    place: PlaceModel | None = Field(
        description="The page, sheet or other place of its first highlight; null if the document has "
        "none."
    )


class HitModel(BaseModel):
    """One document that matched."""

    rank: int = Field(description="Rank among all hits, from 1.", examples=[1])
    id: str = Field(description="The id of the document.", examples=["wire-001"])
    score: float | None = Field(
        description="Sum of all contributions; null if sorted by fields alone.",
        examples=[7.69],
    )
    title: str = Field(examples=["وزارة الدفاع: طائرات F16 في قاعدة بلد جاهزة"])
    title_highlights: list[HighlightModel] = Field(description="The matched words of the title.")
    url: str = Field(
        description="The stored URL, not validated; may be empty.",
        examples=["https://example.org/wire/001"],
    )
    date: str | None = Field(
        description="The date in UTC, ISO 8601; null if there is none.",
        examples=["2021-07-11T00:00:00+00:00"],
    )
    fields: dict[str, str | float | list[str]] = Field(
        description="The stored extra fields.", examples=[{"category": "news"}]
    )
    snippets: list[SnippetModel] = Field(description="The best passages, in the order of the text.")


class TermModel(BaseModel):
    """One word of the query as it was searched."""

    text: str = Field(description="The word as typed.", examples=["لثلاثةِ"])
    surface: str = Field(description="Its surface form: folded spelling.", examples=["لثلاثه"])
    written: str = Field(
        description="Its surface form with the hamzas, marks and dots that were typed and count.",
        examples=["لثلاثةِ"],
    )
    stem: str = Field(description="Its light stem.", examples=["ثلاث"])
    lemma: str = Field(description="Its lemma; empty if the word has none.", examples=["ثلاثه"])
    documents: int = Field(description="Document frequency, on its widest level.", examples=[29])
    similar: list[str] = Field(
        description="Similar stems that were searched instead, if no document contains the word."
    )
    synonyms: list[str] = Field(
        description="Synonyms that were searched too, of the word or of a phrase that begins with "
        "it.",
        examples=[["3", "ثلاث"]],
    )


class ConditionModel(BaseModel):
    """One condition on a field, of the query or a filter."""

    text: str = Field(description="The condition, such as `category=nws`.")
    field: str = Field(description="The field that it is about.")
    documents: int = Field(description="Number of documents that meet it alone.")
    values: list[str] = Field(
        description="Where none does, values that the field has: those spelled alike first, then "
        "the most frequent; of numbers and dates the least and the greatest."
    )
    is_range: bool = Field(description="Whether `values` are the least and the greatest.")


class SearchResponse(BaseModel):
    """The answer to a search."""

    query: str = Field(
        description="The query as it was parsed.", examples=["لجنة الأمن في البرلمان"]
    )
    total: int = Field(description="Number of matching documents, on all pages.", examples=[2])
    offset: int = Field(description="Hits before this page, by offset or cursor.", examples=[0])
    took: float = Field(description="Time of the search in seconds.")
    terms: list[TermModel] = Field(description="The words that were searched, with their analysis.")
    common: list[str] = Field(
        description="Function words of the query, which only order the documents that its other "
        "words find.",
        examples=[["في"]],
    )
    suggestions: list[str] = Field(
        description="Spelling suggestions: words of the index within one or two edits of those not "
        "found. Only given if nothing matched."
    )
    correction: CorrectionModel | None = Field(
        description="The query that was likely meant; null where there is none, and where none was "
        "looked for (`correct`)."
    )
    conditions: list[ConditionModel] = Field(
        description="The conditions on fields, of the query and of the filters. Only given if "
        "nothing matched."
    )
    cursor: str | None = Field(
        description="What to send as `after` for the next page; null on the last one and for groups. One in "
        "order of the score holds until the index is changed, one in order of fields goes on."
    )
    facets: list[FacetModel] = Field(description="The facets, in the order of the request.")
    groups: list[GroupModel] = Field(
        description="With `group_by` the groups of this page, those with the best hit first."
    )
    group_count: int | None = Field(
        description="Number of groups on all pages; null without `group_by`."
    )
    hits: list[HitModel] = Field(
        description="The hits of this page, best first; with `group_by` group after group."
    )


class TokenModel(BaseModel):
    """One token of a text with its terms and how they were derived."""

    start: int = Field(description="Start in the text, in code points.", examples=[0])
    end: int = Field(description="End, exclusive.", examples=[13])
    text: str = Field(description="The token as written.", examples=["وَبِالكِتَابِ"])
    surface: str = Field(description="Its surface form: folded spelling.", examples=["وبالكتاب"])
    written: str = Field(
        description="Its surface form with its hamzas, marks and dots: what `=word` asks for.",
        examples=["وَبِالكِتَابِ"],
    )
    stem: str = Field(description="Its light stem.", examples=["كتاب"])
    why: str = Field(
        description="Each affix that the stemmer cut, with its name.",
        examples=["و- conjunction, ب- preposition, ال- article"],
    )
    lemma: str = Field(description="Its lemma: the dictionary form.", examples=["كتاب"])
    proclitics: list[str] = Field(
        description="Proclitics that were cut before the base.", examples=[["و", "ب", "ال"]]
    )
    base: str = Field(description="The form without clitics that was looked up.", examples=["كتاب"])
    enclitic: str = Field(description="Pronoun that was cut after the base.", examples=[""])
    rule: Literal["lexicon", "clitics", "stem", "light stem", "other"] = Field(
        description="How the lemma was found: the whole form in the lexicon, the form without "
        "clitics, its stem, or the light stem itself if the lexicon has none of these; `other` for "
        "tokens of other scripts."
    )
    reading: str = Field(
        description="The same as a sentence.",
        examples=["و- + ب- + ال- + كتاب -> كتاب (in the lexicon without its clitics)"],
    )
    related_stems: list[str] = Field(
        description="Stems of other forms of its lemma, which a search for it matches too.",
        examples=[["كتابي", "كتاتيب", "كتب", "كتبك"]],
    )
    synonyms: list[str] = Field(
        description="Synonyms of the word or of a phrase that begins with it; `=` before one that "
        "matches in this surface form alone."
    )
    stopword: bool = Field(
        description="Whether it is left out of queries that have other words.", examples=[False]
    )


class AnalyzeResponse(BaseModel):
    """The tokens of a text, in order."""

    text: str = Field(description="The text that was sent.", examples=["وَبِالكِتَابِ"])
    tokens: list[TokenModel]


class HealthResponse(BaseModel):
    """The process answers."""

    status: Literal["ok"]
    version: str = Field(description="The version of searchd.", examples=[__version__])


class ReadyResponse(BaseModel):
    """The index can be searched."""

    status: Literal["ready"]
    documents: int = Field(description="Number of documents in the index.", examples=[70])
    generation: int = Field(
        description="Number of the commit that is searched; it grows with every commit.",
        examples=[1],
    )
