"""Those who sign in, by e-mail address alone, and the organisations that they act for."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from places.models import Region


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who signs in by code, unless ``password`` is given."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

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
    regions = models.ManyToManyField(
        Region, blank=True, verbose_name="régions instruites", help_text="Sans effet pour l’équipe nationale."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "compte"

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
    siret = models.CharField("SIRET", max_length=14, blank=True, db_index=True)
    website = models.URLField("site internet", max_length=300, blank=True)
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    class Meta:
        verbose_name = "organisation"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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
