"""First step: who organises, by its number where it has one. An organisation is changed by its members alone, and only
before it is public or examined; who types the number of one that exists applies in its name without belonging to it."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Self

from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.urls import reverse_lazy
from django.utils import timezone

from accounts import companies
from accounts.companies import Company
from accounts.models import Organisation
from core import limits
from core.calls import Unavailable
from core.contact_fields import PhoneField, WebAddressField
from core.fields import TextField
from core.whole import Gone
from labels import organisations
from labels.forms.base import StepForm
from labels.forms.fields import NumberField, columns_of
from labels.models import Application, State

NEW = "nouvelle"
_IDENTITY = ("siret", "name", "kind", "website")
# Of those that one is not a member of, in a day: each tells its owners.
_MOST_OF_OTHERS = 20
_TOO_MANY = (
    "Vous avez déposé aujourd’hui pour beaucoup d’organismes dont vous n’êtes pas membre : "
    "réessayez demain, ou demandez à leurs responsables de vous inviter."
)
_CONTACT = ("contact_name", "contact_phone")


def _identity_of(organisation: Organisation) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in _IDENTITY} | {"siret": organisation.siret or organisation.uai}


class OrganisationForm(StepForm):
    slug = "organisme"
    heading = "Votre organisme"

    organisation = forms.ChoiceField(
        label="Pour quel organisme déposez-vous cette demande ?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez un de vos organismes, ou « Un autre organisme »."},
    )
    # The organisation that this page began: what a script saves next under « Un autre organisme » is still that one.
    begun = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput(attrs={"data-from-server": ""}))
    # A SIRET or an UAI: one question, whoever answers it.
    siret = NumberField(
        label="SIRET, ou UAI d’un établissement scolaire",
        required=False,
        help_text="SIRET : 14 chiffres, par exemple 552 081 317 66522. UAI : 7 chiffres et une lettre, par exemple "
        "0750655E. Le nom et la nature en sont déduits quand ils sont vides.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "data-directory": reverse_lazy("labels:establishment")}
        ),
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
    website = WebAddressField(
        label="Site internet",
        required=False,
        max_length=300,
        help_text="Par exemple https://www.exemple.fr",
    )
    contact_name = TextField(
        label="Nom de la personne à contacter",
        help_text="Pour les services de l’État qui instruisent la demande ; ce nom n’est pas publié.",
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
        self._found: Company | None = None
        self._asked = False
        self._offer_theirs()

    def _offer_theirs(self) -> None:
        """Those of the user, and the one that they apply for."""
        theirs = {item.pk: item for item in self.user.organisations.all()}
        if self.current:
            theirs.setdefault(self.current.pk, self.current)
        if not theirs:
            self.fields.pop("organisation", None)
            return
        field = self.fields["organisation"]
        field.widget.is_required = True
        choices = [*((str(item.pk), item.name) for item in theirs.values()), (NEW, "Un autre organisme")]
        field.choices = choices  # type: ignore[attr-defined]

    @classmethod
    def answers(cls, application: Application) -> dict[str, Any]:
        """With an organisation that is not the organiser's to change, though its page does not ask for its answers."""
        contact = {name: getattr(application, name) for name in _CONTACT}
        current = application.event.organisation
        return {**contact, **(_identity_of(current) if current else {})}

    @classmethod
    def agree(cls, application: Application, cleaned: Mapping[str, Any]) -> bool:
        return application.event.organisation is not None

    @property
    def current(self) -> Organisation | None:
        return self.event.organisation

    @property
    def is_theirs(self) -> bool:
        return self.current is not None and self.current.memberships.filter(user=self.user).exists()

    @property
    def is_locked(self) -> bool:
        """Others answer for it, or its name is on events labelled or examined: it is chosen here, not changed.

        What was returned is corrected whatever else is examined: its name or number may be what was asked for.
        """
        if self.current is None:
            return False
        is_draft = self.application.state == State.DRAFT
        return (
            not self.is_theirs
            or organisations.is_on_labelled_events(self.current)
            or (is_draft and organisations.is_being_examined(self.current))
        )

    def stored(self) -> dict[str, Any]:
        current = self.current
        identity: dict[str, Any] = {}
        if current and not self.is_locked:
            identity = _identity_of(current)
        contact = {name: getattr(self.application, name) for name in _CONTACT}
        return {"organisation": str(current.pk) if current else "", **identity, **contact}

    def proposed(self) -> dict[str, Any]:
        return {"contact_name": self.user.name}

    def layout(self) -> Layout:
        choice = ["organisation"] if "organisation" in self.fields else []
        concerned = "" if self.is_locked or not self.current else f"|{self.current.pk}"
        other = [HTML("<p>Pour un autre organisme :</p>")] if self.is_locked else []
        identity = Div(
            "begun", *other, *_IDENTITY, **({"data_shown_if": f"organisation={NEW}{concerned}"} if choice else {})
        )
        known = HTML('{% include "labels/organisation_known.html" %}')
        return Layout(Fieldset("Organisateur", *choice, known, identity), Fieldset("Contact", *_CONTACT))

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
        if self._is_taken():
            self.without_errors("name", "kind", "website")
        return self.cleaned_data

    @property
    def _numbers(self) -> dict[str, str]:
        return columns_of(self.cleaned_data.get("siret") or "")

    @property
    def _edited(self) -> Organisation | None:
        """The organisation that the page changes, where it does not begin another."""
        if self.current is None or self.is_locked:
            return None
        is_begun = self.cleaned_data.get("begun") == str(self.current.pk)
        return None if self.cleaned_data.get("organisation") == NEW and not is_begun else self.current

    def _is_taken(self) -> bool:
        having_it = Organisation.objects.numbered(**self._numbers).first()
        return having_it is not None and having_it != self._edited

    def save(self, has_seen: Callable[[StepForm], bool] | None = None) -> Self:
        """Ask the directory first, for two seconds at most, while no row is held."""
        if self.cleaned_data.get("siret") and "organisation" in self.cleaned_data:
            self._look_up()
        return super().save(has_seen)

    def _look_up(self) -> None:
        """Take from the directory what was left empty; where it is away, a task asks again later."""
        edited = self._edited
        is_known = edited and edited.checked_at and self._numbers == {"siret": edited.siret, "uai": edited.uai}
        if is_known or self._is_taken():
            return
        try:
            self._found = companies.find(**self._numbers)
        except Unavailable:
            return
        self._asked = True
        for name in ("name", "kind"):
            if (value := getattr(self._found, name, "")) and self.has_error(name, "required"):
                self.without_errors(name, then=value)

    def warnings(self) -> list[str]:
        said = []
        if self._found and self._found.is_closed:
            said.append("Cet établissement est fermé d’après l’annuaire des entreprises : vérifiez son numéro.")
        if self.current and not self.is_theirs:
            said.append(
                f"« {self.current} » est déjà enregistré avec ce numéro : votre demande lui est rattachée, et ses "
                "responsables en sont avertis."
            )
        return said

    def hold(self) -> None:
        """Those named stay until this is stored: one that was just joined to another is to be chosen again."""
        named = {str(self.current.pk)} if self.current else set()
        named |= {self.cleaned_data.get("organisation", "")} - {"", NEW}
        held = Organisation.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk")
        if len(held) < len(named):
            raise Gone

    def store(self) -> None:
        kept = [name for name in _CONTACT if name in self.cleaned_data]
        for name in kept:
            setattr(self.application, name, self.cleaned_data[name])
        self.application.save(update_fields=[*kept, "updated_at"])
        if "organisation" in self.errors:
            return
        before, organisation = self._edited, self._chosen(self.cleaned_data["organisation"])
        if organisation and organisation != self.current:
            if self._knocks_too_often(organisation):
                self.add_error("siret", _TOO_MANY)
                return
            self._apply_for(organisation)
            if before and not self.is_theirs:
                organisations.erase_if_unused(before)
        if organisation:
            self._remember(organisation)

    def _knocks_too_often(self, organisation: Organisation) -> bool:
        """The owners of an organisation of others get a mail, in which the one who applies is named."""
        if organisation.memberships.filter(user=self.user).exists():
            return False
        return limits.is_exceeded_for(self.user.pk, "applicants", most=_MOST_OF_OTHERS, seconds=24 * 3600)

    def _apply_for(self, organisation: Organisation) -> None:
        self.event.organisation = organisation
        self.event.save(update_fields=["organisation", "updated_at"])
        organisations.apply_for(organisation, self.application, self.user)

    def _chosen(self, chosen: str) -> Organisation | None:
        edited = self._edited
        if edited and chosen in {NEW, str(edited.pk)}:
            return organisations.change(edited, self._identity())
        if chosen in {"", NEW}:
            return organisations.make(self.user, self._identity())
        return self.user.organisations.filter(pk=chosen).first() or self.current

    def _identity(self) -> dict[str, Any]:
        """The columns that the page answers, and with another number what it makes true of the address."""
        identity = {name: self.cleaned_data[name] for name in _IDENTITY if name in self.cleaned_data}
        if "siret" not in identity:
            return identity
        identity |= self._numbers
        edited = self._edited
        if not edited or self._asked or self._numbers != {"siret": edited.siret, "uai": edited.uai}:
            identity |= companies.columns_of(self._found)
            identity["checked_at"] = timezone.now() if self._asked else None
        return identity

    def _remember(self, organisation: Organisation) -> None:
        """A page that comes back with errors names what was just made, so that sending it again changes that."""
        if self.cleaned_data["organisation"] in {"", NEW} and self.is_bound:
            typed = {name: self.data.get(name) for name in self.data}
            filled = {name: self.cleaned_data.get(name) for name in ("name", "kind") if not typed.get(name)}
            self.data = {**typed, **filled, "organisation": str(organisation.pk), "begun": str(organisation.pk)}
            if "organisation" not in self.fields:
                self.fields["organisation"] = deepcopy(self.base_fields["organisation"])
            self._offer_theirs()
