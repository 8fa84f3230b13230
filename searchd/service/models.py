"""What a request may say and what an answer holds. The OpenAPI reference is made of these."""

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

LONGEST_QUERY = 1000
LONGEST_TEXT = 20_000
MOST_HITS = 100
DEEPEST_HIT = 10_000
MOST_SNIPPETS = 5
MOST_FILTERS = 20
LONGEST_FILTER = 300
LONGEST_SORT = 100

ALLOWED = {
    "q": f"1 to {LONGEST_QUERY} characters, not counting space around them",
    "limit": f"a whole number from 1 to {MOST_HITS}",
    "offset": f"a whole number from 0, with offset + limit at most {DEEPEST_HIT}",
    "filter": f"at most {MOST_FILTERS} filters of 1 to {LONGEST_FILTER} characters",
    "sort": f"1 to {LONGEST_SORT} characters",
    "snippets": f"a whole number from 0 to {MOST_SNIPPETS}",
    "text": f"1 to {LONGEST_TEXT} characters, not counting space around them",
}
"""What each parameter may be, in words, for the message of a refusal."""


def _check_query(text: str) -> str:
    return _check_length(text, LONGEST_QUERY)


def _check_text(text: str) -> str:
    return _check_length(text, LONGEST_TEXT)


def _check_length(text: str, longest: int) -> str:
    # The text itself is passed on unstripped: offsets in the answer count in what was sent.
    if not 1 <= len(text.strip()) <= longest:
        raise ValueError("the length is out of range")
    return text


class SearchParameters(BaseModel):
    """The parameters of a search. A name that is not here is refused, so that no typo is silent."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, AfterValidator(_check_query)] = Field(
        description=(
            f'The query, {ALLOWED["q"]}. Words; `"a phrase"`; `=word` or `="a phrase"` exactly '
            "as written; `+word` must and `-word` must not occur; `AND`, `OR`, `NOT` and "
            "parentheses; `title:word`; `كتا*` for words that begin so; `word~` for similar words."
        ),
        examples=["الحشد الشعبي"],
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUERY},
    )
    limit: int = Field(10, ge=1, le=MOST_HITS, description="The most hits to return.")
    offset: int = Field(
        0,
        ge=0,
        le=DEEPEST_HIT - 1,
        description=f"How many hits to leave out: {ALLOWED['offset']}.",
    )
    filters: list[Annotated[str, Field(min_length=1, max_length=LONGEST_FILTER)]] = Field(
        default_factory=list,
        alias="filter",
        max_length=MOST_FILTERS,
        description=(
            "A condition on a field, such as `source=واع`. May be repeated: all must hold."
        ),
        examples=[["source=واع"]],
    )
    sort: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_SORT,
        description="A field to sort by instead of the score; `-date` is newest first.",
        examples=["-date"],
    )
    snippets: int = Field(
        1, ge=0, le=MOST_SNIPPETS, description="The most passages to return for each hit."
    )

    @field_validator("offset")
    @classmethod
    def _check_depth(cls, offset: int, info: ValidationInfo) -> int:
        # A wrong limit is not in `data`; it has its own refusal.
        if offset + info.data.get("limit", 1) > DEEPEST_HIT:
            raise ValueError("the page lies too deep")
        return offset


class AnalyzeParameters(BaseModel):
    """The parameter of an analysis."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, AfterValidator(_check_text)] = Field(
        description=f"The text to analyse, {ALLOWED['text']}.",
        examples=["وَبِالكِتَابِ"],
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_TEXT},
    )


class HighlightModel(BaseModel):
    """Whole words that the query matched."""

    start: int = Field(description="Where they begin, in code points.", examples=[4])
    end: int = Field(description="Where they end, exclusive.", examples=[9])
    level: Literal["surface", "stem", "lemma", "synonym", "similar"] = Field(
        description="How they belong to the query: the form of the query, another one with the "
        "same stem, another form of the word, a synonym, or a word like one that no document holds."
    )


class SnippetModel(BaseModel):
    """A passage of a document's original text."""

    text: str = Field(description="The passage as written.", examples=["وصل الحشد الشعبي أمس."])
    start: int = Field(description="Where it begins in the text, in code points.", examples=[120])
    end: int = Field(description="Where it ends, exclusive.", examples=[141])
    highlights: list[HighlightModel] = Field(
        description="The matched words: sorted, not overlapping, counted from the start of `text`."
    )
    before: bool = Field(description="Whether the document's text goes on before the passage.")
    after: bool = Field(description="Whether it goes on after it.")
    html: str = Field(
        description="The passage as safe HTML: escaped, with `<mark>` and ellipses.",
        examples=["… وصل <mark>الحشد</mark> <mark>الشعبي</mark> أمس. …"],
    )


