"""An event, what of it is public, and who sees which."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Organisation
from core.text import fold
from events.dates import spoken_days
from events.models.editions import Edition
from events.models.lists import Audience, Format, Level, Sector
from events.models.search import SearchEntry
from places.models import PARIS, Commune, Region
from places.points import Point

FAR = 30  # km

if TYPE_CHECKING:
    from events.models.pictures import Picture
    from events.models.slots import Slot


def slug_of(title: str, uid: UUID) -> str:
    """The end of an event's address, for people and search engines alone: ``uid`` finds the event."""
    return slugify(title)[:80].strip("-") or str(uid)[:8]


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> "EventQuerySet":
        """All that the public may see: labelled events, the cancelled ones included and to be marked."""
        return self.filter(published_at__isnull=False, revoked_at__isnull=True)

    def held(self) -> "EventQuerySet":
        """Published events that were not cancelled: what figures count."""
        return self.published().filter(cancelled_at__isnull=True)

    def once_published(self) -> "EventQuerySet":
        """What an address once given may still name: the published, and those whose label was taken back."""
        return self.filter(published_at__isnull=False)

    def located(self) -> "EventQuerySet":
        return self.filter(latitude__isnull=False, longitude__isnull=False)

    def for_cards(self) -> "EventQuerySet":
        """With all that a card of a list shows, in a constant number of queries."""
        return self.select_related("edition", "format", "commune", "region", "organisation").prefetch_related(
            "slots", "audiences", "pictures"
        )

    def for_print(self) -> "EventQuerySet":
        """With all that a list to print shows."""
        return self.select_related("format", "commune", "organisation").prefetch_related("slots", "levels")

    def for_version(self) -> "EventQuerySet":
        """With what tells whether its page has moved, and where it is."""
        columns = ("uid", "title", "starts_on", "ends_on", "updated_at", "revoked_at", "edition__public_version")
        return self.select_related("edition").only(*columns)

    def for_page(self) -> "EventQuerySet":
        """With all that an event's own page and its calendar show."""
        return self.for_cards().select_related("commune__departement").prefetch_related("sectors", "levels")


