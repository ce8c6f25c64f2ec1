"""The portal's settings with the benchmarks' references among its addresses."""

from semaine.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
LOGGING_CONFIG = None
ALLOWED_HOSTS = ["testserver"]
