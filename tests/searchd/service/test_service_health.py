"""The probes of the service, and its answers while the index or the lexicon cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

import searchd
from indexer.errors import IndexMissingError
from indexer.generation import GENERATION_FILE
from searchd._version import __version__
from tests.searchd.service.conftest import FailingEngine, client_over, error_of, make_index

if TYPE_CHECKING:
    from searchd.engine import Engine


class TestOperation:
    def test_health_does_not_touch_the_index(self) -> None:
        broken = client_over(FailingEngine(IndexMissingError("gone")))
        response = broken.get("/health")
        assert response.status_code == 200
        assert response.json() == {"status": "ok", "version": __version__}

    def test_ready_when_a_search_works(self, client: TestClient, engine: Engine) -> None:
        response = client.get("/ready")
        assert response.status_code == 200
        generation = engine.info().generation
        assert response.json() == {"status": "ready", "documents": 3, "generation": generation}

    @pytest.mark.parametrize("path", ["/ready", "/search?q=x"])
    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("index_missing", "there is no index at {directory}"),
            ("index_mismatch", "the index at {directory} has format 0"),
            ("index_damaged", "{directory}/searchd.json is not what searchd writes"),
            ("closed", "the engine was closed"),
        ],
    )
    def test_503_with_the_reason(self, tmp_path: Path, path: str, code: str, reason: str) -> None:
        make_index(tmp_path)
        with searchd.open(tmp_path) as engine:
            client = client_over(engine)
            assert client.get(path).status_code == 200
            metadata = tmp_path / GENERATION_FILE
            match code:
                case "index_missing":
                    metadata.unlink()
                case "index_mismatch":
                    metadata.write_text(
                        json.dumps(json.loads(metadata.read_text()) | {"format": 0})
                    )
                case "index_damaged":
                    metadata.write_text("{")
                case "closed":
                    engine.close()
            response = client.get(path)
        assert response.status_code == 503
        error = error_of(response)
        assert error["code"] == code
        assert reason.format(directory=tmp_path) in error["message"]

    @pytest.mark.parametrize("path", ["/ready", "/search?q=الكتب", "/analyze?text=الكتب"])
    def test_503_for_a_damaged_lexicon(
        self, tmp_path: Path, damaged_lexicon: Path, path: str
    ) -> None:
        make_index(tmp_path / "index")
        with searchd.open(tmp_path / "index") as engine:
            client = client_over(engine)
            response = client.get(path)
            assert client.get("/health").status_code == 200
        assert response.status_code == 503
        error = error_of(response)
        assert error["code"] == "analysis_unavailable"
        assert error["message"].startswith(f"{damaged_lexicon}: ")
        assert error["message"].endswith("; install searchd again")

    def test_503_is_documented(self, client: TestClient) -> None:
        paths = client.get("/openapi.json").json()["paths"]
        assert all("503" in paths[path]["get"]["responses"] for path in ("/search", "/analyze"))

    def test_ready_again_when_the_index_is_back(self, tmp_path: Path) -> None:
        make_index(tmp_path)
        with searchd.open(tmp_path) as engine:
            client = client_over(engine)
            (tmp_path / GENERATION_FILE).rename(tmp_path / "away")
            assert client.get("/ready").status_code == 503
            (tmp_path / "away").rename(tmp_path / GENERATION_FILE)
            assert client.get("/ready").status_code == 200
