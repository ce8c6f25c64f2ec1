"""Resources: texts to read here, documents, links and videos, for teachers, companies, visitors and the press."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from editorial.models.published import Published, PublishedQuerySet, host_of


class Space(models.TextChoices):
    """Who a resource is for; the value stands in the address of the page that lists it."""

    TEACHERS = "enseignants", "Espace enseignants"
    COMPANIES = "entreprises", "Espace entreprises"
    VISITORS = "visiteurs", "Espace visiteurs"
    PRESS = "presse", "Espace presse"

    @property
    def address(self) -> str:
        return reverse(f"editorial:{self.name.lower()}")

    @property
    def column(self) -> str:
        """The column of a resource that says whether this space shows it."""
        return f"for_{self.name.lower()}"


class ResourceQuerySet(PublishedQuerySet):
    def of(self, space: Space) -> Self:
        return self.filter(**{space.column: True})

    def readable(self) -> Self:
        """Those with a page of their own."""
        return self.exclude(text="")

    def downloadable(self) -> Self:
        return self.exclude(file="")


class Resource(Published):
    class Kind(models.TextChoices):
        RELEASE = "communique", "Communiqué de presse"
        ADVICE = "conseils", "Conseils"
        JOB = "metier", "Fiche métier"
        DOCUMENT = "document", "Document"
        VIDEO = "video", "Vidéo"
        LINK = "lien", "Lien"

    title = models.CharField("titre", max_length=120)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    kind = models.CharField("nature", max_length=12, choices=Kind)
    for_teachers = models.BooleanField("espace enseignants", default=False)
    for_companies = models.BooleanField("espace entreprises", default=False)
    for_visitors = models.BooleanField("espace visiteurs", default=False)
    for_press = models.BooleanField("espace presse", default=False)
    summary = models.CharField("résumé", max_length=300)
    text = models.TextField("texte", blank=True)
    address = models.URLField("adresse du site ou de la vidéo", max_length=500, blank=True)
    duration = models.DurationField("durée de la vidéo", null=True, blank=True)
    file = models.FileField("fichier", max_length=60, blank=True)
    file_size = models.PositiveIntegerField("poids en octets", default=0, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = "ressource"
        ordering = ["position", "title", "pk"]
        constraints = [
            *Published.Meta.constraints,
            models.CheckConstraint(
                condition=Q(for_teachers=True) | Q(for_companies=True) | Q(for_visitors=True) | Q(for_press=True),
                name="resource_is_for_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(address="") | ~Q(file=""), name="resource_holds_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its own page, for a text; what it gives, for a file or an address."""
        if self.text:
            return reverse("editorial:resource", args=[self.slug])
        return self.file_url or self.address

    @property
    def spaces(self) -> list[Space]:
        return [space for space in Space if getattr(self, space.column)]

    @property
    def file_url(self) -> str:
        return reverse("editorial:download", args=[self.slug]) if self.file else ""

    @property
    def extension(self) -> str:
        return str(self.file.name).rpartition(".")[2] if self.file else ""

    @property
    def file_format(self) -> str:
        return {"pdf": "PDF", "png": "PNG", "jpg": "JPEG", "webp": "WebP"}.get(self.extension, "")

    @property
    def host(self) -> str:
        """Whose site a link or a video leads to."""
        return host_of(self.address)

    @property
    def length(self) -> str:
        """« 3 min 45 s », « 1 h 5 min » for a video; nothing where it is not known."""
        seconds = int((self.duration or timedelta()).total_seconds())
        parts = [(seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
        return " ".join(f"{number}\N{NO-BREAK SPACE}{unit}" for number, unit in parts if number)
