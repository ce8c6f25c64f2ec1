"""The four conditions, against the vectors and against the phrasings met in real applications."""

import json
import time
import unicodedata
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.rules import (
    TARGET_AUDIENCES,
    Condition,
    Declaration,
    Outcome,
    Slot,
    Verdict,
    Window,
    assess,
    informs_about_industry,
    is_free,
    is_open_to_target_audiences,
    takes_place_in_the_window,
)

pytestmark = pytest.mark.pure

VECTORS = Path(__file__).parent.parent / "vectors"
WINDOW_CASES = json.loads((VECTORS / "window.json").read_text("utf-8"))
DECLARATION_CASES = json.loads((VECTORS / "declarations.json").read_text("utf-8"))

WINDOWS = {
    "2018": Window(date(2018, 3, 26), date(2018, 4, 1)),
    "2022": Window(date(2022, 11, 7), date(2022, 12, 12)),
    "2023": Window(date(2023, 11, 13), date(2023, 12, 17)),
    "2024": Window(date(2024, 11, 3), date(2024, 12, 9)),
    "2025": Window(date(2025, 11, 2), date(2025, 12, 7)),
}
EXPECTED = {
    "met": Outcome.MET,
    "met_evidence": Outcome.MET,
    "not_met": Outcome.NOT_MET,
    "not_met_evidence": Outcome.NOT_MET,
    "to_examine": Outcome.TO_EXAMINE,
}
# (case, condition, what the rules say): each with its reason. Empty: the rules agree with all 160 labels.
KNOWN_DISAGREEMENTS: set[tuple[str, Condition, Outcome]] = set()


def declared(**changes: Any) -> Declaration:
    fields: dict[str, Any] = {
        "title": "Visite de la fonderie",
        "description": "Moulage, usinage et contrôle des pièces.",
        "purpose": "Faire découvrir les métiers de la fonderie.",
        "format": "visite-entreprise",
        "sectors": ("métallurgie",),
        "audiences": ("grand-public",),
        "price": Decimal(0),
        "slots": (Slot(date(2024, 11, 20)),),
    }
    return Declaration(**fields | changes)


def declared_as(case: dict[str, Any]) -> Declaration:
    return Declaration(
        title=case["title"],
        description=case["description"],
        purpose=case["purpose"],
        format=case["format"],
        sectors=tuple(case["sectors"]),
        audiences=tuple(case["audiences"]),
        price=Decimal(case["price_declared"]),
        slots=tuple(Slot(date.fromisoformat(slot["date"])) for slot in case["slots"]),
    )


def verdict_of(case: dict[str, Any]) -> Verdict:
    return assess(declared_as(case), WINDOWS[str(case["edition"])])


def saying(text: str) -> Declaration:
    return declared(description=text)


# The vectors


@pytest.mark.parametrize("case", WINDOW_CASES, ids=lambda case: f"{case['place']} {case['local']}")
def test_a_slot_counts_on_its_local_date_at_the_venue(case: dict[str, Any]) -> None:
    slot = Slot.at(datetime.fromisoformat(case["local"]), case["tz"])

    finding = takes_place_in_the_window(declared(slots=(slot,)), WINDOWS[case["edition"]])

    assert (finding.outcome is Outcome.MET) == case["expected"]


def test_the_vectors_are_complete() -> None:
    assert (len(WINDOW_CASES), len(DECLARATION_CASES)) == (144, 160)


def test_the_rules_disagree_with_the_labels_exactly_where_it_is_known() -> None:
    disagreements = {
        (case["id"], finding.condition, finding.outcome)
        for case in DECLARATION_CASES
        for finding in verdict_of(case).findings
        if finding.outcome is not EXPECTED[case["expected"][finding.condition]]
    }

    assert disagreements == KNOWN_DISAGREEMENTS


