"""Pydantic models of the requests and responses about stored documents."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from searchd.service.cursor_parameter import AFTER, CursorText
from searchd.service.models import (
    MAX_FILTER_LENGTH,
    MAX_FILTERS,
    MAX_PAGE_SIZE,
    MAX_QUERY_LENGTH,
    MAX_SORT_LENGTH,
    PlaceModel,
    TermModel,
    check_query,
)

MAX_WINDOW = 200_000
"""Code points of the text of one document in a response: it bounds its time and its size."""

MAX_LISTED_TEXT = 20_000
"""Code points of the text of each document of a list."""

DocumentId = Annotated[
    str,
    Path(
        alias="id",
        description="The id of the document, percent-encoded; a slash may stay as it is.",
        examples=["wire-001"],
    ),
]
"""The parameter of a route whose path has the id of a document."""

_Level = Literal["surface", "stem", "lemma", "synonym", "similar"]


class DocumentParameters(BaseModel):
    """The parameters of `GET /documents/{id}`. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, AfterValidator(check_query)] | None = Field(
        None,
        description="A query, of which every match in the document is returned.",
        examples=["لجنة الأمن"],
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUERY_LENGTH},
    )
    start: int = Field(0, ge=0, description="Where the returned part of the text begins.")
    length: int = Field(
        MAX_WINDOW, ge=0, le=MAX_WINDOW, description="Code points of the text to return, at most."
    )


class DocumentsParameters(BaseModel):
    """The parameters of `GET /documents`. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, AfterValidator(check_query)] | None = Field(
        None,
        description="Only the documents that match this query; without it, all.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUERY_LENGTH},
    )
    limit: int = Field(10, ge=1, le=MAX_PAGE_SIZE, description="The largest number of documents.")
    after: CursorText | None = Field(None, description=AFTER)
    filters: list[Annotated[str, Field(min_length=1, max_length=MAX_FILTER_LENGTH)]] = Field(
        default_factory=list,
        alias="filter",
        max_length=MAX_FILTERS,
        description="A condition on a field, as in `/search`. May be repeated.",
        examples=[["category=news"]],
    )
    sort: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_SORT_LENGTH,
        description="Fields to sort by, as in `/search`; without it the order of the index. A cursor in "
        "the order of the index, or of the score, ends with the next commit.",
        examples=["title"],
    )
    length: int = Field(
        MAX_LISTED_TEXT,
        ge=0,
        le=MAX_LISTED_TEXT,
        description="Code points of the text of each document, at most.",
    )


class MatchModel(BaseModel):
    """A range of whole words of a document that matched the query."""

    start: int = Field(description="Start of the range, in code points.", examples=[660])
    end: int = Field(description="End of the range, exclusive.", examples=[664])
    level: _Level = Field(description="How closely the words match, as in a highlight.")
    term: int = Field(
        description="The word or phrase of the query: its number in `terms`, from 0.", examples=[0]
    )


class DocumentModel(BaseModel):
    """A stored document, or a part of a long one, with the matches of a query."""

    id: str = Field(description="The id of the document.", examples=["wire-001"])
    title: str = Field(examples=["وزارة الدفاع: طائرات F16 في قاعدة بلد جاهزة"])
    title_matches: list[MatchModel] = Field(description="The matches in the title.")
    url: str = Field(
        description="The stored URL; may be empty.", examples=["https://example.org/wire/001"]
    )
    date: str | None = Field(
        description="The date in UTC, ISO 8601; null if there is none.",
        examples=["2021-07-11T00:00:00+00:00"],
    )
    fields: dict[str, str | float | list[str]] = Field(
        description="The stored extra fields.", examples=[{"category": "news"}]
    )
    field_matches: dict[str, list[MatchModel]] = Field(
        description="The matches in extra text fields, by the name of the field."
    )
    text: str = Field(description="The text as it was given, from `start` to before `end`.")
    start: int = Field(description="Where `text` begins in the whole text.", examples=[0])
    end: int = Field(description="Where it ends, exclusive.")
    length: int = Field(description="Code points of the whole text.")
    places: list[PlaceModel] = Field(
        description="The pages or other places of `text`, from the one in which it begins; empty for "
        "a document without any."
    )
    matches: list[MatchModel] = Field(
        description="The matches that begin in `text`: sorted, not overlapping, as offsets into the "
        "whole text."
    )
    previous_match: int | None = Field(
        description="Where the last match before `start` begins; null for none."
    )
    next_match: int | None = Field(
        description="Where the first match from `end` on begins; null for none."
    )
    terms: list[TermModel] = Field(description="The words of the query; empty without one.")


class ListedDocumentModel(BaseModel):
    """A document of a list."""

    id: str = Field(description="The id of the document.", examples=["wire-001"])
    title: str = Field(examples=["وزارة الدفاع: طائرات F16 في قاعدة بلد جاهزة"])
    url: str = Field(description="The stored URL; may be empty.")
    date: str | None = Field(
        description="The date in UTC, ISO 8601; null if there is none.",
        examples=["2021-07-11T00:00:00+00:00"],
    )
    fields: dict[str, str | float | list[str]] = Field(
        description="The stored extra fields.", examples=[{"category": "news"}]
    )
    text: str = Field(description="The text, or the beginning of a longer one.")
    complete: bool = Field(description="Whether `text` is the whole text.", examples=[True])


class DocumentsResponse(BaseModel):
    """A page of stored documents."""

    total: int = Field(description="Number of documents on all pages.", examples=[70])
    cursor: str | None = Field(
        description="What to send as `after` for the next page; null on the last one."
    )
    documents: list[ListedDocumentModel] = Field(description="The documents of this page.")
