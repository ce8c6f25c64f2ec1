"""The demonstration's sign-ins, as ``make run`` and the README print them."""

from dataclasses import dataclass

PASSWORD = "semaine-industrie-demo"


@dataclass(frozen=True)
class SignIn:
    role: str
    email: str
    password: str | None
    url: str
    name: str
    # INSEE codes of the régions that a regional examiner decides for.
    regions: tuple[str, ...] = ()


SIGN_INS = [
    SignIn("Organisatrice (entreprise)", "entreprise@demo.example", None, "/connexion/", "Claire Fontaine"),
    SignIn("Organisateur (lycée)", "lycee@demo.example", None, "/connexion/", "Hugo Bernard"),
    SignIn("Examinatrice nationale (DGE)", "national@demo.example", PASSWORD, "/admin/", "Nadia Keller"),
    SignIn("Examinateur, Normandie", "normandie@demo.example", PASSWORD, "/admin/", "Yann Lefèvre", ("28",)),
    SignIn(
        "Examinatrice, La Réunion et Mayotte", "reunion@demo.example", PASSWORD, "/admin/", "Marie Hoarau", ("04", "06")
    ),
    SignIn("Communication (chiffres, ressources)", "communication@demo.example", PASSWORD, "/admin/", "Clara Petit"),
    SignIn("Administratrice", "admin@demo.example", PASSWORD, "/admin/", "Agnès Dubois"),
]
