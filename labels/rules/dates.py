"""First condition: the event takes place inside the edition's window, by the date at the venue."""

from datetime import date

from .terms import Condition, Declaration, Evidence, Finding, Outcome, Window

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_NAMED = 5


def takes_place_in_the_window(declaration: Declaration, window: Window) -> Finding:
    """Every slot counts, on its local date; a single one outside and the condition is not met."""
    span = f"la période du label (du {in_french(window.starts_on)} au {in_french(window.ends_on)})"
    days = sorted({slot.date for slot in declaration.slots})
    outside = [day for day in days if day not in window]
    if not days:
        return _finding(Outcome.NOT_MET, f"Ajoutez au moins une date comprise dans {span}.", [])
    if outside:
        verb = "sont" if len(outside) > 1 else "est"
        return _finding(Outcome.NOT_MET, f"{_enumerated(outside)} {verb} en dehors de {span}.", outside)
    subject = "Toutes les dates sont" if len(days) > 1 else "La date est"
    return _finding(Outcome.MET, f"{subject} dans {span}.", days)


def in_french(day: date) -> str:
    """« 1er novembre 2025 »."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def _enumerated(days: list[date]) -> str:
    if len(days) == 1:
        return f"La date du {in_french(days[0])}"
    named = [f"du {in_french(day)}" for day in days[:_NAMED]]
    others = len(days) - len(named)
    if others:
        return f"Les dates {', '.join(named)} et {others} autre{'s' if others > 1 else ''}"
    return f"Les dates {', '.join(named[:-1])} et {named[-1]}"


def _finding(outcome: Outcome, reason: str, days: list[date]) -> Finding:
    evidence = tuple(Evidence("slots", day.isoformat()) for day in days)
    return Finding(Condition.DATES, outcome, reason, evidence, "slots")
