"""The examiner's desk: Django's admin under the portal's name, open to staff alone."""

from django.contrib.admin import AdminSite


class Site(AdminSite):
    site_header = "Semaine de l’industrie"
    site_title = "Labellisation"
    index_title = "Instruction des demandes de label"
    enable_nav_sidebar = False
