"""The documentation: Markdown through MyST, built with `make docs`."""

from importlib.metadata import version as installed

project = "OpenMCX"
author = "The OpenMCX contributors"
copyright = "The OpenMCX contributors. Licensed under the EUPL-1.2"
release = version = installed("openmcx")
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # JSON with an ellipsis in it is shown as plain text

html_theme = "furo"
html_title = "OpenMCX"
html_copy_source = False
html_show_sphinx = False
