"""Fourth step: for whom, at what price, and how one registers."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from core.contact_fields import PhoneField, WebAddressField
from core.fields import EmailField, TextField
from events.models import Audience, Event, Level
from labels.forms.addresses import doubt_of
from labels.forms.base import StepForm, offered, question, shown_if
from labels.forms.measures import PriceField, WholeNumberField
from labels.models import Application

PUPILS = ("scolaires", "etudiants", "communaute-educative")
_CONTACTS = {
    Event.Registration.LINK: ("registration_url", "Indiquez l’adresse de la page d’inscription."),
    Event.Registration.EMAIL: ("registration_email", "Indiquez l’adresse électronique des inscriptions."),
    Event.Registration.PHONE: ("registration_phone", "Indiquez le téléphone des inscriptions."),
}


class PublicsForm(StepForm):
    slug = "publics"
    heading = "Publics et inscription"
    columns = (
        "minimum_age",
        "group_size",
        "safety_equipment",
        "price",
        "registration",
        "registration_url",
        "registration_email",
        "registration_phone",
        "is_accessible",
        "accessibility",
    )
    relations = ("audiences", "levels")
    asked = ("registration_url", "registration_email", "registration_phone")

    audiences = forms.ModelMultipleChoiceField(
        label="Publics attendus",
        help_text="L’événement doit être ouvert à l’un d’eux au moins.",
        queryset=Audience.objects.none(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins un public.",
            "invalid_choice": "Choisissez des publics de la liste.",
        },
    )
    levels = forms.ModelMultipleChoiceField(
        label="Niveaux scolaires",
        queryset=Level.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez des niveaux de la liste."},
    )
    group_size = WholeNumberField(
        label="Taille maximale d’un groupe",
        help_text="Nombre de personnes, par exemple 30.",
        required=False,
        min_value=1,
        max_value=1000,
    )
    minimum_age = WholeNumberField(
        label="Âge minimum",
        help_text="En années, par exemple 12 pour un atelier avec des machines.",
        required=False,
        max_value=99,
    )
    safety_equipment = TextField(
        label="Équipement de sécurité",
        help_text="Ce qu’il faut porter ou apporter, et ce que vous prêtez. Par exemple : chaussures fermées ; "
        "casque et gilet prêtés.",
        required=False,
        max_length=300,
    )
    price = PriceField(
        label="Prix pour le visiteur, en euros",
        help_text="Le label demande la gratuité : 0.",
        error_messages={"required": "Indiquez le prix : 0 si l’événement est gratuit."},
    )
    registration = forms.ChoiceField(
        label="Comment s’inscrire ?",
        choices=Event.Registration.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites comment le public s’inscrit.",
            "invalid_choice": "Choisissez une manière de s’inscrire de la liste.",
        },
    )
    registration_url = WebAddressField(
        label="Page d’inscription",
        help_text="Si l’on s’inscrit sur une page internet. Par exemple https://www.exemple.fr/inscription",
        required=False,
        max_length=500,
    )
    registration_email = EmailField(
        label="Adresse électronique des inscriptions",
        help_text="Si l’on s’inscrit par courriel. Elle sera publique. Format attendu : nom@exemple.fr",
        required=False,
        max_length=254,
    )
    registration_phone = PhoneField(
        label="Téléphone des inscriptions",
        help_text="Si l’on s’inscrit par téléphone. Il sera public. Par exemple 01 23 45 67 89.",
        required=False,
    )
    is_accessible = forms.BooleanField(label="Le lieu est accessible aux personnes à mobilité réduite", required=False)
    accessibility = TextField(
        label="Précisions sur l’accessibilité",
        help_text="Par exemple : visite traduite en langue des signes, boucle magnétique, parcours adapté.",
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targeted = self.event.edition.audiences.all()
        audiences = offered(targeted or Audience.objects.all(), self.event)
        self.fields["audiences"].queryset = audiences  # type: ignore[attr-defined]
        self.fields["levels"].queryset = offered(Level.objects.all(), self.event)  # type: ignore[attr-defined]

    @classmethod
    def agree(cls, application: Application, cleaned: Mapping[str, Any]) -> bool:
        """Aimed at those whom the edition is for, with the contact of the chosen way to register."""
        event = application.event
        audiences = {audience.pk for audience in event.audiences.all()}
        targeted = {audience.pk for audience in event.edition.audiences.all()}
        contact = _CONTACTS.get(cleaned["registration"])
        is_reached = contact is None or cleaned[contact[0]] not in {None, ""}
        return is_reached and bool(audiences) and (not targeted or audiences <= targeted)

    def proposed(self) -> dict[str, Any]:
        return {"price": "0"}

    def layout(self) -> Layout:
        contacts = (shown_if(f"registration={kind}", name) for kind, (name, _) in _CONTACTS.items())
        return Layout(
            Fieldset(
                "Publics",
                question("audiences", shown_if(f"audiences={'|'.join(PUPILS)}", "levels", "group_size")),
                question("minimum_age", "safety_equipment"),
            ),
            Fieldset("Prix et inscription", "price", question("registration", *contacts)),
            Fieldset("Accessibilité", question("is_accessible", "accessibility")),
        )

    def clean(self) -> dict[str, Any]:
        self._keep_one_contact()
        audiences = self.cleaned_data.get("audiences")
        if audiences is not None and not {audience.slug for audience in audiences} & set(PUPILS):
            self.without_errors("levels", then=Level.objects.none())
            self.without_errors("group_size", then=None)
        return self.cleaned_data

    def _keep_one_contact(self) -> None:
        """Only the contact of the chosen way is asked for, and only that one is kept: it becomes public."""
        chosen = self.cleaned_data.get("registration")
        if chosen is None:
            return
        for kind, (name, message) in _CONTACTS.items():
            if kind == chosen:
                self.require(name, message)
            else:
                self.without_errors(name)

    def warnings(self) -> list[str]:
        doubt = doubt_of(self.cleaned_data.get("registration_email") or "")
        return [doubt] if doubt else []
