"""Reasons that examiners give again and again, as the DGE words them."""

from django.db import models

from labels.models.states import Action


class PresetQuerySet(models.QuerySet["Preset"]):
    def offered(self) -> "PresetQuerySet":
        """Those that examiners may choose; retired ones stay with the decisions that came from them."""
        return self.filter(is_active=True)

    def held(self, preset: "Preset") -> "Preset | None":
        """``preset`` as nobody deletes it before the caller's transaction ends; None where it is gone."""
        return self.select_for_update(no_key=True).filter(pk=preset.pk).first()


class Preset(models.Model):
    """A text with placeholders of a closed list, and the conditions that it says are not met."""

    class Use(models.TextChoices):
        """The decisions that a preset is proposed for."""

        RETURN = Action.RETURN.value, "Renvoi pour correction"
        REFUSE = Action.REFUSE.value, "Refus"
        REVOKE = Action.REVOKE.value, "Retrait du label"
        DECLINE = Action.DECLINE.value, "Refus d’une modification"

    title = models.CharField("titre", max_length=80, unique=True)
    uses = models.JSONField("décisions", default=list)
    conditions = models.JSONField("conditions non remplies", default=list, blank=True)
    text = models.TextField("texte")
    position = models.PositiveSmallIntegerField("rang", default=0)
    is_active = models.BooleanField("proposé aux examinateurs", default=True)

    objects = PresetQuerySet.as_manager()

    class Meta:
        verbose_name = "motif type"
        verbose_name_plural = "motifs types"
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title