class HitModel(BaseModel):
    """One document that matched."""

    rank: int = Field(description="Its place among all hits, from 1.", examples=[1])
    id: str = Field(description="The document's name in the index.", examples=["news/17"])
    score: float | None = Field(description="Null when sorted by a field.", examples=[12.5])
    title: str = Field(examples=["قانون الحشد الشعبي"])
    title_highlights: list[HighlightModel] = Field(description="The matched words of the title.")
    url: str = Field(description="As stored, unchecked; may be empty.")
    date: str | None = Field(description="In UTC, ISO 8601.", examples=["2024-03-05T00:00:00"])
    fields: dict[str, str | float | list[str]] = Field(
        description="The stored extra fields.", examples=[{"source": "واع"}]
    )
    snippets: list[SnippetModel] = Field(description="The best passages, in the text's order.")


class TermModel(BaseModel):
    """One word of the query as it was searched."""

    text: str = Field(description="As typed.", examples=["والكُتب"])
    surface: str = Field(description="Its folded form.", examples=["والكتب"])
    stem: str = Field(description="Its light stem.", examples=["كتب"])
    lemma: str = Field(description="Its lemma; may be empty.", examples=["كتاب"])
    documents: int = Field(description="How many documents hold it.", examples=[42])
    similar: list[str] = Field(
        description="Stems like it that were searched where no document holds it."
    )
    synonyms: list[str] = Field(
        description="What else it, or it and the words behind it, was searched as.",
        examples=[["كانون الثاني"]],
    )


class SearchResponse(BaseModel):
    """The answer to a search."""

    query: str = Field(description="The query as it was understood.", examples=["الحشد الشعبي"])
    total: int = Field(description="How many documents match, on all pages.", examples=[37])
    offset: int = Field(description="The offset that was asked for.", examples=[0])
    took: float = Field(description="The time of the search in seconds.", examples=[0.0042])
    terms: list[TermModel] = Field(description="The words that were searched.")
    ignored: list[str] = Field(
        description="Words that were left out, such as stop words.", examples=[["في"]]
    )
    suggestions: list[str] = Field(
        description="Words of the index near those not found; filled when nothing matched."
    )
    hits: list[HitModel] = Field(description="The page that was asked for, best first.")


class TokenModel(BaseModel):
    """One word of a text and what the analysis makes of it."""

    start: int = Field(description="Where it begins in the text, in code points.", examples=[0])
    end: int = Field(description="Where it ends, exclusive.", examples=[12])
    text: str = Field(description="As written.", examples=["وَبِالكِتَابِ"])
    surface: str = Field(description="Its folded form.", examples=["وبالكتاب"])
    stem: str = Field(description="Its light stem.", examples=["كتاب"])
    why: str = Field(description="What the stemmer cut and why.")
    lemma: str = Field(description="The word of the dictionary that it belongs to.")
    proclitics: list[str] = Field(
        description="What was read as standing before its base.", examples=[["و", "ب", "ال"]]
    )
    base: str = Field(description="The form that leads to the lemma.", examples=["كتاب"])
    enclitic: str = Field(description="What was read as standing behind it.", examples=[""])
    rule: Literal["lexicon", "clitics", "stem", "light stem", "other"] = Field(
        description="What found the lemma: the lexicon, the lexicon without clitics or by the "
        "stem, or where it knows nothing the stem itself; `other` for words of other scripts."
    )
    reading: str = Field(
        description="The same in words.",
        examples=["و- + ب- + ال- + كتاب -> كتاب (in the lexicon without its clitics)"],
    )
    related_stems: list[str] = Field(
        description="Stems of other forms of its lemma, which a search for it covers.",
        examples=[["كتب"]],
    )
    synonyms: list[str] = Field(
        description="What it, or it and the words behind it, may be called; `=` before one that "
        "is searched in this form alone."
    )
    stopword: bool = Field(description="Whether it is too common to be searched.", examples=[False])


class AnalyzeResponse(BaseModel):
    """The words of a text, in order."""

    text: str = Field(description="The text that was sent.", examples=["وَبِالكِتَابِ"])
    tokens: list[TokenModel]


class HealthResponse(BaseModel):
    """The process lives."""

    status: Literal["ok"]
    version: str = Field(description="The version of searchd.", examples=["0.1.0"])


class ReadyResponse(BaseModel):
    """The index can be searched."""

    status: Literal["ready"]
    documents: int = Field(description="How many documents the index holds.", examples=[55])
    generation: int = Field(description="Grows with every commit to the index.", examples=[3])


class ErrorBody(BaseModel):
    """What is wrong, where, and what to do."""

    code: str = Field(description="A stable name, for programs.", examples=["query_syntax"])
    message: str = Field(
        description="For people.",
        examples=["the query has an error at character 13: the quotation mark is never closed"],
    )
    position: int | None = Field(
        None,
        description="`query_syntax` only: where in `q`, in code points from 0.",
        examples=[12],
    )
    parameter: str | None = Field(
        None, description="`invalid_parameter` only: the parameter's name."
    )


class ErrorResponse(BaseModel):
    """The shape of every error."""

    error: ErrorBody
