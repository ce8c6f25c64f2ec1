"""How long the portal keeps what it knows of people: every period once, in figures and in the words that people read.

What erases, the page « Données personnelles », the register of processing and the notes for operators all read it here.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Retention:
    """``what`` is kept for ``kept`` after what ``words`` say; ``source`` is the rule that the period follows."""

    what: str
    kept: timedelta
    words: str
    source: str


YEAR = timedelta(days=365)
_ACCOUNTS = "CNIL, comptes en ligne inactifs : deux ans, personnes averties avant l’échéance"
_LOGS = "CNIL, délibération n° 2021-122 du 14 octobre 2021 : journaux, de six mois à un an"
_APPEALS = "Conseil d’État, 13 juillet 2016, n° 387763 : un recours est possible pendant un an"
_NEEDED = "RGPD, article 5, paragraphe 1, point e : rien au-delà de ce qui sert"

NEVER_USED = Retention(
    "Compte auquel personne ne s’est connecté", timedelta(days=1), "un jour après son ouverture", _NEEDED
)
WARNED = Retention(
    "Compte d’organisateur qui ne sert plus : avertissement",
    timedelta(days=700),
    "un mois avant l’effacement, par courriel",
    _ACCOUNTS,
)
ACCOUNT = Retention(
    "Compte d’organisateur qui ne sert plus",
    timedelta(days=730),
    "deux ans après la dernière visite ou la dernière demande",
    _ACCOUNTS,
)
DRAFT = Retention("Brouillon jamais déposé", timedelta(days=30), "trente jours après la fin de l’édition", _NEEDED)
APPLICATION = Retention(
    "Demande refusée, retirée ou restée sans décision", YEAR, "un an après la fin de l’édition", _APPEALS
)
CONTACT = Retention(
    "Personne à contacter, contact d’inscription et notes internes d’une demande labellisée",
    YEAR,
    "un an après la fin de l’édition",
    _APPEALS,
)
MAIL = Retention(
    "Texte et destinataire d’un courriel parti ou annulé",
    timedelta(days=180),
    "six mois après son envoi",
    "Code de justice administrative, article R. 421-1, et code des relations entre le public et l’administration, "
    "article L. 411-2 : recours gracieux puis contentieux",
)
FAILED_MAIL = Retention(
    "Texte et destinataire d’un courriel refusé par son serveur", YEAR, "un an après son écriture", _APPEALS
)
CODE = Retention(
    "Destinataire d’un code de connexion ou d’un lien de mot de passe",
    timedelta(days=30),
    "trente jours après son envoi",
    _NEEDED,
)
REPORT = Retention("Signalement d’un visiteur", YEAR, "un an après sa réception", _NEEDED)
INVITATION = Retention(
    "Invitation à rejoindre un organisme", timedelta(days=14), "quatorze jours après son envoi", _NEEDED
)
LOG = Retention("Journal : qui a fait quoi, quand et d’où", YEAR, "un an après l’acte", _LOGS)
ADMIN_LOG = Retention("Historique propre à l’administration du site", YEAR, "un an après l’acte", _LOGS)
SESSION = Retention("Session terminée", timedelta(0), "la nuit qui suit sa fin", _NEEDED)
ATTEMPT = Retention(
    "Essai de connexion d’un agent : identifiant, adresse IP, navigateur",
    timedelta(days=1),
    "un jour après l’essai",
    _NEEDED,
)
FACTOR = Retention("Essais du second facteur d’un agent", timedelta(days=1), "un jour après le dernier", _NEEDED)
FILE = Retention(
    "Fichier que plus rien ne montre", timedelta(days=1), "un jour après son arrivée ou son remplacement", _NEEDED
)
# In the order in which they are applied: applications before the accounts that filed them.
ALL = (
    NEVER_USED,
    DRAFT,
    APPLICATION,
    CONTACT,
    WARNED,
    ACCOUNT,
    MAIL,
    FAILED_MAIL,
    CODE,
    REPORT,
    INVITATION,
    LOG,
    ADMIN_LOG,
    SESSION,
    ATTEMPT,
    FACTOR,
    FILE,
)