@pytest.mark.parametrize("condition", list(Condition))
def test_recall_and_precision_of_faults_stay_above_their_floor(condition: Condition) -> None:
    """A fault is anything but met."""
    pairs = [
        (
            EXPECTED[case["expected"][condition]] is not Outcome.MET,
            verdict_of(case)[condition].outcome is not Outcome.MET,
        )
        for case in DECLARATION_CASES
    ]
    caught = pairs.count((True, True))

    assert caught / sum(is_fault for is_fault, _ in pairs) >= 0.98
    assert caught / sum(is_flagged for _, is_flagged in pairs) >= 0.95


def test_every_excerpt_is_found_where_it_says() -> None:
    for case in DECLARATION_CASES:
        for finding in verdict_of(case).findings:
            for excerpt in finding.evidence:
                if excerpt.field in ("title", "description", "purpose"):
                    assert case[excerpt.field][excerpt.start : excerpt.end] == excerpt.text != ""
                else:
                    assert (excerpt.start, excerpt.end) == (0, 0)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_decomposed_text_reads_as_a_composed_one(form: Any) -> None:
    for case in DECLARATION_CASES:
        other = case | {
            field: unicodedata.normalize(form, case[field]) for field in ("title", "description", "purpose")
        }

        assert _composed(verdict_of(other)) == _composed(verdict_of(case))


def _composed(verdict: Verdict) -> list[Any]:
    return [
        (finding.outcome, [unicodedata.normalize("NFC", excerpt.text) for excerpt in finding.evidence])
        for finding in verdict.findings
    ]


# Dates

WINDOW = WINDOWS["2024"]


def test_a_slot_at_midnight_in_guyane_counts_on_its_local_date() -> None:
    instant = datetime.fromisoformat("2024-11-03T02:30:00+00:00")  # still the 2nd in Cayenne

    finding = takes_place_in_the_window(declared(slots=(Slot.at(instant, "America/Cayenne"),)), WINDOW)

    assert finding.outcome is Outcome.NOT_MET
    assert finding.reason == (
        "La date du 2 novembre 2024 est en dehors de la période du label (du 3 novembre 2024 au 9 décembre 2024)."
    )


def test_a_slot_needs_an_aware_instant() -> None:
    with pytest.raises(ValueError, match="aware"):
        Slot.at(datetime(2024, 11, 20), "Europe/Paris")


@pytest.mark.parametrize(
    ("days", "outcome"),
    [
        ([], Outcome.NOT_MET),
        (["2024-11-02"], Outcome.NOT_MET),
        (["2024-11-03"], Outcome.MET),
        (["2024-12-09"], Outcome.MET),
        (["2024-12-10"], Outcome.NOT_MET),
        (["2024-11-20", "2024-12-09"], Outcome.MET),
        (["2024-11-20", "2024-12-10"], Outcome.NOT_MET),
        (["2023-11-20"], Outcome.NOT_MET),
    ],
)
def test_every_slot_must_be_in_the_window(days: list[str], outcome: Outcome) -> None:
    slots = tuple(Slot(date.fromisoformat(day)) for day in days)

    assert takes_place_in_the_window(declared(slots=slots), WINDOW).outcome is outcome


def test_the_reason_names_each_day_outside_and_no_other() -> None:
    slots = tuple(Slot(date(2024, month, day)) for month, day in ((11, 1), (11, 20), (12, 10)))

    finding = takes_place_in_the_window(declared(slots=slots), WINDOW)

    assert finding.reason.startswith("Les dates du 1er novembre 2024 et du 10 décembre 2024 sont en dehors de")
    assert [excerpt.text for excerpt in finding.evidence] == ["2024-11-01", "2024-12-10"]


def test_a_draft_without_slots_is_asked_for_a_date() -> None:
    assert takes_place_in_the_window(declared(slots=()), WINDOW).reason.startswith("Ajoutez au moins une date")


# Audiences


@pytest.mark.parametrize("slug", sorted(TARGET_AUDIENCES))
def test_any_target_audience_is_enough(slug: str) -> None:
    assert is_open_to_target_audiences(declared(audiences=(slug,))).outcome is Outcome.MET


