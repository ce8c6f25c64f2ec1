"""What the steps of the application form share: each keeps what is valid, whatever is wrong beside it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar, Self, TypeVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from core.whole import whole
from events.models import Event, ListItem
from labels.forms.requests import RequestedField, requests_of
from labels.models import Application
from labels.rules import Outcome, Verdict

_Item = TypeVar("_Item", bound=ListItem)


class NoLongerEditable(Exception):
    """The application changed state while its form was open; nothing was stored."""


class Overtaken(Exception):
    """Somebody saved another version of the page since it was read; nothing was stored."""

    def __init__(self, stored: "StepForm") -> None:
        super().__init__()
        self.stored = stored


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

    bound_field_class = RequestedField
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
        self._stored = self.stored()
        self.unanswered = {
            name: value for name, value in self.proposed().items() if self._stored.get(name) in {None, ""}
        }
        super().__init__(data, files, initial={**self._stored, **self.unanswered})
        for field in self.fields.values():
            count_characters_aloud(field)
        for name in self.unanswered.keys() & self.fields.keys():
            self.fields[name].widget.attrs["data-proposed"] = ""
        for name in self.asked:
            self.fields[name].widget.is_required = True

    @cached_property
    def requests(self) -> dict[str, str]:
        return requests_of(self.application)

    @classmethod
    def is_plainly_whole(cls, application: Application, verdict: Verdict) -> bool:
        """Whether nothing of this page keeps ``application`` from being sent, read without building the form.

        Never said of a page whose form finds a flaw. Where it is denied, the form is asked, and has the words.
        """
        if any(finding.outcome is Outcome.NOT_MET and finding.field in cls.base_fields for finding in verdict.findings):
            return False
        answers = cls.answers(application)
        try:
            cleaned = {name: cls.base_fields[name].clean(value) for name, value in answers.items()}
        except forms.ValidationError:
            return False
        return cls.agree(application, cleaned)

    @classmethod
    def answers(cls, application: Application) -> dict[str, Any]:
        """What is kept in fields that judge it by themselves, entries of lists apart."""
        names = (name for name in cls.columns if not isinstance(cls.base_fields[name], forms.ModelChoiceField))
        return {name: getattr(application.event, name) for name in names}

    @classmethod
    def agree(cls, application: Application, cleaned: Mapping[str, Any]) -> bool:
        """Whether the answers, each what its field takes, are all there and go together: ``clean``, on what is kept."""
        return True

    def stored(self) -> dict[str, Any]:
        """What is kept so far, as a browser would post it."""
        columns = {name: _as_posted(getattr(self.event, name)) for name in self.columns}
        lists = {name: [item.slug for item in getattr(self.event, name).all()] for name in self.relations}
        return {**columns, **lists}

    def as_posted(self) -> dict[str, Any]:
        """All that was kept of this page when it was read, to be validated as if it were sent again."""
        return dict(self._stored)

    @property
    def fingerprint(self) -> str:
        """Names what was kept of this page when it was read: another answer has another name."""
        return sha256(json.dumps(self.as_posted(), sort_keys=True, default=str).encode()).hexdigest()[:20]

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

    def save(self, has_seen: "Callable[[StepForm], bool] | None" = None) -> Self:
        """Store every valid field, and return the page as it is now kept.

        Raises Gone when something chosen was deleted since the form was read (read anew, it says so beside its field),
        NoLongerEditable when the application is no longer the organiser's, and Overtaken when ``has_seen`` denies that
        the organiser has seen what is kept by now, and they hold anything else than that.
        """
        self.look_up()
        with whole():
            self.hold()
            if not self.application.hold():
                raise NoLongerEditable
            before = self._as_kept() if has_seen else None
            self.store()
            after = self._as_kept()
            if before and has_seen and not has_seen(before) and self._differs(before, after):
                raise Overtaken(before)
            after.event.index()
        return after

    def _differs(self, before: "StepForm", after: "StepForm") -> bool:
        return before.fingerprint != after.fingerprint or not self.is_valid()

    def _as_kept(self) -> Self:
        return type(self)(Application.objects.for_verdict().get(pk=self.application.pk), self.user)

    def look_up(self) -> None:
        """Ask outside services what ``store`` will want to know: no row may be held while they answer."""

    def hold(self) -> None:
        """Keep from others, before the application, what ``store`` counts on. Raises Gone where it is no more."""

    def store(self) -> None:
        kept = [name for name in self.columns if name in self.cleaned_data]
        for name in kept:
            setattr(self.event, name, self.cleaned_data[name])
        self.event.save(update_fields=[*kept, "updated_at"])
        for name in self.relations:
            if name in self.cleaned_data:
                getattr(self.event, name).set(self.cleaned_data[name])

    def spoken(self) -> dict[str, str]:
        """Each question with the answer that the page shows, in words."""
        return {str(bound.label): in_words(bound) for bound in self.visible_fields()}

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


def question(*fields: Any) -> Div:
    """Fields that make one question of those a page asks: an answer and what it depends on."""
    return Div(*fields, data_question="")


def in_words(bound: forms.BoundField) -> str:
    """What a field holds, as it was typed or kept, in the words that its page shows."""
    value = bound.value()
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        labels = {str(key): str(label) for key, label in choices}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(item), str(item)) for item in chosen if item not in {None, ""})
    if isinstance(bound.field, forms.BooleanField):
        return "Oui" if value else "Non"
    if isinstance(bound.field, forms.DateField | forms.TimeField):
        with suppress(forms.ValidationError):
            value = bound.field.to_python(value)
    if isinstance(value, date | time):
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else f"{value:%H:%M}"
    return "" if value is None else str(value)


def _as_posted(value: Any) -> Any:
    return value.slug if isinstance(value, ListItem) else value


def count_characters_aloud(field: forms.Field) -> None:
    """A counter instead of the ``maxlength`` that cuts a pasted text without a word."""
    if limit := field.widget.attrs.pop("maxlength", None):
        field.widget.attrs["data-max-length"] = limit
