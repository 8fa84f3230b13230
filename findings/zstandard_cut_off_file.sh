#!/usr/bin/env bash
# zstandard: a .zst file that was cut off is read as if it ended there, without an error.
#
# Who reads a compressed file with gzip, bz2 or lzma gets EOFError where a download or a full disk cut
# it off. zstandard.open and ZstdDecompressor.stream_reader return the data before the cut and then
# b"", like at a real end, so half a corpus is indexed as if it were all of it. decompressobj() tells:
# its `eof` stays False.
#
# Shown: 1 MB of lines, stored with each library, without the last third of the file.
#   zstandard 0.25.0: fewer bytes, no error; decompressobj().eof is False
#   gzip, bz2, lzma of Python: EOFError
# Fails where zstandard raises, or one of the others does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/read.py" <<'PYTHON'
import bz2
import gzip
import io
import lzma

import zstandard

lines = b"".join(b"%d %d\n" % (n, n * 7919 % 1000003) for n in range(100_000))


def cut(data):
    return io.BytesIO(data[: len(data) * 2 // 3])


for name, library in {"gzip": gzip, "bz2": bz2, "lzma": lzma}.items():
    try:
        library.open(cut(library.compress(lines))).read()
    except EOFError:
        print(f"{name}: EOFError")
    else:
        raise SystemExit(f"{name} raises nothing")
stored = cut(zstandard.compress(lines))
found = zstandard.open(stored, "rb").read()
assert 0 < len(found) < len(lines), len(found)
assert lines.startswith(found)
print(f"zstandard {zstandard.__version__}: {len(found):,} of {len(lines):,} bytes, no error")
whole = zstandard.ZstdDecompressor().decompressobj()
whole.decompress(stored.getvalue())
assert not whole.eof
PYTHON
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip --disable-pip-version-check install --quiet "zstandard==0.25.0"
"$folder/env/bin/python" "$folder/read.py"
