"""The partners that the portal names, each under what binds it to the Semaine."""

from django.db import models

from editorial.models.published import Published, PublishedQuerySet


class Partner(Published):
    class Kind(models.TextChoices):
        """In the order in which the page names them."""

        LEAD = "pilotage", "Pilotage et appui"
        MINISTRY = "ministere", "Ministères"
        OPERATOR = "operateur", "Opérateurs et services de l’État, collectivités et chambres consulaires"
        FEDERATION = "federation", "Fédérations professionnelles et organisations patronales"
        ASSOCIATION = "association", "Associations et fondations"
        COMPANY = "entreprise", "Entreprises"

    name = models.CharField("nom", max_length=120, unique=True)
    kind = models.CharField("famille", max_length=12, choices=Kind)
    address = models.URLField("site", max_length=500, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire"
        ordering = ["position", "name"]
        constraints = Published.Meta.constraints

    def __str__(self) -> str:
        return self.name
