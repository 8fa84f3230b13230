"""Pydantic models of the query that was likely meant by one with typing errors."""

from __future__ import annotations

from pydantic import BaseModel, Field


class CorrectedWordsModel(BaseModel):
    """Words of the query that were likely meant to be others."""

    start: int = Field(description="Start in the query, in code points.", examples=[0])
    end: int = Field(description="End, exclusive.", examples=[5])
    typed: str = Field(description="What the query has there.", examples=["الحشذ"])
    corrected: str = Field(description="What was likely meant.", examples=["الحشد"])


class CorrectionModel(BaseModel):
    """The query that was likely meant."""

    text: str = Field(
        description="The query with its errors mended; operators, fields and quotation marks are "
        "those of the request.",
        examples=["الحشد الشعبي"],
    )
    changes: list[CorrectedWordsModel] = Field(description="What it changes, in order.")
