"""What an editor prepares before anybody reads it, and withdraws once it has served."""

from base64 import b64encode
from hashlib import sha256
from typing import Any, Self
from urllib.parse import urlsplit

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf"}


def host_of(address: str) -> str:
    """Whose site an address leads to, as people say it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


class PublishedQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """What anybody may read now; a row without a first instant is being prepared."""
        now = timezone.now()
        return self.filter(Q(published_until=None) | Q(published_until__gt=now), published_from__lte=now)

    def once_published(self) -> Self:
        """Those, and what was withdrawn since."""
        return self.filter(published_from__lte=timezone.now())

    def version(self) -> str:
        """Moved by a change of one of these rows, by one more and by one less."""
        stamps = self.order_by("pk").values_list("pk", "updated_at")
        return sha256(repr([*stamps]).encode()).hexdigest()


class Published(models.Model):
    """A row with its time, and one image drawn anew as those of events are; what it shows is always said too."""

    position = models.PositiveSmallIntegerField("rang", default=0)
    published_from = models.DateTimeField("publié à partir du", null=True, blank=True)
    published_until = models.DateTimeField("publié jusqu’au", null=True, blank=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    image = models.FileField("image", max_length=60, blank=True)
    image_alt = models.CharField("texte de remplacement", max_length=250, blank=True)
    image_width = models.PositiveSmallIntegerField("largeur", null=True, editable=False)
    image_height = models.PositiveSmallIntegerField("hauteur", null=True, editable=False)

    # The image within the page, for who previews it before an address serves it.
    _embedded = ""

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(published_until=None) | Q(published_until__gt=F("published_from")),
                name="%(class)s_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(image="") | ~Q(image_alt=""), name="%(class)s_says_what_its_image_shows"
            ),
        ]

    @property
    def is_begun(self) -> bool:
        return self.published_from is not None and self.published_from <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.published_until is not None and self.published_until <= timezone.now()

    @property
    def publication(self) -> str:
        """Where it stands, in a word."""
        if self.published_from is None:
            return "En préparation"
        if self.is_over:
            return "Retiré"
        return "En ligne" if self.is_begun else "Programmé"

    @property
    def image_url(self) -> str:
        if self._embedded or not self.image:
            return self._embedded
        return reverse("editorial:image", args=[str(self.image.name).rpartition("/")[2]])

    def embed(self, data: bytes, extension: str) -> None:
        self._embedded = f"data:{CONTENT_TYPES[extension]};base64,{b64encode(data).decode()}"

    def embed_stored(self) -> None:
        """Show the stored image where its address would not: it may not be public."""
        if self.image and default_storage.exists(str(self.image.name)):
            with default_storage.open(str(self.image.name)) as file:
                self.embed(file.read(), str(self.image.name).rpartition(".")[2])
