"""How Sphinx builds the documentation: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

import searchd

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "searchd"
version = release = searchd.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "arabic", "docstrings"]

html_theme = "furo"
html_title = f"searchd {version}"
html_static_path = ["_static"]
html_css_files = ["searchd.css"]
html_copy_source = False
html_show_copyright = False

myst_heading_anchors = 3
smartquotes = False  # a quotation mark and -- are syntax here
highlight_language = "text"

autoclass_content = "both"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
default_role = "code"  # the docstrings write `name`
add_module_names = False
python_use_unqualified_type_names = True
