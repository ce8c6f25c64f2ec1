"""Files of the DGE's team that were replaced, or whose row is gone: no address serves them since."""

from core import strays
from editorial.documents import FOLDER
from editorial.models import Partner, Resource


def unused() -> list[str]:
    used = {*Resource.objects.values_list("file", flat=True), *Resource.objects.values_list("image", flat=True)}
    return strays.find(FOLDER, used | set(Partner.objects.values_list("image", flat=True)))
