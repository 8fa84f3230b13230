"""The metrics of several processes as one text."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from searchd.service.workers.peers import merge

TEXT = b"""# HELP searchd_requests_total Requests that were answered.
# TYPE searchd_requests_total counter
searchd_requests_total{method="GET",status="200"} %d
# HELP searchd_request_duration_seconds Seconds.
# TYPE searchd_request_duration_seconds histogram
searchd_request_duration_seconds_bucket{le="+Inf"} %d
searchd_request_duration_seconds_count %d
searchd_request_duration_seconds_sum 0.5
# HELP searchd_index_documents Documents of the index.
# TYPE searchd_index_documents gauge
searchd_index_documents 7
"""


def samples(text: bytes) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels["worker"]): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_each_series_names_its_process() -> None:
    merged = merge({"1": TEXT % (3, 3, 3), "2": TEXT % (5, 5, 5)})
    found = samples(merged)
    assert found["searchd_requests_total", "1"] == 3
    assert found["searchd_requests_total", "2"] == 5
    assert found["searchd_request_duration_seconds_count", "2"] == 5
    assert found["searchd_index_documents", "1"] == 7
    assert merged.count(b"# TYPE searchd_requests_total counter\n") == 1


def test_a_process_that_does_not_answer_is_down() -> None:
    found = samples(merge({"1": TEXT % (3, 3, 3), "2": None}))
    assert (found["searchd_worker_up", "1"], found["searchd_worker_up", "2"]) == (1, 0)
    assert ("searchd_requests_total", "2") not in found


def test_requests_that_were_handed_over_count_once() -> None:
    found = samples(merge({"1": TEXT % (3, 3, 3), "writer": TEXT % (2, 2, 2)}))
    assert ("searchd_requests_total", "writer") not in found
    assert ("searchd_request_duration_seconds_count", "writer") not in found
    assert found["searchd_index_documents", "writer"] == 7
