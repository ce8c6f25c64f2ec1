"""The small forms of an organisation's page: who is invited, in which role, who is let in."""

from typing import Any

from django import forms

from accounts.models import Membership, Organisation, User
from core.fields import EmailField
from labels import organisations


class MembershipForm(forms.Form):
    role = forms.ChoiceField(choices=Membership.Role.choices)


class InvitationForm(forms.Form):
    email = EmailField(
        label="Adresse électronique de votre collègue",
        help_text="Format attendu : prenom.nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "fr-input", "autocomplete": "off"}),
        error_messages={"required": "Saisissez une adresse électronique."},
    )
    role = forms.ChoiceField(
        label="Rôle",
        choices=Membership.Role.choices,
        initial=Membership.Role.MEMBER,
        widget=forms.Select(attrs={"class": "fr-select"}),
        help_text="Un responsable invite des collègues et gère les membres ; un membre dépose et suit les demandes.",
        error_messages={"invalid_choice": "Choisissez un rôle de la liste.", "required": "Choisissez un rôle."},
    )

    def __init__(self, data: Any = None, organisation: Organisation | None = None) -> None:
        super().__init__(data)
        self.organisation = organisation

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if self.organisation and self.organisation.members.filter(email=email).exists():
            raise forms.ValidationError("Cette personne fait déjà partie de l’organisme.", code="member")
        return email


class ApplicantForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none())

    def __init__(self, data: Any, organisation: Organisation) -> None:
        super().__init__(data)
        self.fields["user"].queryset = organisations.applicants(organisation)  # type: ignore[attr-defined]


class ConfirmationForm(forms.Form):
    is_confirmed = forms.BooleanField()
