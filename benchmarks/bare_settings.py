"""The barest project of Django on the portal's database, under the same server: two views, and no middleware but the
one without which allauth, which the portal's models need, does not start.
"""

from semaine.settings import *  # noqa: F403

MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "benchmarks.bare_urls"
