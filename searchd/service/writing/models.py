"""Pydantic models of the requests that change an index, and of their answers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from searchd.service.error_models import ErrorBody
from searchd.service.models import (
    MAX_FILTER_LENGTH,
    MAX_FILTERS,
    MAX_PREFIX_LENGTH,
    MAX_QUERY_LENGTH,
    MAX_SORT_LENGTH,
)
from searchd.service.writing.limits import MAX_ERRORS

MAX_IDS = 100_000
"""The ids of one request to delete documents; more are sent in several."""

MAX_NAME_LENGTH = 512
"""The characters of the name of a file, which is the id of its document where it has only one."""


class WaitParameters(BaseModel):
    """Whether an answer comes after the change."""

    model_config = ConfigDict(extra="forbid")

    wait: bool = Field(
        True,
        description="Whether to answer when the change is done. With `false` the answer comes when "
        "the body has arrived: 202 with a task, which `/tasks/{id}` tells more of.",
    )


class WriteParameters(WaitParameters):
    """The parameters of a request that writes documents."""

    on_error: Literal["stop", "skip"] = Field(
        "stop",
        description="What to do with a bad record: `stop` changes nothing and answers 400, `skip` "
        "leaves it out and names it in `errors`.",
    )
    repair: Literal["auto", "report", "off"] = Field(
        "auto",
        description="What to do about damaged text (visual order, mojibake, HTML entities): mend "
        "what is certain, only count it, or not look for it.",
    )
    id_prefix: str = Field(
        "",
        max_length=MAX_PREFIX_LENGTH,
        description="What every id is to begin with, to tell sources apart.",
    )


class UpdateParameters(WaitParameters):
    """The parameters of a request that updates documents."""

    on_error: Literal["stop", "skip"] = Field(
        "stop",
        description="What to do with a bad record: `stop` changes nothing and answers 400, `skip` "
        "leaves it out and names it in `errors`.",
    )
    repair: Literal["auto", "report", "off"] = Field(
        "auto", description="What to do about damage in a title or text that is given."
    )


class FileParameters(WriteParameters):
    """The parameters of a request that sends a file."""

    name: str = Field(
        min_length=1,
        max_length=MAX_NAME_LENGTH,
        description="The name of the file, which may have folders: the id of its document where it "
        "has only one. It decides the kind where the content could be of several.",
        examples=["reports/2024.csv"],
    )
    records: str = Field(
        "",
        max_length=MAX_SORT_LENGTH,
        description="The way to the records of a JSON or XML file, such as `data.items`.",
    )
    table: str = Field(
        "", max_length=MAX_SORT_LENGTH, description="The table of a database that is read."
    )
    row_ids: bool = Field(
        False, description="Whether the id of a record is the number of its row in the file."
    )


class DeleteRequest(BaseModel):
    """Which documents to delete: those of `ids`, or all of a query and filters."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] | None = Field(
        None, max_length=MAX_IDS, description="Ids of documents.", examples=[["wire-001"]]
    )
    q: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_QUERY_LENGTH,
        description="A query, all of whose documents are deleted; `*` is every document.",
    )
    filter: list[Annotated[str, Field(min_length=1, max_length=MAX_FILTER_LENGTH)]] | None = Field(
        None,
        max_length=MAX_FILTERS,
        description="Conditions that must all hold. Without `q` they alone decide.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.ids is None) == (self.q is None and not self.filter):
            raise ValueError("give either ids, or q, filter or both")
        return self


class RecordErrorModel(BaseModel):
    """A record that was left out."""

    record: int = Field(description="The number of the record in the body, from 0.", examples=[1])
    origin: str = Field(
        description="Where it is: the body or the file, and the line.", examples=["body:2"]
    )
    reason: str = Field(
        description="What is wrong with it.",
        examples=["the column 'text' holds an object; give it a text, a number or a list of texts"],
    )


class DamageModel(BaseModel):
    """Documents with one kind of damage."""

    found: int = Field(description="How many have it.", examples=[1])
    repaired: int = Field(description="In how many it was mended.", examples=[1])


class IndexState(BaseModel):
    """What an index is after a change, as it is searched from then on."""

    documents: int = Field(description="The documents of the index.", examples=[2])
    generation: int = Field(description="The number of the last commit of the index.", examples=[2])
    took: float = Field(description="Seconds that the change took.")


class WriteResponse(IndexState):
    """What was written."""

    added: int = Field(description="New documents.", examples=[1])
    replaced: int = Field(description="Documents that took the place of others.", examples=[0])
    unchanged: int = Field(
        description="Documents that the index has already, which were not written.", examples=[0]
    )
    failed: int = Field(description="Records that were left out.", examples=[1])
    errors: list[RecordErrorModel] = Field(
        description=f"The records that were left out, up to {MAX_ERRORS:,} of them."
    )
    damaged: int = Field(description="Documents with damaged text.", examples=[1])
    damage: dict[str, DamageModel] = Field(description="The kinds of damage.")


class DeleteResponse(IndexState):
    """What was deleted."""

    deleted: int = Field(description="The documents that were deleted.", examples=[1])
    missing: list[str] = Field(
        description="The ids that the index does not have.", examples=[["none"]]
    )


class TaskModel(BaseModel):
    """A change of an index, kept until the service ends."""

    id: str = Field(description="Its id.", examples=["9f86d081884c7d65"])
    kind: Literal["add", "update", "delete", "file"] = Field(
        description="What it does.", examples=["add"]
    )
    index: str = Field(description="The name of the index.", examples=["news"])
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"] = Field(
        description="How far it is. What a task did that succeeded is stored, and outlives the "
        "service.",
        examples=["succeeded"],
    )
    records: int = Field(description="The records that were read so far.", examples=[1])
    queued: str = Field(description="When its body had arrived, in UTC.")
    started: str | None = Field(description="When it began.")
    ended: str | None = Field(description="When it ended.")
    result: WriteResponse | DeleteResponse | None = Field(
        description="What would have been the answer, of a task that succeeded."
    )
    error: ErrorBody | None = Field(description="What went wrong, of a task that failed.")


class TasksResponse(BaseModel):
    """Tasks, the newest first."""

    tasks: list[TaskModel] = Field(description="The tasks.")


class TasksParameters(BaseModel):
    """Which tasks to list."""

    model_config = ConfigDict(extra="forbid")

    index: str | None = Field(None, max_length=MAX_SORT_LENGTH, description="Only of this index.")
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"] | None = Field(
        None, description="Only those in this state."
    )
    limit: int = Field(100, ge=1, le=100, description="The largest number of tasks.")
