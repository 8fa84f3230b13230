"""Pydantic models of the requests about indexes and aliases, and of their answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from indexer.fields import MAX_TITLE_WEIGHT
from searchd.service.models import SearchResponse

MAX_FIELDS = 200
MAX_SEARCHES = 20


class FieldModel(BaseModel):
    """A field of an index."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100, description="Its name.", examples=["category"])
    type: Literal["keyword", "text", "number", "date"] | None = Field(
        None,
        description="Its type: `keyword` where none is given; that of id, title, text, date and url is "
        "fixed.",
        examples=["keyword"],
    )
    column: str = Field(
        "",
        max_length=200,
        description="The member of a document that it is read from, by default that of its name; of "
        "one within another with a dot (`author.name`).",
    )


class IndexSettings(BaseModel):
    """What shapes an index. It cannot be changed later: make another index, and an alias."""

    model_config = ConfigDict(extra="forbid")

    fields: list[FieldModel] = Field(
        default_factory=list,
        max_length=MAX_FIELDS,
        description="The fields besides id, title, text, date and url, and other columns of these.",
        examples=[[{"name": "category", "type": "keyword"}]],
    )
    title_weight: Annotated[int, Field(ge=1, le=MAX_TITLE_WEIGHT)] | None = Field(
        None, description="How many times a word of the title counts; 3 where none is given."
    )


class DescribedField(BaseModel):
    """A field of an index, with its type and column."""

    name: str = Field(description="Its name.", examples=["category"])
    type: Literal["keyword", "text", "number", "date"] = Field(
        description="Its type.", examples=["keyword"]
    )
    column: str = Field(description="The member of a document that it is read from.")


class IndexModel(BaseModel):
    """An index."""

    name: str = Field(description="Its name.", examples=["news"])
    documents: int = Field(description="The number of its documents.", examples=[70])
    bytes: int = Field(description="Its size on disk.")
    generation: int = Field(description="The number of its last commit.", examples=[1])
    created: str = Field(description="When it was made or rebuilt, in UTC.")
    title_weight: int = Field(
        description="How many times a word of the title counts.", examples=[3]
    )
    fields: list[DescribedField] = Field(
        description="The fields besides id, title, text, date, url."
    )
    aliases: list[str] = Field(description="The aliases that name it.", examples=[["daily"]])


class IndexEntry(BaseModel):
    """An index of the list."""

    name: str = Field(description="Its name.", examples=["news"])
    aliases: list[str] = Field(description="The aliases that name it.", examples=[["daily"]])


class IndexesResponse(BaseModel):
    """The indexes of the service in the order of their names."""

    indexes: list[IndexEntry] = Field(description="The indexes.")


class DeletedModel(BaseModel):
    """What was deleted."""

    deleted: str = Field(description="Its name.", examples=["news"])


class AliasSettings(BaseModel):
    """What an alias is to name."""

    model_config = ConfigDict(extra="forbid")

    index: str = Field(description="The name of an index.", examples=["news"])


class AliasModel(BaseModel):
    """An alias."""

    alias: str = Field(description="Its name.", examples=["daily"])
    index: str = Field(description="The index that it names.", examples=["news"])


class ChangedAlias(AliasModel):
    """An alias that was set."""

    before: str | None = Field(
        description="The index that it named before this request, null for none."
    )


class AliasesResponse(BaseModel):
    """The aliases of the service in the order of their names."""

    aliases: list[AliasModel] = Field(description="The aliases.")


class CatalogReadyResponse(BaseModel):
    """The indexes can be listed."""

    status: Literal["ready"]
    indexes: int = Field(description="How many indexes there are.", examples=[1])


class MultiSearchRequest(BaseModel):
    """Searches of one or several indexes."""

    model_config = ConfigDict(extra="forbid")

    searches: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=MAX_SEARCHES,
        description="Each has `index`, the name of an index or alias, and the parameters of "
        "`GET /search` by their names; those that may be repeated are lists.",
        examples=[[{"index": "news", "q": "البرلمان", "limit": 5}]],
    )


class IndexResults(BaseModel):
    """The results of one search."""

    index: str = Field(description="The index that was searched.", examples=["news"])
    results: SearchResponse = Field(description="What `GET /search` would answer.")


class MultiSearchResponse(BaseModel):
    """The results of each search, in the order of the searches.

    They are not mixed: scores of different indexes cannot be compared.
    """

    results: list[IndexResults] = Field(description="The results of each search.")
