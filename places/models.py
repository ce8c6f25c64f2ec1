"""Régions, départements and communes, as INSEE numbers them, with the local time of each."""

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When

from core.text import fold
from places.points import Point
from places.zones import ZONES

PARIS = "Europe/Paris"
# The whole of these three towns has arrondissements whose codes begin so.
_ARRONDISSEMENTS = {"75056": "751", "69123": "6938", "13055": "132"}
# Kilometres: a commune of Guyane is 150 km long.
FURTHEST = 150


class RegionQuerySet(models.QuerySet["Region"]):
    def named(self) -> list[tuple[str, str]]:
        """Code and name of each, as a dictionary sorts them: databases disagree on « Île-de-France »."""
        return sorted(self.values_list("code", "name"), key=lambda region: fold(region[1]))


class Region(models.Model):
    code = models.CharField("code INSEE", max_length=2, primary_key=True)
    name = models.CharField("nom", max_length=60, unique=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements", verbose_name="région")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


def _asked(text: str) -> tuple[list[str], str]:
    """The digits of ``text``, of which three or more begin a post code, and the name beside such a code."""
    words = fold(text).split()
    digits = [word for word in words if word.isdigit() and len(word) >= 2]
    return digits, " ".join(word for word in words if word not in digits or len(word) < 3)


class CommuneQuerySet(models.QuerySet["Commune"]):
    def matching(self, text: str) -> "CommuneQuerySet":
        """Communes whose name begins with ``text`` or holds it at a word's start, or whose post code does; best first.

        Accents, hyphens, case and « St » for « Saint » do not count; a name may be followed by its post code.
        Paris, Lyon and Marseille come as their arrondissements when a post code asks for them.
        """
        digits, name = _asked(text)
        found = self.filter(latitude__isnull=False)
        for code in digits:
            if len(code) >= 3:
                found = found.filter(postcodes__contains=f" {code}")
        if name:
            found = found.filter(Q(folded_name__startswith=name) | Q(folded_name__contains=f" {name}"))
        elif not digits:
            return self.none()
        rank = Case(
            When(folded_name=name, then=Value(0)),
            When(folded_name__startswith=name, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        kind = Case(When(kind="A", then=Value(0)), default=Value(1), output_field=IntegerField())
        return found.order_by(rank, *([kind] if digits else []), "-population", "code")


class Commune(models.Model):
    """A commune or an arrondissement of Paris, Lyon or Marseille; without a région in the overseas collectivities."""

    class Kind(models.TextChoices):
        COMMUNE = "C", "Commune"
        ARRONDISSEMENT = "A", "Arrondissement"

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=80)
    folded_name = models.CharField(max_length=80, db_index=True, editable=False)
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="communes", verbose_name="département"
    )
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="région")
    population = models.PositiveIntegerField(null=True)
    # Each code after a space, so that " 75" finds a prefix.
    postcodes = models.CharField("codes postaux", max_length=400, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    time_zone = models.CharField("fuseau horaire", max_length=40, default=PARIS)
    kind = models.CharField(max_length=1, choices=Kind, default=Kind.COMMUNE)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["folded_name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.postcode})" if self.postcode else self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def is_found_by(self, text: str) -> bool:
        """Whether it is among those that ``matching`` finds."""
        digits, name = _asked(text)
        has_code = all(f" {code}" in self.postcodes for code in digits if len(code) >= 3)
        has_name = self.folded_name.startswith(name) or f" {name}" in self.folded_name
        return self.latitude is not None and has_code and (has_name if name else bool(digits))

    @property
    def arrondissements(self) -> str:
        """What the codes of its arrondissements begin with, for the three towns that have any."""
        return _ARRONDISSEMENTS.get(self.code, "")

    def holds(self, other: "Commune") -> bool:
        """Whether ``other`` is this commune or an arrondissement of it."""
        return other.code == self.code or bool(self.arrondissements and other.code.startswith(self.arrondissements))

    @property
    def centre(self) -> Point | None:
        return None if self.latitude is None or self.longitude is None else Point(self.latitude, self.longitude)

    def is_within_reach(self, point: Point) -> bool:
        """Whether ``point`` may be in it: not further from its centre than communes are long."""
        return self.centre is None or point.kilometres_to(self.centre) <= FURTHEST

    @property
    def clock(self) -> str:
        """The name of its local time where it is not that of Paris."""
        return ZONES.get(self.time_zone, "")

    @property
    def postcode(self) -> str:
        """The first of its post codes, empty where it has none."""
        return self.postcodes.split()[0] if self.postcodes.strip() else ""
