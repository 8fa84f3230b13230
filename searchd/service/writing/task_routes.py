"""The routes of tasks: changes of indexes that were not waited for, and those that were."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Request

from searchd.api_keys import ANY_INDEX
from searchd.service.authorization import GUARDED, authorization_of
from searchd.service.error_models import ErrorResponse
from searchd.service.request_errors import ConflictError, TaskNotFoundError
from searchd.service.writing.models import TaskModel, TasksParameters, TasksResponse
from searchd.service.writing.other_sites import refuse_other_sites
from searchd.service.writing.tasks import ENDED, TaskState, WriteTask
from searchd.service.writing.write_queue import WriteQueue

_RESPONSES: dict[int | str, dict[str, Any]] = {
    **GUARDED,
    422: {"model": ErrorResponse, "description": "A parameter is unknown or out of range."},
}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {
        "model": ErrorResponse,
        "description": "There is no such task, or it is forgotten (`task_not_found`).",
    },
}
_Id = Annotated[str, Path(alias="id", description="The id of the task.", examples=["9f86d081"])]


def add_task_routes(app: FastAPI, queue: WriteQueue) -> None:
    """Add the routes of the tasks of a queue."""
    guards = [Depends(refuse_other_sites)]

    def get(request: Request, task_id: str) -> WriteTask:
        authorization = authorization_of(request.app)
        try:
            found = queue.tasks.get(task_id)
        except TaskNotFoundError:
            authorization.identify(request, "documents")  # only who may ask is told
            raise
        authorization.check(request, "documents", found.index)
        return found

    @app.get(
        "/tasks",
        responses=_RESPONSES,
        dependencies=guards,
        tags=["tasks"],
        summary="List tasks",
    )
    async def tasks(
        request: Request, parameters: Annotated[TasksParameters, Query()]
    ) -> TasksResponse:
        """Return tasks, the newest first. They are kept until the service ends.

        A key that is bound to some indexes sees the tasks of these: give `index` with it.
        """
        name = ANY_INDEX if parameters.index is None else parameters.index
        authorization_of(request.app).check(request, "documents", name)
        state = TaskState(parameters.state) if parameters.state else None
        found = queue.tasks.list(index=parameters.index, state=state, limit=parameters.limit)
        return TasksResponse(tasks=list(map(task_model, found)))

    @app.get(
        "/tasks/{id}",
        responses=_RESPONSES | _NOT_FOUND,
        dependencies=guards,
        tags=["tasks"],
        summary="Get a task",
    )
    async def task(request: Request, task_id: _Id) -> TaskModel:
        """Return a task: how far it is, and what it did."""
        return task_model(get(request, task_id))

    @app.delete(
        "/tasks/{id}",
        responses=_RESPONSES
        | _NOT_FOUND
        | {409: {"model": ErrorResponse, "description": "It has ended already (`conflict`)."}},
        dependencies=guards,
        tags=["tasks"],
        summary="Cancel a task",
    )
    async def cancel_task(request: Request, task_id: _Id) -> TaskModel:
        """Cancel a task that waits or reads documents: it changes nothing.

        It ends with the next record. Where it writes already what it has read, it succeeds.
        """
        found = get(request, task_id)
        if found.state in ENDED:
            raise ConflictError(f"the task {task_id} has ended: it {found.state}")
        found.is_cancelled = True
        return task_model(found)


def task_model(task: WriteTask) -> TaskModel:
    """Return a task as it is answered."""
    return TaskModel.model_validate(
        {
            "id": task.id,
            "kind": task.kind,
            "index": task.index,
            "state": task.state.value,
            "records": task.records,
            "queued": task.queued,
            "started": task.started,
            "ended": task.ended,
            "result": task.result,
            "error": task.error,
        }
    )
