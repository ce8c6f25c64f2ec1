"""Whom to write to: the State's service in each région, and the press office. Services, never people."""

from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models import Q

from editorial.models.published import host_of
from places.models import Region


class CorrespondentQuerySet(models.QuerySet["Correspondent"]):
    def of_press(self) -> "CorrespondentQuerySet":
        return self.filter(role=Correspondent.Role.PRESS)

    def of_regions(self) -> "CorrespondentQuerySet":
        return self.filter(role=Correspondent.Role.REGION)


class Correspondent(models.Model):
    class Role(models.TextChoices):
        REGION = "region", "Correspondant d’une région"
        PRESS = "presse", "Contact presse"

    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.REGION)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="correspondents", verbose_name="région"
    )
    service = models.CharField("service", max_length=120)
    email = models.EmailField("boîte fonctionnelle", blank=True)
    website = models.URLField("page du service", max_length=500, blank=True)
    phone = models.CharField("téléphone du service", max_length=20, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    objects = CorrespondentQuerySet.as_manager()

    class Meta:
        verbose_name = "correspondant"
        ordering = ["position", "service"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role="region", region__isnull=False) | Q(role="presse", region=None),
                name="correspondent_of_a_region_or_of_the_press",
            ),
            models.UniqueConstraint(fields=["region", "service"], name="one_service_once_in_a_region"),
        ]

    def __str__(self) -> str:
        return f"{self.service} ({self.region.name})" if self.region else self.service

    @property
    def site(self) -> str:
        return host_of(self.website)


def by_region(services: Iterable[Correspondent]) -> Iterator[tuple[str, list[Correspondent]]]:
    """Each région in the order of a dictionary, with its services: none where the national team answers."""
    of: dict[str | None, list[Correspondent]] = {}
    for service in services:
        of.setdefault(service.region_id, []).append(service)
    for code, name in Region.objects.named():
        yield name, of.get(code, [])
