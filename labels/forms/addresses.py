"""What an electronic address makes one doubt, though it is well formed: advice, never a refusal."""

from difflib import get_close_matches

# Those of most French mailboxes, and those that look like them without being a slip of theirs.
_USUAL = (
    "free.fr",
    "gmail.com",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "live.fr",
    "orange.fr",
    "outlook.com",
    "outlook.fr",
    "sfr.fr",
    "wanadoo.fr",
    "yahoo.com",
    "yahoo.fr",
)
_ALIKE = {"gmx.fr", "live.com", "mail.com", "orange.com", "sfr.com", "ymail.com"}
_DISPOSABLE = {
    "10minutemail.com",
    "guerrillamail.com",
    "jetable.org",
    "mailinator.com",
    "temp-mail.org",
    "trashmail.com",
    "yopmail.com",
    "yopmail.fr",
}


def doubt_of(address: str) -> str:
    """A French sentence on a likely slip or a mailbox that does not last; nothing where there is no doubt."""
    local, _, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in _DISPOSABLE:
        return f"L’adresse «\u00a0{address}\u00a0» est jetable\u00a0: les inscriptions pourraient ne pas vous parvenir."
    if not local or domain in _USUAL or domain in _ALIKE:
        return ""
    near = get_close_matches(domain, _USUAL, n=1, cutoff=0.85)
    if not near:
        return ""
    meant = f"{local}@{near[0]}"
    return f"L’adresse «\u00a0{address}\u00a0» est-elle juste\u00a0? Vouliez-vous écrire «\u00a0{meant}\u00a0»\u00a0?"
