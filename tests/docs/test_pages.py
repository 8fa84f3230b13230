"""Every command and program of the pages does what the page says, over the sample corpus."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.examples import (
    NOT_RUN,
    PAGES,
    PAGES_NOT_RUN,
    Block,
    Session,
    alike,
    blocks,
    commands,
)

WITHOUT_INDEX = {"README.md", "tutorial.md"}
"""Pages that make the index themselves; the others go on from there."""

RUN = [page for page in PAGES if blocks(page) and page.name not in PAGES_NOT_RUN]


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_every_example_runs(sample: Path, tmp_path: Path, page: Path) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(sample, folder)
    if page.name in WITHOUT_INDEX:
        shutil.rmtree(folder / "searchd-index")
    with Session(folder) as session:
        for block in blocks(page):
            session.run(block)


def test_only_what_is_needed_is_not_run() -> None:
    written = [
        command
        for page in RUN
        for block in blocks(page)
        if block.language == "sh"
        for _line, command in commands(block.text)
    ]
    for beginning in NOT_RUN:
        assert any(command.startswith(beginning) for command in written), beginning
    assert set(PAGES_NOT_RUN) <= {page.name for page in PAGES if blocks(page)}


def test_the_readme_and_the_tutorial_are_among_them() -> None:
    assert {"README.md", "tutorial.md"} <= {page.name for page in RUN}


PAGE = """
```sh
searchd info   # what there is
printf '%s\\n' \\
  one
cat <<'END'
a 'b
END
```

It prints

```
b
```

```python
x = 1
```

```json
{}
```

```text
x
```
"""


def test_blocks_have_the_output_that_follows_them(tmp_path: Path) -> None:
    shell, python = _blocks_of(PAGE, tmp_path)
    assert (shell.line, shell.output, python.output) == (3, "b\n", None)
    assert [command for _line, command in commands(shell.text)] == [
        "searchd info   # what there is",
        "printf '%s\\n' \\\n  one",
        "cat <<'END'\na 'b\nEND",
    ]


def _blocks_of(text: str, folder: Path) -> list[Block]:
    page = folder / "page.md"
    page.write_text(text, "utf-8")
    return blocks(page)


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        pytest.param("3 found (1.5 ms)", "3 found (20 ms)\n", True, id="time"),
        pytest.param("a ... c", "a b c", True, id="dots"),
        pytest.param("score 1.5", "score 1.6", False, id="number"),
        pytest.param("one", "one\ntwo", False, id="rest"),
    ],
)
def test_output_is_compared_but_for_times(shown: str, printed: str, expected: bool) -> None:
    assert alike(shown, printed) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("```sh\nsearchd query x --nosuch\n```", "failed with 2", id="usage"),
        pytest.param("```sh\nfalse\n```", "failed with 1", id="shell"),
        pytest.param("```sh\necho a\n```\n\n```\nb\n```", "prints:\na", id="output"),
        pytest.param("```python\nprint(1)\n```\n\n```text\n2\n```", "prints:\n1", id="python"),
        pytest.param("```python\n>>> 1 + 1\n3\n```", "Expected:\n    3", id="doctest"),
    ],
)
def test_a_wrong_example_fails(tmp_path: Path, text: str, message: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (block,) = _blocks_of(text, tmp_path)
    with Session(folder) as session, pytest.raises(AssertionError, match=message):
        session.run(block)
