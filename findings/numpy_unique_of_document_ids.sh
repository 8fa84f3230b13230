#!/usr/bin/env bash
# numpy.unique of document ids: a hash table since NumPy 2.3, and many times slower than sorting.
#
# Who merges postings lists writes np.unique(np.concatenate(lists)), and expects the price of a sort.
# Up to NumPy 2.2 that is what it costs. Since 2.3 the values of an integer array are first put into
# a hash table. Where most of them differ, as document ids do, that takes many times as long as
# sorting them, also where the input is sorted already. np.unique(..., return_counts=True) still
# sorts.
#
# Shown: 300,000 ids, of which nine in ten differ; each call beside np.sort in the same process.
#   NumPy 2.2.6: about 1 time the time of a sort and a comparison of neighbours
#   NumPy 2.4.6: more than 10 times (80 times was seen)
# Fails where 2.2.6 needs more than 5 times, or 2.4.6 fewer than 5.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/measure.py" <<'PYTHON'
import time
import numpy as np

ids = np.random.default_rng(1).integers(0, 1_200_000, 300_000)


def by_sorting(values):
    ordered = np.sort(values)
    is_new = np.ones(ordered.size, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]


def best(function):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        function(ids)
        times.append(time.perf_counter() - start)
    return min(times)


assert np.array_equal(np.unique(ids), by_sorting(ids))
print(f"{best(np.unique) / best(by_sorting):.1f}")
PYTHON
for version in 2.2.6 2.4.6; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/python" -m pip --disable-pip-version-check install --quiet "numpy==$version"
    ratio=$("$folder/$version/bin/python" "$folder/measure.py")
    echo "NumPy $version: np.unique takes $ratio times the time of sorting"
    case $version in
        2.2.6) awk -v ratio="$ratio" 'BEGIN { exit !(ratio < 5) }' ;;
        *) awk -v ratio="$ratio" 'BEGIN { exit !(ratio > 5) }' ;;
    esac
done
