"""Pydantic models of facets and groups in the answer of a search."""

from __future__ import annotations

from pydantic import BaseModel, Field


class FacetValueModel(BaseModel):
    """A value of a field, and the documents of the result that have it."""

    value: str = Field(
        description="A keyword as a document writes it, a number, the beginning of an interval, or a "
        "range.",
        examples=["news"],
    )
    count: int = Field(description="Number of documents.", examples=[2])
    filter: str = Field(
        description="The filter that asks for these documents.", examples=["category = news"]
    )


class FacetModel(BaseModel):
    """The values of one field in the result."""

    field: str = Field(examples=["category"])
    values: list[FacetValueModel] = Field(description="The values, in the order of the facet.")
    others: int = Field(description="Number of values that the limit left out.", examples=[0])
    documents: int = Field(
        description="Number of documents that were counted: the result, and those that only facet "
        "filters of this field leave out.",
        examples=[2],
    )
    missing: int = Field(description="How many of them have no value.", examples=[0])
    least: str | None = Field(
        description="The least number or date that was found; null for keywords."
    )
    greatest: str | None = Field(description="The greatest one; null for keywords.")


class GroupModel(BaseModel):
    """The documents of the result with one value; the page has the best of them."""

    value: str | None = Field(
        description="The value as its best hit writes it; null for a document without one.",
        examples=["news"],
    )
    documents: int = Field(description="Number of documents with this value.", examples=[2])
    start: int = Field(description="Index of its first hit in `hits`, from 0.", examples=[0])
    end: int = Field(description="Index after its last hit.", examples=[2])
