"""Accounts: the staff's, opened and closed by who manages them; organisers', who name themselves.

``labels.admin`` registers it, with the erasure of an organiser.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts import second_factor, staff
from accounts.models import User
from core.admin.lists import ColumnFilter, ListAdmin
from core.fields import EmailField, TextField
from places.models import Region


class AccountForm(forms.ModelForm[User]):
    # Who fills it in; set by the admin.
    by: User
    email = EmailField(label="Adresse électronique", max_length=254)
    name = TextField(label="Nom", max_length=120, required=False)

    class Meta:
        model = User
        fields = ("email", "name", "is_active", "is_superuser", "groups", "regions")
        labels = {"is_superuser": "Compte d’administration technique"}
        help_texts = {
            "is_active": "Décoché, le compte n’ouvre plus rien, dès la page suivante.",
            "is_superuser": "Peut tout, y compris ouvrir d’autres comptes comme celui-ci et effacer une demande.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = staff.rights_of(self.instance) if self.instance.pk else {}
        if self.instance.pk and self.instance.pk == self.by.pk:
            self.fields["is_active"].disabled = True
            self.fields["is_active"].help_text = "On ne ferme pas son propre compte."

    def clean_email(self) -> str:
        """Addresses are compared in lower case, as they are stored."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Un compte existe déjà à cette adresse.", code="unique")
        return email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        account = self.instance
        stays = values.get("is_superuser", account.is_superuser) and values.get("is_active", account.is_active)
        is_one = account.pk and account.is_superuser and account.is_active
        if is_one and not stays and staff.is_the_last_superuser(account):
            self.add_error(None, "C’est le dernier administrateur technique : nommez-en un autre d’abord.")
        return values


class StaffFilter(ColumnFilter):
    title = "compte"
    parameter_name = "compte"
    column = "is_staff"
    choices_offered = (("True", "Agents de l’État"), ("False", "Organisateurs"))


class ActiveFilter(ColumnFilter):
    title = "accès"
    parameter_name = "acces"
    column = "is_active"
    choices_offered = (("True", "Ouvert"), ("False", "Fermé"))


class RegionFilter(ColumnFilter):
    title = "région instruite"
    parameter_name = "region"
    column = "regions"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Any:
        return Region.objects.named()


class UserAdmin(ListAdmin[User]):
    form = AccountForm
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("email", "name", "role", "is_active", "region_names", "has_factor", "last_login")
    list_filter = (StaffFilter, ActiveFilter, RegionFilter)
    search_fields = ("email", "name")
    ordering = ("email",)
    _identity = (None, {"fields": ("email", "name", "is_active")})
    _rights = ("Instruction", {"fields": ("groups", "regions")})
    _technical = ("Administration technique", {"fields": ("is_superuser",)})
    _dates = ("Dates", {"fields": ("last_login", "created_at")})

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return staff.manages(request.user) or staff.erases(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return staff.manages(request.user)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return staff.manages(request.user) if obj is None else staff.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Staff for who manages them, organisers for who may erase them."""
        found = super().get_queryset(request).prefetch_related("regions", "groups")
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.MAIN)
        found = found.annotate(with_factor=Exists(factors))
        if staff.manages(request.user) and staff.erases(request.user):
            return found
        return found.filter(is_staff=staff.manages(request.user))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """An organiser has no group and no région to examine; who is a superuser is superusers' to see."""
        if obj is None:
            return ((None, {"fields": ("email", "name")}), self._rights)
        if not obj.is_staff:
            return (self._identity, self._dates)
        technical = (self._technical,) if request.user.is_superuser else ()
        return (self._identity, self._rights, *technical, self._dates)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """An address opens the account by « Mot de passe oublié »: it is a superuser's to change."""
        dates = ("last_login", "created_at")
        return dates if obj is None or request.user.is_superuser else (*dates, "email")

    def get_form(self, request: HttpRequest, obj: User | None = None, *args: Any, **kwargs: Any) -> type[Any]:
        form = super().get_form(request, obj, *args, **kwargs)
        form.by = request.user
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs)
        if field and db_field.name == "groups":
            field.help_text = ""
        if field and db_field.name == "regions":
            field.choices = Region.objects.named()
        return field

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Accounts made here are the staff's: an organiser's makes itself at the first sign-in."""
        if not change:
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        by: Any = request.user
        if change:
            staff.changed(form.instance, form.before, by=by)
        else:
            staff.opened(form.instance, by=by)
            told = f"Un lien vient de partir à {form.instance.email} pour choisir un mot de passe. Il vaut trois jours."
            messages.info(request, told)

    # What is asked twice ------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/lien/", self.admin_site.admin_view(self.send_link), name="accounts_user_send_link"),
            path(
                "<int:pk>/second-facteur/",
                self.admin_site.admin_view(self.remove_factors),
                name="accounts_user_remove_factors",
            ),
        ]
        return [*own, *super().get_urls()]

    def send_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._of_staff(request, pk)

        def deed() -> str:
            staff.send_link(account, by=request.user)  # type: ignore[arg-type]
            return f"Un lien vient de partir à {account.email}. Il vaut trois jours."

        question = (
            f"Un lien pour choisir un mot de passe partira à {account.email}. Son mot de passe actuel sert encore."
        )
        return self._twice(request, account, deed, title="Envoyer un lien", question=question, button="Envoyer le lien")

    def remove_factors(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._of_staff(request, pk)
        if account.pk == request.user.pk:
            raise PermissionDenied("On ne retire pas son propre second facteur ici : voyez « Sécurité ».")

        def deed() -> str:
            staff.remove_factors(account, by=request.user)  # type: ignore[arg-type]
            return f"Le second facteur de {account.email} est retiré, et un courriel le lui dit."

        question = (
            f"Application, clés d’accès et codes de secours de {account.email} ne serviront plus ; ses sessions se "
            "ferment. À sa prochaine connexion, un autre second facteur lui sera demandé. Vérifiez par téléphone que "
            "c’est bien cette personne qui le demande."
        )
        return self._twice(
            request, account, deed, title="Retirer le second facteur", question=question, button="Retirer"
        )

    def _of_staff(self, request: HttpRequest, pk: int) -> User:
        account = self.get_queryset(request).filter(pk=pk, is_staff=True).first()
        if not self.has_view_permission(request):
            raise PermissionDenied
        if account is None:
            raise Http404("Aucun agent n’a ce compte.")
        if not staff.may_change(request.user, account) or not account.is_active:
            raise PermissionDenied("Ce compte n’est pas de ceux que vous réglez, ou il est fermé.")
        return account

    def _twice(
        self, request: HttpRequest, account: User, deed: Callable[[], str], *, title: str, question: str, button: str
    ) -> HttpResponse:
        """GET asks; POST does, and goes back to the account."""
        page = reverse("admin:accounts_user_change", args=[account.pk])
        if request.method == "POST":
            messages.success(request, deed())
            return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "account": account,
            "question": question,
            "button": button,
        }
        return TemplateResponse(request, "admin/accounts/user/confirm.html", context)

    @admin.display(description="rôle", empty_value="–")
    def role(self, user: User) -> str | None:
        if not user.is_staff:
            return "Organisateur"
        names = [group.name for group in user.groups.all()]
        return ", ".join(["Administration technique"] * user.is_superuser + names) or None

    @admin.display(description="régions instruites", empty_value="–")
    def region_names(self, user: User) -> str | None:
        return ", ".join(region.name for region in user.regions.all()) or None

    @admin.display(description="second facteur", empty_value="–")
    def has_factor(self, user: Any) -> str | None:
        return ("oui" if user.with_factor else "non") if user.is_staff else None
