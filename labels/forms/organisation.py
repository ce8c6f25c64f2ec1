"""First step: who organises. An organisation is changed only by its members, and only before it is public."""

from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from accounts.models import Membership, Organisation
from core.fields import TextField
from labels.forms.base import StepForm
from labels.forms.fields import PhoneField, SiretField, WebAddressField

NEW = "nouvelle"
_IDENTITY = ("name", "kind", "siret", "website")
_CONTACT = ("contact_name", "contact_phone")


class OrganisationForm(StepForm):
    slug = "organisme"
    heading = "Votre organisme"

    organisation = forms.ChoiceField(
        label="Pour quel organisme déposez-vous cette demande ?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez un de vos organismes, ou « Un autre organisme »."},
    )
    name = TextField(
        label="Nom de l’organisme",
        help_text="Tel que le public le lira, par exemple « Fonderie du Port ».",
        max_length=150,
        error_messages={"required": "Indiquez le nom de l’organisme."},
    )
    kind = forms.ChoiceField(
        label="Nature de l’organisme",
        choices=[("", "Choisir une nature"), *Organisation.Kind.choices],
        error_messages={"required": "Choisissez la nature de l’organisme."},
    )
    siret = SiretField(label="SIRET", required=False, help_text="14 chiffres, par exemple 552 081 317 66522.")
    website = WebAddressField(
        label="Site internet",
        required=False,
        max_length=300,
        help_text="Par exemple https://www.exemple.fr",
    )
    contact_name = TextField(
        label="Nom de la personne à contacter",
        help_text="Pour les services de l’État qui instruisent la demande ; ce nom n’est pas publié.",
        max_length=120,
        error_messages={"required": "Indiquez la personne que nous pouvons contacter."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = PhoneField(
        label="Téléphone de cette personne",
        required=False,
        help_text="Il n’est pas publié. Par exemple 01 23 45 67 89.",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_theirs()

    def _offer_theirs(self) -> None:
        theirs = list(self.user.organisations.all())
        if not theirs:
            self.fields.pop("organisation", None)
            return
        field = self.fields["organisation"]
        field.widget.is_required = True
        choices = [*((str(item.pk), item.name) for item in theirs), (NEW, "Un autre organisme")]
        field.choices = choices  # type: ignore[attr-defined]

    @property
    def current(self) -> Organisation | None:
        """The draft's organisation, where the user belongs to it."""
        organisation = self.event.organisation
        return organisation if organisation and organisation.members.filter(pk=self.user.pk).exists() else None

    @property
    def is_locked(self) -> bool:
        """Its name is on labelled events: it is chosen here, no longer changed."""
        return self.current is not None and self.current.events.published().exists()

    def stored(self) -> dict[str, Any]:
        current = self.current
        identity = {name: getattr(current, name) for name in _IDENTITY} if current and not self.is_locked else {}
        contact = {name: getattr(self.application, name) for name in _CONTACT}
        return {"organisation": str(current.pk) if current else "", **identity, **contact}

    def proposed(self) -> dict[str, Any]:
        return {"contact_name": self.user.name}

    def layout(self) -> Layout:
        choice = ["organisation"] if "organisation" in self.fields else []
        concerned = "" if self.is_locked or not self.current else f"|{self.current.pk}"
        identity = Div(*_IDENTITY, **({"data_shown_if": f"organisation={NEW}{concerned}"} if choice else {}))
        return Layout(Fieldset("Organisateur", *choice, identity), Fieldset("Contact", *_CONTACT))

    def clean(self) -> dict[str, Any]:
        if "organisation" in self.errors:
            return self.cleaned_data
        current = self.current
        chosen = self.cleaned_data.get("organisation") or (str(current.pk) if current else "")
        is_known = chosen not in {"", NEW}
        if not chosen and "organisation" in self.fields:
            self.add_error("organisation", "Choisissez un de vos organismes, ou « Un autre organisme ».")
            is_known = True
        if is_known and (current is None or chosen != str(current.pk) or self.is_locked):
            self.without_errors(*_IDENTITY)
        self.cleaned_data["organisation"] = chosen
        return self.cleaned_data

    def store(self) -> None:
        kept = [name for name in _CONTACT if name in self.cleaned_data]
        for name in kept:
            setattr(self.application, name, self.cleaned_data[name])
        self.application.save(update_fields=[*kept, "updated_at"])
        chosen = self.cleaned_data.get("organisation", None)
        if chosen is None or (not chosen and "organisation" in self.fields):
            return
        organisation = self._chosen(chosen)
        if organisation and organisation != self.event.organisation:
            self.event.organisation = organisation
            self.event.save(update_fields=["organisation", "updated_at"])
        if organisation:
            self._remember(organisation)

    def _chosen(self, chosen: str) -> Organisation | None:
        if chosen in {"", NEW}:
            return self._created()
        organisation = self.user.organisations.get(pk=chosen)
        if organisation == self.current and not self.is_locked:
            self._change(organisation)
        return organisation

    def _created(self) -> Organisation | None:
        """A new organisation of the user's, once it has a name; the one they sent a moment ago is not made twice."""
        identity = {name: self.cleaned_data[name] for name in _IDENTITY if name in self.cleaned_data}
        if not identity.get("name"):
            return None
        twin = self.user.organisations.filter(name=identity["name"], siret=identity.get("siret", "")).first()
        if twin:
            return twin
        organisation = Organisation.objects.create(**identity)
        Membership.objects.create(user=self.user, organisation=organisation)
        return organisation

    def _change(self, organisation: Organisation) -> None:
        changed = [
            name
            for name in _IDENTITY
            if name in self.cleaned_data and getattr(organisation, name) != self.cleaned_data[name]
        ]
        for name in changed:
            setattr(organisation, name, self.cleaned_data[name])
        if changed:
            organisation.save(update_fields=changed)
        if "name" in changed:
            for event in organisation.events.exclude(pk=self.event.pk):
                event.index()

    def _remember(self, organisation: Organisation) -> None:
        """A page that comes back with errors names what was just made, so that sending it again changes that."""
        if self.cleaned_data["organisation"] in {"", NEW} and self.is_bound:
            self.data = {**{name: self.data.get(name) for name in self.data}, "organisation": str(organisation.pk)}
            self.fields["organisation"] = self.base_fields["organisation"]
            self._offer_theirs()
