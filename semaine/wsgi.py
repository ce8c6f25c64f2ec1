"""The WSGI callable that granian serves."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")
# Where the processes of one server add up what they count (see `pages.metrics`); it must be there before they do.
if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

django.setup(set_prefix=False)
# It counts what it hands out by the models' own metrics, which are there from now on.
from semaine.handed import Handler  # noqa: E402

application = Handler()
