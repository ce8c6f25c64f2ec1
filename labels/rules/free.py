"""Fourth condition: the event is free. The declared price decides, the text may ask for a second look."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice

from .lexicon import load
from .reading import Text, texts
from .terms import Condition, Declaration, Evidence, Finding, Outcome

_SHOWN = 8
# From this amount on, a sum is a turnover, a wage or a grant, unless the words around say otherwise.
_TOO_DEAR_FOR_AN_ENTRY = Decimal(1000)
# « salaire d’entrée 2 150 € », « paie annoncée d’entrée : 1 950 € »: the entry is that of a career.
_WAGE = re.compile(r"\b(?:salaire|paie|remuneration|brut|smic)")

_CURRENCY = r"(?:€|euros?\b|eur\b|eu\b)"
_NUMBER = (
    "une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante"
    "|cinquante|soixante|cents?|mille"
)
# « 5 € », « 1 200,50 euros », « € 5 », « 5€50 », « dix euros »; not « 14 M€ » nor « 3 millions d’euros ».
_AMOUNT = re.compile(
    r"(?<![\w,.])(?P<number>[0-9]{1,3}(?:[ .'][0-9]{3}){1,3}(?:,[0-9]{1,2})?|[0-9]{1,9}(?:[.,][0-9]{1,2})?)"
    rf"(?: ?(?:ou|a|-) ?[0-9]{{1,4}})? ?{_CURRENCY}(?:[0-9]{{2}})?(?! ?/ ?h\b)"
    rf"|€ ?(?P<number_after>[0-9]{{1,6}}(?:[.,][0-9]{{1,2}})?)"
    r"|\b(?:dizaine|douzaine|quinzaine|vingtaine|trentaine) d.euros\b"
    rf"|\b(?:zero|quelques|(?:(?:{_NUMBER})[ -](?:et[ -])?){{0,3}}(?:{_NUMBER})) euros?(?: symboliques?)?\b"
)
_PRICE = (
    r" ?[:=]? ?[0-9]{1,3}(?:[.,][0-9]{1,2})?(?! ?(?:h|:|ans|/|%|min|minutes|places|personnes|eleves|m|km|a"
    r"|et|jours|ateliers)\b)(?![0-9h:])"
)
_WORDS = load("free")
# « adultes 9, étudiants 6 »: two prices and no currency.
_GUEST = _WORDS["guest"].expression
_PRICE_LIST = re.compile(rf"\b(?:{_GUEST}){_PRICE}[^.!?0-9]{{1,60}}\b(?:{_GUEST})(?: \([^)]{{0,60}}\))?{_PRICE}")
# « …/?prix=12 »: the page where one registers names what it asks for.
_PRICED_LINK = re.compile(
    r"\b(?:prix|tarifs?|montant|price|amount)=0*(?:[1-9][0-9]*(?:[.,][0-9]+)?|[.,]0*[1-9][0-9]*)", re.IGNORECASE
)
CHARGE = _WORDS["charge"].compile()
BOUNDED = _WORDS["bounded"].compile()
FREE = _WORDS["free"].compile()
ASKED_BEFORE = _WORDS["asked_before"].compile(r"\b(?:{})(?!\w)[^,]{0,30}$")
ASKED_AFTER = _WORDS["asked_after"].compile(r"^ ?(?:{})(?!\w)")
OTHERS_BEFORE = _WORDS["others_before"].compile()
OTHERS_AFTER = _WORDS["others_after"].compile(r"^ ?(?:{})(?!\w)")
DENIED_BEFORE = _WORDS["denied_before"].compile(r"\b(?:{})(?: (?!oublier|compter|mais)[\w'-]+){0,2}[ '-]*$")
DENIED_AFTER = _WORDS["denied_after"].compile(r"^ ?(?:{})")
# « le parking du port est … », « votre vélo (ou louez-en un à la gare, … ».
JOURNEY_BEFORE = _WORDS["journey"].compile(
    r"\b(?:{})(?!\w)(?:(?: (?!entree|visite|inscription|tarif)[\w'()-]+){0,5}|[^().,]{0,20}\([^()]{0,70})"
    r" ?[:,]? ?(?:est |sont |reste |a )?(?:payant\w*,? (?:et )?)?$"
)
JOURNEY_AFTER = _WORDS["journey"].compile(
    r"^ ?(?:de |d'|du |des |pour |le |la |les |l'|au |aux |en |votre |leur |leurs )*(?:{})\b"
)
PAID_BY_BEFORE = _WORDS["paid_by_before"].compile(
    r"\b(?:{})(?: (?:ont|a|avons|ayant|qui|se|prend|prennent|tout|toujours|aussi|deja|bien|en))*"
    r"(?: pren\w+(?: [\w']+){1,3})?,? ?$"
)
SUBJECT = _WORDS["subject"].compile(r"^(?:{})(?!\w)")
TOLD = _WORDS["told"].compile()
PAYER = _WORDS["payer"].compile()
PAID_BY_ANOTHER = _WORDS["paid_by_another"].compile()
OTHER_DAYS = _WORDS["other_days"].compile()


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
    charges = tuple(islice(chain.from_iterable(map(_charges, texts(declaration))), _SHOWN))
    if charges:
        reason = f"Le prix déclaré est nul, mais le texte dit «\u00a0{charges[0].text}\u00a0»\u00a0: à examiner."
        return Finding(Condition.FREE, Outcome.TO_EXAMINE, reason, charges, charges[0].field)
    if link := _PRICED_LINK.search(declaration.registration_url):
        reason = f"Le prix déclaré est nul, mais la page d’inscription porte «\u00a0{link[0]}\u00a0»\u00a0: à examiner."
        evidence = Evidence("registration_url", link[0], *link.span())
        return Finding(Condition.FREE, Outcome.TO_EXAMINE, reason, (evidence,), "registration_url")
    said = [text.evidence(*match.span()) for text in texts(declaration) for match in FREE.finditer(text.folded)]
    return _finding(Outcome.MET, "Aucun paiement n’est demandé.", stated, *said[: _SHOWN - 1])


def _charges(text: Text) -> Iterator[Evidence]:
    """The words that look like a payment asked from the visitor, in the order of the text."""
    readings: tuple[tuple[re.Pattern[str], Callable[[Text, re.Match[str]], bool]], ...] = (
        (CHARGE, _is_excused),
        (_AMOUNT, _is_harmless),
        (BOUNDED, _never),
        (_PRICE_LIST, _never),
    )
    found = [(match, excuses) for pattern, excuses in readings for match in pattern.finditer(text.folded)]
    end_of_last = 0
    for match, excuses in sorted(found, key=lambda pair: pair[0].span()):
        if match.start() >= end_of_last and not excuses(text, match):
            yield text.evidence(*match.span())
            end_of_last = match.end()


def _never(text: Text, match: re.Match[str]) -> bool:
    """Gratuity with a limit is a payment for the others: nothing excuses it, nor a list of prices."""
    return False


def _is_excused(text: Text, match: re.Match[str]) -> bool:
    """Denied, told about, said of parking or of other days, or paid by somebody else."""
    start, end = match.span()
    if SUBJECT.search(match[0]) and _is_told(text, start, end):
        return True
    if DENIED_BEFORE.search(text.before(start, 60)) or DENIED_AFTER.search(text.folded[end : end + 60]):
        return True
    if JOURNEY_BEFORE.search(text.before(start, 90)) or JOURNEY_AFTER.search(text.folded[end : end + 60]):
        return True
    if PAID_BY_ANOTHER.search(text.after(end, 120)) or _is_paid_before(text, match):
        return True
    return _is_of_other_days(text, start, end)


def _is_paid_before(text: Text, match: re.Match[str]) -> bool:
    """« les exposants paient », « l’usine prend tout à sa charge »."""
    verb = match[0].startswith(("paie", "a sa charge", "verse", "regle", "a leur charge"))
    return verb and PAID_BY_BEFORE.search(text.before(match.start(), 60)) is not None


def _is_told(text: Text, start: int, end: int) -> bool:
    """« le prix du mètre cube (2\u00a0€) sera expliqué »: money is talked of, nobody in sight has to pay it."""
    before, after = text.before(start, 60), text.after(end, 60)
    return bool(TOLD.search(before) or TOLD.search(after)) and not PAYER.search(
        before[-30:] + text.folded[start:end] + after[:30]
    )


def _is_harmless(text: Text, match: re.Match[str]) -> bool:
    """Nothing, a wage, a grant, a prize, an investment… or excused as any charge."""
    start, end = match.span()
    amount = _amount(match)
    if amount == 0:
        return True
    before, after = text.before(start, 90), text.after(end, 60)
    is_dear = amount is not None and amount >= _TOO_DEAR_FOR_AN_ENTRY
    is_wage = is_dear and _WAGE.search(before[-60:] + after[:20])
    # « entrée\u00a0: 5\u00a0€ » is a fee, whatever wages or grants the sentence also names.
    if not is_wage and (ASKED_BEFORE.search(before) or ASKED_AFTER.search(after)):
        return _is_excused(text, match)
    if is_dear:
        return True
    if OTHERS_BEFORE.search(before) or OTHERS_AFTER.search(after) or _is_told(text, start, end):
        return True
    return _is_excused(text, match)


def _is_of_other_days(text: Text, start: int, end: int) -> bool:
    """« Toute l’année nos visites coûtent 12\u00a0€ » excuses the amount only where this event is said to be free."""
    around = text.before(start, 120) + text.folded[start:end] + text.after(end, 80)
    return OTHER_DAYS.search(around) is not None and _says_free(text.folded)


@lru_cache(maxsize=16)
def _says_free(folded: str) -> bool:
    return FREE.search(folded) is not None


def _amount(match: re.Match[str]) -> Decimal | None:
    if "mille" in match[0]:
        return _TOO_DEAR_FOR_AN_ENTRY
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