class Event(models.Model):
    """An event from its first draft on; public once ``published_at`` is set, by the workflow alone.

    Drafts may lack almost anything, hence the blanks; what a submission needs is the forms' and the workflow's to say.
    """

    class Attendance(models.TextChoices):
        ON_SITE = "sur-place", "Sur place"
        ONLINE = "en-ligne", "En ligne"
        MIXED = "hybride", "Sur place et en ligne"

    class Registration(models.TextChoices):
        NONE = "aucune", "Sans inscription"
        LINK = "lien", "Sur une page internet"
        EMAIL = "courriel", "Par courriel"
        PHONE = "telephone", "Par téléphone"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="events", verbose_name="édition")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="organisateur"
    )
    title = models.CharField("titre", max_length=200, blank=True)
    description = models.TextField("description", max_length=4000, blank=True)
    purpose = models.TextField("objectif", max_length=1000, blank=True)
    format = models.ForeignKey(Format, models.PROTECT, null=True, blank=True, related_name="events")
    audiences = models.ManyToManyField(Audience, blank=True, related_name="events", verbose_name="publics")
    sectors = models.ManyToManyField(Sector, blank=True, related_name="events", verbose_name="filières")
    levels = models.ManyToManyField(Level, blank=True, related_name="events", verbose_name="niveaux scolaires")
    minimum_age = models.PositiveSmallIntegerField("âge minimum", null=True, blank=True)
    group_size = models.PositiveIntegerField("taille maximale d’un groupe", null=True, blank=True)
    safety_equipment = models.CharField("équipement de sécurité", max_length=300, blank=True, default="", db_default="")
    price = models.DecimalField(
        "prix", max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )

    attendance = models.CharField("participation", max_length=10, choices=Attendance, default=Attendance.ON_SITE)
    venue = models.CharField("nom du lieu", max_length=150, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="events")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="events")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_point_confirmed = models.BooleanField("position confirmée", default=False)
    directions = models.CharField("comment venir", max_length=500, blank=True, default="", db_default="")
    online_url = models.URLField("adresse de connexion", max_length=500, blank=True)

    registration = models.CharField("inscription", max_length=10, choices=Registration, blank=True)
    registration_url = models.URLField("page d’inscription", max_length=500, blank=True)
    registration_email = models.EmailField("courriel d’inscription", max_length=254, blank=True)
    registration_phone = models.CharField("téléphone d’inscription", max_length=20, blank=True)
    # Kept by index(): the sum of its slots' places, nothing where one of them has no limit.
    capacity = models.PositiveIntegerField("nombre de places", null=True, blank=True, editable=False)
    is_full = models.BooleanField("complet", default=False)
    is_accessible = models.BooleanField("accessible aux personnes à mobilité réduite", default=False)
    accessibility = models.CharField("précisions sur l’accessibilité", max_length=500, blank=True)

    label_number = models.CharField("numéro de label", max_length=15, null=True, unique=True, editable=False)
    published_at = models.DateTimeField("publié le", null=True, editable=False, db_index=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, editable=False)
    cancellation_message = models.TextField("message d’annulation", blank=True, editable=False)
    revoked_at = models.DateTimeField("retiré le", null=True, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    # iCalendar's SEQUENCE: moved by each change that the public sees.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # Kept by index(): the first and last local dates, and the words that a search reads.
    starts_on = models.DateField("premier jour", null=True, editable=False)
    ends_on = models.DateField("dernier jour", null=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        ordering = ["starts_on", "pk"]
        indexes = [
            models.Index(fields=["edition", "region", "starts_on"]),
            # Covers what lists count and sort, so that wide rows are not read for it.
            models.Index(fields=["edition", "starts_on", "id", "ends_on", "published_at", "revoked_at"]),
            models.Index(fields=["edition", "latitude", "longitude"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_point_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="event_published_is_labelled",
                condition=Q(published_at__isnull=True) | Q(label_number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or "Événement sans titre"

    def get_absolute_url(self) -> str:
        return reverse("events:detail", kwargs={"uid": self.uid, "slug": self.slug})

    @property
    def slug(self) -> str:
        return slug_of(self.title, self.uid)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.revoked_at is None

    @property
    def is_on_site(self) -> bool:
        return self.attendance != self.Attendance.ONLINE

    @property
    def is_online(self) -> bool:
        return self.attendance != self.Attendance.ON_SITE

    @property
    def when(self) -> str:
        """Its dates in words, and its hours where it has but one slot."""
        slots = list(self.slots.all())
        days = spoken_days([slot.date for slot in slots])
        return f"{days}, {slots[0].hours}" if len(slots) == 1 else days

    @property
    def has_several_slots(self) -> bool:
        return len(self.slots.all()) > 1

    @property
    def slots_to_come(self) -> "list[Slot]":
        now = timezone.now()
        return [slot for slot in self.slots.all() if slot.ends_at > now]

    @property
    def past_slots(self) -> "list[Slot]":
        now = timezone.now()
        return [slot for slot in self.slots.all() if slot.ends_at <= now]

    @property
    def says_for_classes(self) -> bool:
        """Whether there is anything of what a teacher asks first."""
        return bool(self.group_size or self.minimum_age or self.safety_equipment or self.levels.all())

    @property
    def time_zone(self) -> str:
        """The IANA zone of its place; an online event keeps Paris time."""
        return self.commune.time_zone if self.is_on_site and self.commune else PARIS

    @property
    def image(self) -> "Picture | None":
        """What shows it on its page and its card, once it is described."""
        return next((picture for picture in self.pictures.all() if picture.kind == "image" and picture.alt), None)

    @property
    def documents(self) -> "list[Picture]":
        return [picture for picture in self.pictures.all() if picture.kind == "document" and picture.alt]

    @property
    def kilometres_from_commune(self) -> float:
        """How far its point is from its commune's centre; 0 where one of them is not known."""
        place, commune = (self.latitude, self.longitude), self.commune
        if commune is None or None in (*place, commune.latitude, commune.longitude):
            return 0
        return Point(*place).kilometres_to(Point(commune.latitude, commune.longitude))  # type: ignore[arg-type]

    @property
    def is_far_from_its_commune(self) -> bool:
        """Further than communes are wide, Guyane's apart: an address changed and the pin left behind?"""
        return self.kilometres_from_commune > FAR

    @property
    def searched_text(self) -> str:
        """What a search by words reads."""
        organiser = self.organisation.name if self.organisation else ""
        town = self.commune.name if self.commune else ""
        return f"{self.title}\n{self.description}\n{organiser}\n{town}"

    def set_place(self, commune: Commune | None) -> None:
        """Place the event in ``commune``, or nowhere: région and point follow, the point to be confirmed."""
        self.commune = commune
        self.region = commune.region if commune else None
        self.latitude = commune.latitude if commune else None
        self.longitude = commune.longitude if commune else None
        self.is_point_confirmed = False

    def index(self) -> None:
        """Bring the columns that lists sort, filter and search by up to date with what is stored; in a transaction.

        The row is held before it is read: whoever writes another part of the event waits, and reads this one's.
        """
        Event.objects.filter(pk=self.pk).update(updated_at=timezone.now())
        self.refresh_from_db()
        slots = list(self.slots.all())
        dates = [slot.date for slot in slots]
        self.starts_on, self.ends_on = (min(dates), max(dates)) if dates else (None, None)
        places = [slot.capacity for slot in slots if slot.capacity is not None]
        self.capacity = sum(places) if places and len(places) == len(slots) else None
        self.search_text = fold(self.searched_text)
        self.save(update_fields=["starts_on", "ends_on", "capacity", "search_text", "updated_at"])
        if self.is_published:
            self._let_be_found()

    def _let_be_found(self) -> None:
        """Bring what the public finds by words up to date; the edition's row is held, so that one writes its words."""
        self.edition.touch()
        SearchEntry.objects.keep([self])

    # Effects of the workflow, each in its caller's transaction.

    def publish(self) -> None:
        if not self.label_number:
            self.label_number = self.edition.next_label_number()
        self.show(published_at=timezone.now())

    def unpublish(self) -> None:
        """Take back an approval within its undo; the label's number stays this event's."""
        self.show(published_at=None)

    def revoke(self) -> None:
        self.show(revoked_at=timezone.now())

    def cancel(self, message: str) -> None:
        self.show(cancelled_at=timezone.now(), cancellation_message=message)

    def show(self, **values: Any) -> None:
        """Write what the public sees and all that tells readers of it: sequence, version of the edition."""
        for name, value in values.items():
            setattr(self, name, value)
        self.sequence += 1
        self.save(update_fields=[*values, "label_number", "sequence", "updated_at"])
        self._let_be_found()
