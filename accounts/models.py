"""Those who sign in, by e-mail address alone, and the organisations that they act for."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.attempts import FactorAttempts  # noqa: F401  Django finds its models here
from accounts.audit import AuditEntry  # noqa: F401
from core import retention
from places.models import Commune, Region


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who signs in by code, unless ``password`` is given."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def of_address(self, email: str) -> "User":
        """Theirs who has this address, made where nobody has."""
        return self.get_or_create(email=email.lower(), defaults={"password": make_password(None)})[0]

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An organiser (code by e-mail) or a member of the State's staff (password); ``regions`` bounds an examiner."""

    email = models.EmailField("adresse électronique", max_length=254, unique=True)
    name = models.CharField("nom", max_length=120, blank=True)
    is_staff = models.BooleanField("agent de l’État", default=False)
    is_active = models.BooleanField("actif", default=True)
    accepts_reminders = models.BooleanField("accepte les rappels", default=True, db_default=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    # When its owner was told that it would be erased unless they come back.
    warned_at = models.DateTimeField("averti de l’effacement le", null=True, editable=False)
    regions = models.ManyToManyField(
        Region, blank=True, verbose_name="régions instruites", help_text="Sans effet pour l’équipe nationale."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "compte"
        permissions = [
            ("manage_staff", "Peut ouvrir, fermer et régler les comptes des agents"),
            ("erase_organisers", "Peut effacer le compte d’un organisateur"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def numbered(self, *, siret: str = "", uai: str = "") -> "OrganisationQuerySet":
        """The one with this number, or none."""
        return self.filter(siret=siret) if siret else self.filter(uai=uai) if uai else self.none()

    def unchecked(self) -> "OrganisationQuerySet":
        """Those of which the State's directory has more to say than was typed."""
        return self.filter(checked_at=None).exclude(siret="", uai="")


class Organisation(models.Model):
    class Kind(models.TextChoices):
        COMPANY = "entreprise", "Entreprise"
        FEDERATION = "federation", "Fédération ou organisation professionnelle"
        SCHOOL = "etablissement-scolaire", "Établissement scolaire"
        TRAINING = "etablissement-formation", "Établissement de formation ou d’enseignement supérieur"
        PUBLIC = "operateur-public", "Service ou opérateur public"
        ASSOCIATION = "association", "Association ou fondation"
        LOCAL = "collectivite", "Collectivité territoriale"

    name = models.CharField("nom", max_length=150)
    kind = models.CharField("nature", max_length=30, choices=Kind)
    # A company's establishment has a SIRET, a school an UAI; either may be missing, neither is shared.
    siret = models.CharField("SIRET", max_length=14, blank=True, db_index=True)
    uai = models.CharField("UAI", max_length=8, blank=True, default="", db_default="")
    website = models.URLField("site internet", max_length=300, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True, default="", db_default="")
    commune = models.ForeignKey(Commune, models.SET_NULL, null=True, blank=True, related_name="+")
    # When the State's directory of companies last told what it knows of it.
    checked_at = models.DateTimeField("vérifiée le", null=True, editable=False)
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["name"]
        permissions = [("join_organisations", "Peut réunir les organisations en double")]
        constraints = [
            models.UniqueConstraint(fields=["siret"], condition=~Q(siret=""), name="one_organisation_a_siret"),
            models.UniqueConstraint(fields=["uai"], condition=~Q(uai=""), name="one_organisation_an_uai"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owners(self) -> models.QuerySet[User]:
        """Those who answer for it, the oldest first; nobody whose account is closed."""
        owning = {"memberships__organisation": self, "memberships__role": Membership.Role.OWNER}
        return User.objects.filter(is_active=True, **owning).order_by("memberships__pk")

    @property
    def full_address(self) -> str:
        """On one line, with its town."""
        town = f"{self.commune.postcode} {self.commune.name}" if self.commune else ""
        return ", ".join(filter(None, [self.address, town]))


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", "Responsable"
        MEMBER = "member", "Membre"

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.OWNER)

    class Meta:
        verbose_name = "appartenance"
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(sent_at__gt=timezone.now() - Invitation.OPEN_FOR)

    def over(self) -> "InvitationQuerySet":
        return self.filter(sent_at__lte=timezone.now() - Invitation.OPEN_FOR)


class Invitation(models.Model):
    """A colleague asked to join an organisation, whether or not their address has an account."""

    OPEN_FOR = retention.INVITATION.kept

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse électronique", max_length=254)
    role = models.CharField("rôle", max_length=10, choices=Membership.Role, default=Membership.Role.MEMBER)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="invitée par")
    sent_at = models.DateTimeField("envoyée le", default=timezone.now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "email"], name="one_invitation_an_address")]

    def __str__(self) -> str:
        return f"{self.email} – {self.organisation}"

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + self.OPEN_FOR
