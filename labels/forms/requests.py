"""What an examiner asked for in sending an application back, beside each field that a correction rests on."""

from functools import cached_property

from django import forms

from labels.models import Application, Condition

# Where the correction of each condition begins comes first.
RESTS_ON: dict[str, tuple[str, ...]] = {
    Condition.DATES: ("slots",),
    Condition.AUDIENCES: ("audiences",),
    Condition.INDUSTRY: ("purpose", "description"),
    Condition.FREE: ("price", "description"),
}


def requests_of(application: Application) -> dict[str, str]:
    """The examiner's words by field; none unless the application waits to be corrected."""
    asked = application.asked
    if asked is None:
        return {}
    names: dict[str, list[str]] = {}
    for condition in asked.conditions:
        for field in RESTS_ON[condition]:
            names.setdefault(field, []).append(Condition(condition).label.lower())
    return {
        field: f"Demandé par l’examinateur ({', '.join(labels)})\u00a0: {asked.note}" for field, labels in names.items()
    }


class RequestedField(forms.BoundField):
    """A field that says what was asked of it, to the eye and to a screen reader."""

    @cached_property
    def request(self) -> str:
        requests: dict[str, str] = getattr(self.form, "requests", {})
        return requests.get(self.name, "")

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        return f"{self.auto_id}_request {described or ''}".strip() if self.request else described
