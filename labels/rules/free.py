"""Fourth condition: the event is free. The declared price decides, the text may ask for a second look."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from . import lexicon_free as lexicon
from .reading import Text, texts
from .terms import Condition, Declaration, Evidence, Finding, Outcome

_SHOWN = 8
# From this amount on, a sum is a turnover, a wage or a grant, unless the words around say otherwise.
_TOO_DEAR_FOR_AN_ENTRY = Decimal(1000)


def is_free(declaration: Declaration) -> Finding:
    price = declaration.price
    if price is None:
        return _finding(Outcome.TO_EXAMINE, "Indiquez le prix demandé aux visiteurs\u00a0: 0\u00a0€ si c’est gratuit.")
    stated = Evidence("price", str(price))
    if not price.is_finite() or price < 0:
        return _finding(Outcome.TO_EXAMINE, "Le prix déclaré n’est pas un montant\u00a0: à examiner.", stated)
    if price > 0:
        reason = f"Un prix de {_euros(price)} est déclaré\u00a0: l’événement doit être entièrement gratuit."
        return _finding(Outcome.NOT_MET, reason, stated)
    charges = [charge for text in texts(declaration) for charge in _charges(text)]
    if charges:
        reason = f"Le prix déclaré est nul, mais le texte dit «\u00a0{charges[0].text}\u00a0»\u00a0: à examiner."
        return Finding(Condition.FREE, Outcome.TO_EXAMINE, reason, tuple(charges[:_SHOWN]), charges[0].field)
    said = [text.evidence(*match.span()) for text in texts(declaration) for match in lexicon.FREE.finditer(text.folded)]
    return _finding(Outcome.MET, "Aucun paiement n’est demandé.", stated, *said[: _SHOWN - 1])


def _charges(text: Text) -> Iterator[Evidence]:
    """The words that look like a payment asked from the visitor, in the order of the text."""
    spans = [match.span() for match in lexicon.CHARGE.finditer(text.folded) if not _is_excused(text, match)]
    spans += [match.span() for match in lexicon.AMOUNT.finditer(text.folded) if not _is_harmless(text, match)]
    spans += [match.span() for match in lexicon.ALWAYS_A_CHARGE.finditer(text.folded)]
    spans += [match.span() for match in lexicon.PRICE_LIST.finditer(text.folded)]
    end_of_last = 0
    for start, end in sorted(spans):
        if start >= end_of_last:
            yield text.evidence(start, end)
            end_of_last = end


def _is_excused(text: Text, match: re.Match[str]) -> bool:
    """Denied, said of parking or of other days, or paid by somebody else."""
    start, end = match.span()
    if lexicon.DENIED_BEFORE.search(text.before(start, 60)) or lexicon.DENIED_AFTER.match(text.folded, end):
        return True
    if lexicon.OWN_JOURNEY_BEFORE.search(text.before(start, 40)) or lexicon.OWN_JOURNEY_AFTER.match(text.folded, end):
        return True
    if lexicon.PAID_BY_ANOTHER.search(text.after(end, 60)):
        return True
    return _is_of_other_days(text, start, end)


def _is_harmless(text: Text, match: re.Match[str]) -> bool:
    """Nothing, a wage, a grant, a prize, an investment… or excused as any charge."""
    start, end = match.span()
    amount = _amount(match)
    if amount == 0:
        return True
    before, after = text.before(start, 90), text.after(end, 60)
    # « entrée\u00a0: 5\u00a0€ » is a fee, whatever wages or grants the sentence also names.
    if lexicon.ASKED_BEFORE.search(before) or lexicon.ASKED_AFTER.search(after):
        return _is_excused(text, match)
    if amount is not None and amount >= _TOO_DEAR_FOR_AN_ENTRY:
        return True
    if lexicon.MONEY_OF_OTHERS_BEFORE.search(before) or lexicon.MONEY_OF_OTHERS_AFTER.match(text.folded, end):
        return True
    return _is_excused(text, match)


def _is_of_other_days(text: Text, start: int, end: int) -> bool:
    """« Toute l’année nos visites coûtent 12\u00a0€ » excuses the amount only where this event is said to be free."""
    around = text.before(start, 120) + text.folded[start:end] + text.after(end, 80)
    return lexicon.OTHER_DAYS.search(around) is not None and _says_free(text.folded)


@lru_cache(maxsize=16)
def _says_free(folded: str) -> bool:
    return lexicon.FREE.search(folded) is not None


def _amount(match: re.Match[str]) -> Decimal | None:
    digits = re.sub(r"[ ']", "", match["number"] or match["number_after"] or "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits):
        digits = digits.replace(".", "")
    digits = digits.replace(",", ".")
    if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,2})?", digits):
        return Decimal(digits)
    return Decimal(0) if match[0].startswith("zero") else None


def _euros(price: Decimal) -> str:
    text = f"{price:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
        units, _, cents = text.partition(".")
        text = f"{units},{cents:0<2}" if cents else units
    return f"{text}\u00a0€"


def _finding(outcome: Outcome, reason: str, *evidence: Evidence) -> Finding:
    return Finding(Condition.FREE, outcome, reason, evidence, "price")
