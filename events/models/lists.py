"""The lists that the application form offers and the DGE edits."""

from django.db import models


class ListItem(models.Model):
    """An entry of a list that the DGE edits: never deleted while in use, but retired."""

    slug = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("libellé", max_length=80)
    position = models.PositiveSmallIntegerField("rang", default=0)
    is_active = models.BooleanField("proposé dans le formulaire", default=True)

    class Meta:
        abstract = True
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class Format(ListItem):
    class Meta(ListItem.Meta):
        verbose_name = "format"


class Audience(ListItem):
    class Meta(ListItem.Meta):
        verbose_name = "public"


class Sector(ListItem):
    class Meta(ListItem.Meta):
        verbose_name = "filière"


class Level(ListItem):
    class Meta(ListItem.Meta):
        verbose_name = "niveau scolaire"
        verbose_name_plural = "niveaux scolaires"
