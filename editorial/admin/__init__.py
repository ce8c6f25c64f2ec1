"""What the DGE's team publishes, as it edits it: each row previewed on its public page before anybody reads it."""

from editorial.admin.correspondents import CorrespondentAdmin
from editorial.admin.partners import PartnerAdmin
from editorial.admin.resources import ResourceAdmin

__all__ = ["CorrespondentAdmin", "PartnerAdmin", "ResourceAdmin"]
