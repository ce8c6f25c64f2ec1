"""The WSGI callable that granian serves."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")
# Where the processes of one server add up what they count (see `pages.metrics`); it must be there before they do.
if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

application = get_wsgi_application()