@pytest.mark.parametrize("audiences", [(), ("actionnaires",)])
def test_without_a_target_audience_the_condition_is_not_met(audiences: tuple[str, ...]) -> None:
    finding = is_open_to_target_audiences(declared(audiences=audiences))

    assert (finding.outcome, finding.field) == (Outcome.NOT_MET, "audiences")


def test_an_edition_may_target_fewer_audiences() -> None:
    declaration = declared(audiences=("professionnels-rh",), target_audiences=frozenset({"grand-public"}))

    assert is_open_to_target_audiences(declaration).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    "text",
    [
        "Réservé aux salariés de l’entreprise et à leurs familles.",
        "RESERVE AUX SALARIES",
        "Réservé·e·s aux salarié·e·s du site.",
        "Réservé\u00a0aux\nadhérents.",
        "Sur invitation uniquement.",
        "Événement réservé à nos adhérents.",
        "Conférence de presse à huis clos.",
        "Cette visite est destinée à nos clients et partenaires.",
        "Nous accueillons nos fournisseurs pour une journée.",
        "La soirée est privée.",
        "Seuls les membres de l’association pourront entrer.",
        "Fermé au public.",
        "L’événement n’est pas accessible au public.",
        "Réservé aux professionnels du secteur.",
        "Journée organisée pour les enfants du personnel.",
        "Inscription ouverte aux abonnés du réseau uniquement.",
        "Uniquement pour les collaborateurs du groupe.",
        "Places limitées aux adhérents du syndicat.",
        "Visite réservée aux élus et à la presse.",
        "Réservé aux anciens élèves de l’école.",
        "Le grand public n’est pas admis.",
        "Interdit à toute personne étrangère au service.",
        "L’accès est strictement limité au personnel du site.",
        "Il faut être salarié du groupe pour s’inscrire.",
        "Employees only.",
        "By invitation only.",
        "Afterwork des adhérents du club.",
        "Accueil sur liste nominative établie par la direction.",
        "Le public n’a pas accès à cette journée.",
        "La réunion n’est annoncée qu’à ses membres.",
        "Vos enfants viennent voir où vous travaillez.",
        "L’amicale des anciens mécaniciens visite l’atelier.",
    ],
)
def test_a_text_that_closes_the_doors_asks_for_examination(text: str) -> None:
    finding = is_open_to_target_audiences(saying(text))

    assert finding.outcome is Outcome.TO_EXAMINE
    assert all(text[excerpt.start : excerpt.end] == excerpt.text for excerpt in finding.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "Réservé aux scolaires.",
        "Créneau réservé aux demandeurs d’emploi.",
        "Cette visite n’est pas réservée aux salariés.",
        "Nos salariés vous accueillent.",
        "Le parking est réservé au personnel.",
        "Rencontre strictement entre professionnels des ressources humaines.",
        "Les membres du réseau offrent le déjeuner à tous.",
        "Uniquement sur inscription.",
        "Limité à 20 personnes.",
        "Accès limité à 15 personnes par groupe.",
        "Réservé aux plus de 16 ans.",
        "Nous fabriquons des pièces destinées à nos clients de l’aéronautique.",
        "Ouvert à tous, sans invitation.",
        "Exclusivement pour les étudiants et les lycéens.",
        "L’usine, fermée au public le reste de l’année, ouvre ses portes.",
        "D’habitude réservé aux salariés, l’atelier s’ouvre aux jeunes.",
        "L’atelier est ouvert au public.",
        "Uniquement par équipes de quatre.",
        "La seule presse hydraulique de la région.",
        "Entreprise familiale de seulement 12 salariés.",
        "Réservée aux enseignants et aux conseillers d’orientation.",
        "Visite réservée aux personnes en reconversion.",
        "Un métier longtemps réservé aux hommes.",
        "Les anciens élèves animent un stand pour les lycéens.",
    ],
)
def test_a_text_that_leaves_the_doors_open_is_left_alone(text: str) -> None:
    assert is_open_to_target_audiences(saying(text)).outcome is Outcome.MET


