"""The portal's addresses and the references that its pages are compared with."""

from benchmarks.bare_urls import urlpatterns as references
from semaine.urls import urlpatterns as portal

urlpatterns = [*references, *portal]
