#!/usr/bin/env bash
# watchfiles: one file whose Arabic name is in windows-1256 ends the watching of the whole folder.
#
# Archives of old Windows programs unpack to names in windows-1256, which Linux keeps as bytes; Python
# lists and opens them (as surrogates). watchfiles, which needs names in UTF-8, raises an error at the first
# change of such a file, so that changes of all other files are reported no more; a file of that name
# that only lies there does no harm until it changes. Who watches folders of strangers catches the error and
# looks at the files himself; starting anew helps until the next change.
#
# Shown: a change of كتاب.txt is reported where its name is in UTF-8, and raises an error where it is in
#   windows-1256, whether the folder had it before or not. watchfiles 1.3.0 on Linux (ext4, overlayfs).
# Fails where both are reported.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check watchfiles==1.3.0
cat >"$folder/watch.py" <<'PYTHON'
import os
import sys
import tempfile
import threading
import time
from importlib.metadata import version

from watchfiles import watch

print(f"watchfiles {version('watchfiles')}, Python {sys.version.split()[0]}, {sys.platform}")


def reported(name, *, is_there):
    """Return what a change of a file with a name, given as bytes, leads to."""
    folder = os.fsencode(tempfile.mkdtemp())
    path = os.path.join(folder, name)
    if is_there:
        open(path, "wb").close()

    def change():
        for number in range(10):
            time.sleep(0.3)
            with open(path, "ab") as file:
                file.write(b"x")

    threading.Thread(target=change, daemon=True).start()
    try:
        for changes in watch(os.fsdecode(folder), rust_timeout=8000, yield_on_timeout=True):
            return f"{len(changes)} change reported" if changes else "nothing reported"
    except Exception as error:
        return f"{type(error).__name__}: {str(error).rpartition('/')[2]}"


results = {
    (encoding, is_there): reported("كتاب.txt".encode(encoding), is_there=is_there)
    for encoding in ("utf-8", "cp1256")
    for is_there in (True, False)
}
for (encoding, is_there), result in results.items():
    print(f"  name in {encoding}, {'there before' if is_there else 'new'}: {result}")
assert all("reported" in results["utf-8", each] for each in (True, False))
assert all("Error" in results["cp1256", each] for each in (True, False))
PYTHON
"$folder/venv/bin/python" "$folder/watch.py"