# Industry


@pytest.mark.parametrize(
    ("title", "text", "purpose", "sectors", "outcome"),
    [
        ("Fromagerie", "Moulage, saumurage, ensachage.", "Faire découvrir nos métiers.", ("agroalimentaire",), "met"),
        ("Les femmes dans l’industrie", "Des ingénieures et techniciennes témoignent.", "Informer.", (), "met"),
        ("Forum", "Usines, chaudronnerie, plasturgie : 40 fabricants.", "Recruter.", (), "met"),
        ("Job dating", "Cuisiniers et serveurs : 30 restaurants.", "Recruter.", ("restauration",), "to_examine"),
        ("L’industrie du tourisme", "Hôtels et campings.", "Recruter.", ("tourisme",), "to_examine"),
        ("Salon du coaching", "Développement personnel.", "Se sentir mieux.", (), "to_examine"),
        ("Une heure", "Dans le cadre de la Semaine de l’industrie.", "Semaine de l’industrie.", (), "to_examine"),
        ("", "", "", (), "to_examine"),
        ("", "", "", ("métallurgie",), "to_examine"),
        ("Concert", "Chorale et chants de Noël. Semaine de l’industrie.", "Fêter l’année.", (), "not_met"),
        ("Atelier de méditation", "Respiration et relaxation.", "Se détendre.", ("bien-être",), "not_met"),
        ("Atelier de méditation", "Respiration et relaxation.", "Se détendre.", ("mécanique",), "to_examine"),
    ],
)
def test_industry_is_asserted_on_evidence_only(
    title: str, text: str, purpose: str, sectors: tuple[str, ...], outcome: str
) -> None:
    finding = informs_about_industry(declared(title=title, description=text, purpose=purpose, sectors=sectors))

    assert finding.outcome == outcome
    assert finding.evidence or finding.outcome is Outcome.TO_EXAMINE


# Free


@pytest.mark.parametrize(
    ("price", "outcome"),
    [
        (None, Outcome.TO_EXAMINE),
        (Decimal("0"), Outcome.MET),
        (Decimal("0.00"), Outcome.MET),
        (Decimal("-1"), Outcome.TO_EXAMINE),
        (Decimal("NaN"), Outcome.TO_EXAMINE),
        (Decimal("Infinity"), Outcome.TO_EXAMINE),
        (Decimal("0.01"), Outcome.NOT_MET),
        (Decimal("5"), Outcome.NOT_MET),
    ],
)
def test_the_declared_price_decides_first(price: Decimal | None, outcome: Outcome) -> None:
    assert is_free(declared(price=price)).outcome is outcome


@pytest.mark.parametrize(
    ("address", "priced"),
    [
        ("https://billetterie.fr/?prix=12", "prix=12"),
        ("https://billetterie.fr/?lieu=3&Tarif=0,50", "Tarif=0,50"),
        ("https://billetterie.fr/?prix=0", ""),
        ("https://billetterie.fr/?prix=0,00", ""),
        ("https://billetterie.fr/prix-de-l-industrie?an=2026", ""),
        ("", ""),
    ],
)
def test_a_price_in_the_address_where_one_registers_is_looked_at_again(address: str, priced: str) -> None:
    finding = is_free(declared(registration_url=address))

    assert finding.outcome is (Outcome.TO_EXAMINE if priced else Outcome.MET)
    assert (finding.field, priced in finding.reason) == ("registration_url" if priced else "price", True)
    assert not priced or address[finding.evidence[0].start : finding.evidence[0].end] == priced


def test_a_price_is_written_as_in_french() -> None:
    reason = is_free(declared(price=Decimal("12.5"))).reason

    assert reason == "Un prix de 12,50\u00a0€ est déclaré\u00a0: l’événement doit être entièrement gratuit."


