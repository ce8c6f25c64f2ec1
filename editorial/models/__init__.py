"""What the DGE's own team publishes beside the events: resources, partners, whom to write to."""

from editorial.models.correspondents import Correspondent
from editorial.models.partners import Partner
from editorial.models.resources import Resource, Space

__all__ = ["Correspondent", "Partner", "Resource", "Space"]
