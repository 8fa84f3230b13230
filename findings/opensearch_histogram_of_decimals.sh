#!/usr/bin/env bash
# OpenSearch: a histogram with a decimal interval puts numbers at its bounds one interval too low.
#
# The interval of a number is the floor of number / interval in binary floating point: 0.3 / 0.1 is
# 2.9999999999999996. So 0.3 is counted in the interval that begins at 0.2, while "range" with the bounds 0.3 and
# 0.4 has it. Counts that must agree with the filters that they lead to are counted by ranges: the minimum and
# the maximum of each interval tell where that matters.
#
# Shown: the documents 0.2, 0.3 and 0.7 in a histogram of 0.1, and 0.3 in a range from 0.3.
#   OpenSearch 2.19.6 and 3.9.0: 0.3 is in the interval of 0.2, 0.7 in that of 0.6
# Fails where they are in their own intervals. Needs Maven and a JDK.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
touch "$folder/node"
python3 -m tests.cluster.nodes --nodes 1 --version "${1:-2.19.6}" >"$folder/node" &
node=$!
trap 'kill $node; wait $node || true; rm -rf "$folder"' EXIT
until grep -q http "$folder/node"; do
    kill -0 $node
    sleep 1
done
cat >"$folder/histogram.py" <<'PYTHON'
import json
import sys
import urllib.request


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(sys.argv[1] + path, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


print("OpenSearch", ask("GET", "/")["version"]["number"])
ask("PUT", "/prices", {"mappings": {"properties": {"price": {"type": "double"}}}})
for price in (0.2, 0.3, 0.7):
    ask("PUT", f"/prices/_doc/{price}?refresh=true", {"price": price})
greatest = {"greatest": {"max": {"field": "price"}}}
histogram = {"field": "price", "interval": 0.1, "min_doc_count": 1}
ranges = {"field": "price", "ranges": [{"from": 0.3, "to": 0.4}]}
answer = ask(
    "POST",
    "/prices/_search",
    {
        "size": 0,
        "aggs": {
            "tenths": {"histogram": histogram, "aggs": greatest},
            "from .3": {"range": ranges},
        },
    },
)["aggregations"]
tenths = [
    (round(bucket["key"], 6), bucket["doc_count"], bucket["greatest"]["value"])
    for bucket in answer["tenths"]["buckets"]
]
print("intervals, documents, the greatest of them:", tenths)
print("from 0.3 to before 0.4:", answer["from .3"]["buckets"][0]["doc_count"])
assert tenths == [(0.2, 2, 0.3), (0.6, 1, 0.7)], tenths
assert answer["from .3"]["buckets"][0]["doc_count"] == 1
PYTHON
python3 "$folder/histogram.py" "$(grep -o 'http://[0-9.:]*' "$folder/node")"