@pytest.mark.parametrize(
    "text",
    [
        "Entrée : 5 €, gratuite pour les moins de 12 ans.",
        "5\u202f€ l’entrée",
        "PAYANT",
        "Participation de 3 euros pour le goûter.",
        "Le repas de midi (15 €) est à réserver auprès du foyer.",
        "Une participation aux frais de bouche sera demandée.",
        "Chacun verse ce qu’il souhaite à l’entrée, prix libre.",
        "Adhésion à l’association obligatoire.",
        "Un chèque de caution est demandé pour le casque.",
        "Tarif réduit pour les étudiants.",
        "Billetterie en ligne.",
        "La visite n’est pas gratuite.",
        "Gratuit pour les moins de 26 ans.",
        "Le déjeuner reste à la charge des participants.",
        "Sans inscription, tarif 5 €.",
        "Entrée 2 €, parking gratuit.",
        "Adultes : 8, enfants : 4.",
        "Gratuit les deux premières heures puis payant.",
        "Un euro symbolique est demandé.",
        "Comptez une dizaine d’euros pour le repas.",
        "Libre participation aux frais.",
        "A small entry fee applies.",
        "Les enfants entrent gratuitement, les adultes paient 4 €.",
        "Chaque élève verse 1,50 € pour le car.",
        "Inscription : 15.",
        "On tend le chapeau à la fin.",
        "C’est offert aux moins de 12 ans ; les autres passent d’abord au guichet.",
        "Le kit du robot est à acheter en arrivant.",
        "L’achat du verre revient au visiteur.",
    ],
)
def test_a_text_that_speaks_of_paying_asks_for_examination(text: str) -> None:
    finding = is_free(saying(text))

    assert finding.outcome is Outcome.TO_EXAMINE
    assert finding.evidence[0].text == text[finding.evidence[0].start : finding.evidence[0].end] != ""


@pytest.mark.parametrize(
    "text",
    [
        "Visite gratuite, entrée libre.",
        "Billets à 0 €.",
        "Tarif : gratuit.",
        "Entrée non payante, sur inscription.",
        "Ce n’est pas payant !",
        "Sans participation financière.",
        "Aucun frais d’inscription.",
        "Aucun droit d’entrée.",
        "Ni billet à acheter, ni adhésion.",
        "C’est payant ? Non, tout est offert.",
        "Gratuit pour tous.",
        "Parking payant à proximité.",
        "Les frais de déplacement restent à la charge des visiteurs.",
        "Le déjeuner est pris en charge par l’entreprise.",
        "Salaire de 2 100 € brut par mois.",
        "Prime de 500 € à l’embauche.",
        "L’investissement de 12 M€ a permis de créer 30 postes.",
        "Le premier prix est une carte cadeau de 30 €.",
        "Remise des prix à 18 h.",
        "Fabrication de terminaux de paiement.",
        "Contrairement aux visites d’été à 9 €, celle-ci est gratuite.",
        "Les élèves de 3e et de 4e.",
        "Pas un centime à débourser.",
        "Les monnaies de 1 € et 2 € sont frappées ici.",
        "Le musée, payant d’ordinaire, est gratuit ce jour-là.",
        "Le stationnement sur le parking public voisin est payant, à la charge des visiteurs.",
        "Quarante CDI à pourvoir, salaire d’entrée 2 150 € brut.",
        "Les remorques valent entre 4 et 30 mille euros, on n’en vend pas ce jour-là.",
        "Pointage à la badgeuse, consignes de sécurité, puis tour de l’atelier.",
        "Deux mécaniciennes vous laissent faire, sous leurs yeux.",
        "Conférence pour les affiliés à la caisse de retraite.",
        "Le droit d’entrée habituel de 9 € est suspendu pour la Semaine.",
        "Deux groupes, personne n’est facturé.",
        "Les exposants paient leur stand, jamais vous.",
        "On est quitte de tout paiement.",
        "L’usine prend tout à sa charge, bus compris.",
        "Le prix du mètre cube (2,10 €) sera expliqué par le menu.",
    ],
)
def test_a_text_that_asks_nothing_is_left_alone(text: str) -> None:
    finding = is_free(saying(text))

    assert (finding.outcome, finding.evidence[0].field) == (Outcome.MET, "price")


