"""Pydantic models of suggestions and of similar documents."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from searchd.search_arguments import MOST_HITS, MOST_SUGGESTIONS
from searchd.service.models import (
    ALLOWED,
    MAX_FILTER_LENGTH,
    MAX_FILTERS,
    MAX_PAGE_SIZE,
    MAX_QUERY_LENGTH,
    MAX_SNIPPETS,
    HitModel,
    check_query,
)


class SuggestParameters(BaseModel):
    """The parameters of `GET /suggest`."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, AfterValidator(check_query)] = Field(
        description=f"What was typed, {ALLOWED['q']}. A space at the end asks for the next word.",
        examples=["الحشد الش"],
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUERY_LENGTH},
    )
    limit: int = Field(
        10, ge=1, le=MOST_SUGGESTIONS, description="The largest number of suggestions."
    )
    field: str = Field(
        "",
        max_length=100,
        description="The text field whose words are suggested; by default title and text.",
    )


class SuggestionModel(BaseModel):
    """A text that completes what was typed."""

    text: str = Field(description="The text, to search for.", examples=["الحشد الشعبي"])
    frequency: int = Field(
        description="About how often documents have the word or phrase that completes it; 0 where "
        "they do not have this word after the one before it.",
        examples=[3],
    )


class SuggestResponse(BaseModel):
    """Texts that complete what was typed, the likeliest first."""

    text: str = Field(description="What was typed.", examples=["الحشد الش"])
    suggestions: list[SuggestionModel]


class SimilarParameters(BaseModel):
    """The parameters of `GET /documents/{id}/similar`."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(10, ge=1, le=MAX_PAGE_SIZE, description="The largest number of hits.")
    offset: int = Field(
        0,
        ge=0,
        le=MOST_HITS - MAX_PAGE_SIZE,
        description="The number of hits to skip.",
    )
    filters: list[Annotated[str, Field(min_length=1, max_length=MAX_FILTER_LENGTH)]] = Field(
        default_factory=list,
        alias="filter",
        max_length=MAX_FILTERS,
        description="A condition on a field, as in `/search`. May be repeated.",
        examples=[["category=news"]],
    )
    snippets: int = Field(
        1, ge=0, le=MAX_SNIPPETS, description="The largest number of snippets of a hit."
    )


class TellingTermModel(BaseModel):
    """A word by which documents like another were found."""

    text: str = Field(description="The word as that document has it.", examples=["طائرات"])
    stem: str = Field(description="Its stem, which was searched.", examples=["طايره"])
    documents: int = Field(description="Number of documents with the stem.", examples=[2])
    weight: float = Field(description="How much it counts; 1 for the word that tells most.")


class SimilarResponse(BaseModel):
    """The documents most like one."""

    id: str = Field(description="The id of that document.", examples=["wire-001"])
    total: int = Field(description="Number of documents with any of the words.", examples=[46])
    offset: int = Field(description="The offset of the request.", examples=[0])
    took: float = Field(description="Time of the search in seconds.")
    terms: list[TellingTermModel] = Field(description="The words that tell most about it.")
    hits: list[HitModel] = Field(description="The hits of this page, the most like it first.")
