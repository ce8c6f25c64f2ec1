"""The four findings as a page shows them, and the words of the event that they rest on, marked where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from events.diffs import label_of
from labels.admin.queue import OUTCOMES
from labels.models import Condition
from labels.rules import Evidence, Finding, Outcome, Verdict

TEXTS = ("title", "description", "purpose")


@dataclass(frozen=True)
class Excerpt:
    """``anchor`` names its place in the page; nothing where the page does not show that text."""

    text: str
    field: str
    anchor: str


@dataclass(frozen=True)
class FindingShown:
    """A finding in words."""

    condition: str
    outcome: str
    outcome_label: str
    reason: str
    excerpts: list[Excerpt]


def shown(verdict: Verdict, *, is_linked: bool = True) -> list[FindingShown]:
    """The findings; without links where the page does not show the texts that they were read from."""
    return [_shown(finding, is_linked=is_linked) for finding in verdict.findings]


def _shown(finding: Finding, *, is_linked: bool) -> FindingShown:
    return FindingShown(
        condition=Condition(finding.condition.value).label,
        outcome=finding.outcome.value,
        outcome_label=OUTCOMES[finding.outcome],
        reason=finding.reason,
        excerpts=[
            Excerpt(e.text, label_of(e.field), _anchor(e.field, e.start) if is_linked and e.end else "")
            for e in finding.evidence
            if e.field in TEXTS
        ],
    )


def _anchor(field: str, start: int) -> str:
    return f"extrait-{field}-{start}"


def marked_text(verdict: Verdict, field: str, text: str) -> SafeString:
    """``text`` with what the findings of ``verdict`` rest on marked."""
    evidence = [(e, f) for f in verdict.findings for e in f.evidence if e.field == field and e.end]
    return marked(text, evidence)


def marked(text: str, evidence: Sequence[tuple[Evidence, Finding]]) -> SafeString:
    """``text`` escaped, each excerpt in a ``mark`` that its finding leads to and that says its condition at its end."""
    cuts = sorted({0, len(text), *(c for e, _ in evidence for c in (e.start, e.end) if c <= len(text))})
    return format_html_join("", "{}", ((_piece(text, start, end, evidence),) for start, end in pairwise(cuts)))


def _piece(text: str, start: int, end: int, evidence: Iterable[tuple[Evidence, Finding]]) -> SafeString:
    within = [(e, finding) for e, finding in evidence if e.start <= start and end <= e.end]
    if not within:
        return format_html("{}", text[start:end])
    is_met = all(finding.outcome is Outcome.MET for _, finding in within)
    begins = next((format_html(' id="{}"', _anchor(e.field, start)) for e, _ in within if e.start == start), "")
    return format_html(
        '<mark class="{}"{}>{}{}</mark>',
        (Outcome.MET if is_met else Outcome.TO_EXAMINE).value,
        begins,
        text[start:end],
        _named([finding for e, finding in within if e.end == end]),
    )


def _named(findings: Sequence[Finding]) -> SafeString | str:
    """The conditions whose excerpt ends here: a colour alone tells nothing to who does not see it."""
    if not findings:
        return ""
    names = {f"{Condition(f.condition.value).label} : {OUTCOMES[f.outcome].lower()}": None for f in findings}
    return format_html('<span class="condition"> [{}]</span>', " ; ".join(names))