# The verdict


def test_an_empty_draft_has_a_verdict() -> None:
    draft = Declaration("", "", "", "", (), (), None, ())

    outcomes = [finding.outcome for finding in assess(draft, WINDOW).findings]

    assert outcomes == [Outcome.NOT_MET, Outcome.NOT_MET, Outcome.TO_EXAMINE, Outcome.TO_EXAMINE]


def test_a_verdict_is_as_good_as_its_worst_finding() -> None:
    clear = assess(declared(), WINDOW)
    doubtful = assess(saying("Fonderie, usinage. Tarif réduit."), WINDOW)
    refused = assess(declared(price=Decimal(5), description="Fonderie. Sur invitation."), WINDOW)

    assert (clear.outcome, clear.is_clear) == (Outcome.MET, True)
    assert (doubtful.outcome, doubtful.is_clear) == (Outcome.TO_EXAMINE, False)
    assert (refused.outcome, refused.is_clear) == (Outcome.NOT_MET, False)
    assert refused[Condition.FREE] is refused.of(Condition.FREE) is refused.findings[3]


def test_a_verdict_is_written_in_the_words_of_its_findings() -> None:
    for case in DECLARATION_CASES:
        verdict = verdict_of(case)

        written = json.loads(json.dumps(verdict.as_json()))["findings"]

        assert [(row["condition"], row["outcome"], row["reason"], row["field"]) for row in written] == [
            (finding.condition.value, finding.outcome.value, finding.reason, finding.field)
            for finding in verdict.findings
        ]
        assert [row["evidence"] for row in written] == [
            [asdict(excerpt) for excerpt in finding.evidence] for finding in verdict.findings
        ]


def test_a_verdict_holds_the_four_findings_in_order() -> None:
    with pytest.raises(ValueError, match="one finding a condition"):
        Verdict(assess(declared(), WINDOW).findings[:3])


def test_every_reason_is_one_typographic_french_sentence() -> None:
    for case in DECLARATION_CASES:
        for finding in verdict_of(case).findings:
            frame = finding.reason
            for excerpt in finding.evidence:
                frame = frame.replace(excerpt.text, "")
            assert frame.endswith(".")
            assert "'" not in frame and " :" not in frame and "« " not in frame and " »" not in frame


# Whatever is typed

LETTERS = st.text(alphabet=st.characters(), max_size=300)
PHRASES = st.lists(
    st.sampled_from(
        ["réservé aux", "salariés", "tarif", "5 €", "gratuit", "sans", "(e)", "·e·s", "\n\n", "e\u0301", "."]
    )
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(title=LETTERS, description=LETTERS | PHRASES, purpose=PHRASES, price=st.none() | st.decimals())
def test_no_text_breaks_the_rules(title: str, description: str, purpose: str, price: Decimal | None) -> None:
    declaration = declared(title=title, description=description, purpose=purpose, price=price)

    verdict = assess(declaration, WINDOW)

    json.dumps(verdict.as_json())
    for finding in verdict.findings:
        for excerpt in finding.evidence:
            if excerpt.end:
                assert getattr(declaration, excerpt.field)[excerpt.start : excerpt.end] == excerpt.text


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "\n",
        "9",
        "9 ",
        "adultes 9, ",
        "réservé aux ",
        "tarif ",
        "5 € ",
        "sans ",
        "ne ",
        "les ",
        "repas ",
        "uniquement les ",
        "journée ",
        "usine ",
        "e\u0301",
        "(e)",
        "gratuit pour ",
        "parking est ",
        "d’habitude réservé aux salariés 5 € ",
    ],
)
def test_a_very_long_text_is_read_in_linear_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    started = time.process_time()

    assess(saying(text), WINDOW)

    assert time.process_time() - started < 2
