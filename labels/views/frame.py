"""What stands around each page of the form: the way through it, the edition's dates, the four findings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from events.models import Event
from labels.forms import RESTS_ON, REVIEW, STEPS, label_of_field, step_of_field
from labels.models import Application, Condition, State
from labels.readiness import sending
from labels.rules import Finding, Outcome, Verdict

REVIEW_HEADING = "Vérification et dépôt"


@dataclass(frozen=True)
class Reading:
    """One finding with the words and the address that the page shows.

    ``standing`` is ``met``, ``missing`` (not answered yet), ``proposed`` (the page shows an answer that is not kept
    yet), ``unmet`` (keeps from sending) or ``advice``: a doubt that an examiner settles, and that keeps from nothing.
    """

    finding: Finding
    label: str
    url: str
    standing: str


def frame(found: Application, slug: str, verdict: Verdict, proposed: Collection[str] = ()) -> dict[str, Any]:
    """``proposed`` names the fields of the page that show an answer not kept yet."""
    headings = {**{item.slug: item.heading for item in STEPS}, REVIEW: REVIEW_HEADING}
    urls = {item: reverse("labels:step", args=[found.reference, item]) for item in headings}
    steps = [(item, heading, urls[item]) for item, heading in headings.items()]
    number = list(headings).index(slug) + 1
    readings = [_reading(found, urls, finding, proposed) for finding in verdict.findings]
    asked = found.asked.conditions if found.asked else []
    return {
        "application": found,
        "event": found.event,
        "edition": found.event.edition,
        "steps": steps,
        "number": number,
        "slug": slug,
        "heading": steps[number - 1][1],
        "next_heading": steps[number][1] if number < len(steps) else "",
        "previous_slug": steps[number - 2][0] if number > 1 else "",
        "readings": readings,
        "met": sum(reading.standing == "met" for reading in readings),
        "sending": sending(found, State(found.state)),
        "asked": [(Condition(item).label, _fields(urls, item)) for item in asked],
        "asked_steps": {step_of_field(field)[0] for item in asked for field in RESTS_ON[item]},
    }


def _fields(urls: Mapping[str, str], condition: str) -> list[tuple[str, str]]:
    """The questions that the correction of ``condition`` rests on, with their addresses."""
    return [(label_of_field(field), _url(urls, field)) for field in RESTS_ON[condition]]


def _url(urls: Mapping[str, str], field: str) -> str:
    slug, anchor = step_of_field(field)
    return f"{urls[slug]}#{anchor}"


def _reading(found: Application, urls: Mapping[str, str], finding: Finding, proposed: Collection[str]) -> Reading:
    url = _url(urls, finding.field)
    return Reading(finding, Condition(finding.condition.value).label, url, _standing(found.event, finding, proposed))


def _standing(event: Event, finding: Finding, proposed: Collection[str]) -> str:
    if finding.outcome is Outcome.MET:
        return "met"
    if not _is_answered(event, finding.field):
        return "proposed" if finding.field in proposed else "missing"
    return "unmet" if finding.outcome is Outcome.NOT_MET else "advice"


def _is_answered(event: Event, field: str) -> bool:
    value = getattr(event, field)
    return bool(value.all()) if hasattr(value, "all") else value not in {None, ""}
