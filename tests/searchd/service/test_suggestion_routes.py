"""`GET /suggest`, `GET /documents/{id}/similar` and corrections over HTTP."""

from __future__ import annotations

from starlette.testclient import TestClient

from searchd.engine import Engine


def test_suggestions_are_those_of_the_engine(client: TestClient, engine: Engine) -> None:
    response = client.get("/suggest", params={"q": "ال", "limit": 3})
    assert response.status_code == 200
    expected = [each._asdict() for each in engine.suggest("ال", limit=3)]
    assert expected
    assert response.json() == {"text": "ال", "suggestions": expected}
    of_titles = client.get("/suggest", params={"q": "ال", "field": "title"}).json()
    assert of_titles["suggestions"] == [
        each._asdict() for each in engine.suggest("ال", field="title")
    ]


def test_wrong_parameters_of_suggestions(client: TestClient) -> None:
    for parameters, name in (
        ({}, "q"),
        ({"q": " "}, "q"),
        ({"q": "ا", "limit": 21}, "limit"),
        ({"q": "ا", "field": "nothing"}, "field"),
        ({"q": "ا", "other": 1}, "other"),
    ):
        response = client.get("/suggest", params=parameters)
        error = response.json()["error"]
        assert (response.status_code, error["code"], error["parameter"]) == (
            422,
            "invalid_parameter",
            name,
        )


def test_similar_documents(client: TestClient, engine: Engine) -> None:
    response = client.get("/documents/law/similar", params={"limit": 2})
    assert response.status_code == 200
    answer = response.json()
    expected = engine.similar("law", limit=2).to_dict()
    assert {**answer, "took": 0} == {**expected, "took": 0}


def test_an_unknown_document(client: TestClient) -> None:
    response = client.get("/documents/no/such/similar")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "document_not_found"


def test_the_correction_of_a_search(client: TestClient, engine: Engine) -> None:
    query = "قانوون"
    correction = engine.correct(query)
    assert correction is not None
    answer = client.get("/search", params={"q": query}).json()
    assert answer["correction"] == correction.to_dict()
    answer = client.get("/search", params={"q": query, "correct": "never"}).json()
    assert answer["correction"] is None
    response = client.get("/search", params={"q": query, "correct": "yes"})
    assert response.json()["error"]["parameter"] == "correct"
