"""What the steps of the application form share: each keeps what is valid, whatever is wrong beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from events.models import Event, ListItem
from labels.models import Application
from labels.rules import Outcome, Verdict

_Item = TypeVar("_Item", bound=ListItem)


class NoLongerEditable(Exception):
    """The application changed state while its form was open; nothing was stored."""


@dataclass(frozen=True)
class Flaw:
    """Something wrong or missing: the words, and the field of the page where it is mended."""

    step: str
    anchor: str
    label: str
    message: str


class StepForm(forms.Form):
    """One page of the form, over an event that may still lack anything.

    ``columns`` and ``relations`` name the fields that are attributes of the event and are stored as they are;
    a form that needs more widens ``stored`` and ``store``.
    """

    slug: ClassVar[str]
    heading: ClassVar[str]
    columns: ClassVar[tuple[str, ...]] = ()
    relations: ClassVar[tuple[str, ...]] = ()
    # Not required by themselves, but by what is answered elsewhere on the page: not to be marked as optional.
    asked: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        application: Application,
        user: User,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        self.application = application
        self.event: Event = application.event
        self.user = user
        stored = self.stored()
        proposed = {name: value for name, value in self.proposed().items() if stored.get(name) in {None, ""}}
        super().__init__(data, files, initial={**stored, **proposed})
        for field in self.fields.values():
            _count_characters_aloud(field)
        for name in self.asked:
            self.fields[name].widget.is_required = True

    def stored(self) -> dict[str, Any]:
        """What is kept so far, as a browser would post it."""
        columns = {name: _as_posted(getattr(self.event, name)) for name in self.columns}
        lists = {name: [item.slug for item in getattr(self.event, name).all()] for name in self.relations}
        return {**columns, **lists}

    def as_posted(self) -> dict[str, Any]:
        """All that is kept of this page, to be validated as if it were sent again."""
        return self.stored()

    def proposed(self) -> dict[str, Any]:
        """What is shown in fields never filled, and kept only once the organiser saves it."""
        return {}

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self.layout()
        return helper

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def save(self) -> None:
        """Store every valid field; raises NoLongerEditable when the application is no longer the organiser's."""
        with transaction.atomic():
            if not self.application.hold():
                raise NoLongerEditable
            self.store()
            self.event.index()

    def store(self) -> None:
        kept = [name for name in self.columns if name in self.cleaned_data]
        for name in kept:
            setattr(self.event, name, self.cleaned_data[name])
        self.event.save(update_fields=[*kept, "updated_at"])
        for name in self.relations:
            if name in self.cleaned_data:
                getattr(self.event, name).set(self.cleaned_data[name])

    def judge(self, verdict: Verdict) -> None:
        """Put the reason of each condition plainly unmet beside the field that it rests on."""
        for finding in verdict.findings:
            if finding.outcome is Outcome.NOT_MET and finding.field in self.fields and finding.field not in self.errors:
                self.add_error(finding.field, finding.reason)

    def warnings(self) -> list[str]:
        """What was stored but may not be meant, in French sentences."""
        return []

    def flaws(self) -> list[Flaw]:
        return list(self._flaws_of(self))

    def _flaws_of(self, form: forms.BaseForm) -> Iterator[Flaw]:
        for name, messages in form.errors.items():
            if name in form.fields:
                bound = form[name]
                anchor = bound.id_for_label or f"{bound.auto_id}_0"
                yield from (Flaw(self.slug, anchor, str(bound.label), str(message)) for message in messages)
            else:
                yield from (Flaw(self.slug, "formulaire", self.heading, str(message)) for message in messages)

    def without_errors(self, *names: str, then: Any = "") -> None:
        """Take ``names`` out of the question: what they hold does not count, and becomes ``then``."""
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data[name] = then

    def require(self, name: str, message: str) -> None:
        if self.cleaned_data.get(name) in {None, ""} and name not in self.errors:
            self.add_error(name, forms.ValidationError(message, code="required"))


def offered(items: QuerySet[_Item], event: Event) -> QuerySet[_Item]:
    """The entries proposed this year, and those the event already has."""
    return items.filter(Q(is_active=True) | Q(events=event)).distinct()


def shown_if(condition: str, *fields: Any) -> Div:
    """Fields that a script hides until ``condition``, ``name=value`` or ``name=one|other``, holds."""
    return Div(*fields, data_shown_if=condition)


def _as_posted(value: Any) -> Any:
    return value.slug if isinstance(value, ListItem) else value


def _count_characters_aloud(field: forms.Field) -> None:
    """A counter instead of the ``maxlength`` that cuts a pasted text without a word."""
    if limit := field.widget.attrs.pop("maxlength", None):
        field.widget.attrs["data-max-length"] = limit
