"""The portal as in production, but over plain HTTP on this machine: what Lighthouse looks at."""

import os
from pathlib import Path

os.environ["DEMO"] = "0"

from semaine.settings import *  # noqa: F403

# Instead of the proxy, which compresses what the portal did not.
MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *MIDDLEWARE]  # noqa: F405
ALLOWED_HOSTS = ["127.0.0.1"]
SECURE_SSL_REDIRECT = False
STATIC_ROOT = Path(os.environ["STATIC_ROOT"])
