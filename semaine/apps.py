"""Django's admin without django-leaflet's own module, which needs GeoDjango and therefore GDAL."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule


class SemaineConfig(AppConfig):
    name = "semaine"
    # Of several in one module, Django takes the one that says so, or none at all.
    default = True

    def ready(self) -> None:
        from semaine import checks  # noqa: F401  registers the deployment checks


class AdminConfig(SimpleAdminConfig):
    default_site = "semaine.admin.Site"

    def ready(self) -> None:
        super().ready()
        for app in apps.get_app_configs():
            if app.name != "leaflet" and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
