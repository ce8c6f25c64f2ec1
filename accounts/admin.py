"""Accounts; staff are named by a superuser, organisers name themselves."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from core.admin.lists import ColumnFilter, ListAdmin
from core.fields import EmailField, TextField
from places.models import Region

if TYPE_CHECKING:
    _UserAdmin = DjangoUserAdmin[User]
else:
    _UserAdmin = DjangoUserAdmin


class _Cleaned(forms.ModelForm[User]):
    email = EmailField(label="Adresse électronique", max_length=254)
    name = TextField(label="Nom", max_length=120, required=False)

    def clean_email(self) -> str:
        """Addresses are compared in lower case, as they are stored."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Un compte existe déjà à cette adresse.", code="unique")
        return email


class StaffCreationForm(_Cleaned, BaseUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name")


class AccountForm(_Cleaned, UserChangeForm[User]):
    class Meta:
        model = User
        fields = ("email", "name", "is_active")


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
        return Region.objects.values_list("code", "name")


class SuperuserOnly(ListAdmin[Any]):
    """Whoever writes accounts could make themselves anything: no group is given it. Nothing is deleted here."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_superuser

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(User)
class UserAdmin(SuperuserOnly, _UserAdmin):
    form = AccountForm
    add_form = StaffCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "is_staff", "is_active", "region_names", "last_login")
    list_filter = (StaffFilter, ActiveFilter, RegionFilter)
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("groups", "regions")
    readonly_fields = ("last_login", "created_at")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),)
    _identity = (None, {"fields": ("email", "name", "is_active")})
    _dates = ("Dates", {"fields": ("last_login", "created_at")})

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("regions")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """An organiser has no password, no group and no région to examine."""
        if obj is None:
            return self.add_fieldsets
        if not obj.is_staff:
            return (self._identity, self._dates)
        rights = ("Instruction", {"fields": ("groups", "regions")})
        return (self._identity, ("Mot de passe", {"fields": ("password",)}), rights, self._dates)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Accounts made here are the staff's: an organiser's makes itself at the first sign-in."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        user = self.get_object(request, id)
        if user is None or not user.is_staff:
            raise Http404("Seuls les agents ont un mot de passe.")
        return super().user_change_password(request, id, form_url)

    def get_form(self, request: HttpRequest, obj: User | None = None, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if obj is not None and obj.pk == request.user.pk and "is_active" in form.base_fields:
            form.base_fields["is_active"].disabled = True
            form.base_fields["is_active"].help_text = "On ne ferme pas son propre compte."
        return form

    @admin.display(description="régions instruites", empty_value="–")
    def region_names(self, user: User) -> str | None:
        return ", ".join(region.name for region in user.regions.all()) or None
