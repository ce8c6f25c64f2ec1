"""What an event shows of itself: an image, and up to three documents (a poster, a way to come) that are images too."""

from datetime import timedelta

from django.core import signing
from django.db import models
from django.db.models import Q

from events.images import SMALL_WIDTH
from events.models.events import Event

MOST_DOCUMENTS = 3
# How long an address of what is not public serves whoever holds it: a page left open over a week-end's day.
SIGNED_FOR = timedelta(days=2)
_signer = signing.TimestampSigner(salt="events.media")


def sign(name: str) -> str:
    """What the address of a file carries while its event is not public."""
    signed: str = _signer.sign(name)
    return signed.removeprefix(f"{name}:")


def is_signed(name: str, signature: str) -> bool:
    try:
        _signer.unsign(f"{name}:{signature}", max_age=SIGNED_FOR)
    except signing.BadSignature:
        return False
    return True


class PictureQuerySet(models.QuerySet["Picture"]):
    def stored_as(self, name: str) -> "PictureQuerySet":
        return self.filter(Q(file=name) | Q(small=name))

    def public(self) -> "PictureQuerySet":
        """Those of events that anybody may see."""
        return self.filter(event__in=Event.objects.published().order_by())


class Picture(models.Model):
    """One image as it was drawn anew; several rows may share its files, which go with the last of them."""

    class Kind(models.TextChoices):
        IMAGE = "image", "Image"
        DOCUMENT = "document", "Document"

    event = models.ForeignKey(Event, models.CASCADE, related_name="pictures")
    kind = models.CharField("nature", max_length=10, choices=Kind)
    alt = models.CharField("texte de remplacement", max_length=250, blank=True)
    file = models.FileField("fichier", max_length=60)
    # Empty when the picture is small itself.
    small = models.FileField("petite version", max_length=60, blank=True)
    width = models.PositiveSmallIntegerField("largeur")
    height = models.PositiveSmallIntegerField("hauteur")
    size = models.PositiveIntegerField("poids en octets")
    digest = models.CharField("empreinte", max_length=64, db_index=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = "image"
        ordering = ["-kind", "pk"]
        indexes = [models.Index(fields=["file"]), models.Index(fields=["small"])]
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(kind="image"), name="one_image_for_an_event"),
            models.UniqueConstraint(fields=["event", "kind", "digest"], name="a_picture_once_for_an_event"),
        ]

    def __str__(self) -> str:
        return self.alt or self.get_kind_display()

    @property
    def url(self) -> str:
        return self._address(self.file)

    @property
    def thumbnail(self) -> str:
        """The address of its smallest version."""
        return self._address(self.small or self.file)

    @property
    def srcset(self) -> str:
        return f"{self.thumbnail} {SMALL_WIDTH}w, {self.url} {self.width}w" if self.small else ""

    def _address(self, file: "models.fields.files.FieldFile") -> str:
        """Signed while the event is not public, for those whose page shows it; bare, for every cache, once it is."""
        return file.url if self.event.is_published else f"{file.url}?s={sign(str(file.name))}"

    @property
    def format(self) -> str:
        return {"png": "PNG", "jpg": "JPEG", "webp": "WebP"}[str(self.file.name).rpartition(".")[2]]

    @property
    def content_type(self) -> str:
        return f"image/{self.format.lower()}"
