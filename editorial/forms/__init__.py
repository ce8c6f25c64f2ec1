"""What the DGE's team fills in, in the admin."""

from editorial.forms.correspondents import CorrespondentForm
from editorial.forms.partners import PartnerForm
from editorial.forms.previewed import PREVIEW
from editorial.forms.resources import ResourceForm

__all__ = ["PREVIEW", "CorrespondentForm", "PartnerForm", "ResourceForm"]
