#!/usr/bin/env bash
# tarfile of Python: a TAR file that is damaged or cut off at a header is read as if it ended there.
#
# TarFile.next() and iteration raise for a damaged header only at the start of the file. Any later one
# is taken for the end, without an error, so that half an archive is indexed as if it were all of it
# ("tar -t" of GNU tar reports it and exits with 2). `offset` tells: after the last member a sound file
# has a block of zeros there, or nothing.
#
# Shown: an archive of three files of which the second header is damaged, or cut off in the middle.
#   Python 3.11.7, 3.12.1 and 3.13.0: one name, no error; the block at `offset` is not empty
# It runs with python3 and needs no package. Fails where tarfile raises.
set -euo pipefail
python3 - <<'PYTHON'
import io
import platform
import tarfile

made = io.BytesIO()
with tarfile.open(fileobj=made, mode="w") as archive:
    for name in ("a.txt", "b.txt", "c.txt"):
        info = tarfile.TarInfo(name)
        info.size = 512
        archive.addfile(info, io.BytesIO(b"x" * 512))
sound = made.getvalue()
cases = {
    "damaged": sound[:1024] + b"U" * 512 + sound[1536:],
    "cut off": sound[:1324],
}


def read(data):
    stream = io.BytesIO(data)
    with tarfile.open(fileobj=stream) as archive:
        names = [member.name for member in archive]
        stream.seek(archive.offset)
        return names, stream.read(512).strip(b"\0")


assert read(sound) == (["a.txt", "b.txt", "c.txt"], b"")
for case, data in cases.items():
    names, rest = read(data)
    assert names == ["a.txt"], names
    assert rest
    print(f"Python {platform.python_version()}, {case}: {names}, no error")
PYTHON
