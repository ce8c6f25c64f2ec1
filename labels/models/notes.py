"""What examiners tell one another of an application: organisers and the public never see it."""

from django.db import models

from accounts.models import User
from labels.models.applications import Application


class Note(models.Model):
    """Written once; it stays where the application is, whoever examines it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes", verbose_name="demande")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    text = models.TextField("texte")

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.application} : {self.text[:60]}"
