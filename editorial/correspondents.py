"""Which service answers in each région until the national team says more."""

from editorial.models import Correspondent
from places.models import Region

# In these régions the State's economic service bears another name than DREETS.
_SERVICES = {
    "01": "DEETS de Guadeloupe",
    "02": "DEETS de Martinique",
    "03": "DGCOPOP de Guyane",
    "04": "DEETS de La Réunion",
    "06": "DEETS de Mayotte",
    "11": "DRIEETS d’Île-de-France",
}


def name_services() -> int:
    """Give each région without a correspondent the name of its service; how many were given."""
    unnamed = Region.objects.filter(correspondents=None)
    named = [
        Correspondent(region=region, service=_SERVICES.get(region.code, f"DREETS {region.name}")) for region in unnamed
    ]
    return len(Correspondent.objects.bulk_create(named))
