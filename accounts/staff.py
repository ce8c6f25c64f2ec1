"""Accounts of staff: who may change whose, what was changed, and how one opens without a password typed."""

from typing import Any

from django.db import transaction

from accounts import audit, links, notices, second_factor, sessions
from accounts.models import User


def manages(user: Any) -> bool:
    return bool(user.has_perm("accounts.manage_staff"))


def erases(user: Any) -> bool:
    return bool(user.has_perm("accounts.erase_organisers"))


def may_change(by: Any, account: User) -> bool:
    """Superusers anyone's; who manages staff those of staff, neither a superuser's nor their own."""
    if by.is_superuser:
        return bool(by.is_active)
    return manages(by) and account.is_staff and not account.is_superuser and account.pk != by.pk


def is_the_last_superuser(account: User) -> bool:
    """Held until the caller's transaction ends: two who close each other leave one."""
    open_ones = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    return {user.pk for user in open_ones} <= {account.pk}


def rights_of(account: User) -> dict[str, Any]:
    """As the log compares them; of an organiser, nothing that names them."""
    kept: dict[str, Any] = {"is_active": account.is_active}
    if account.is_staff:
        kept |= {
            "email": account.email,
            "name": account.name,
            "is_superuser": account.is_superuser,
            "groups": sorted(account.groups.values_list("name", flat=True)),
            "regions": sorted(account.regions.values_list("code", flat=True)),
        }
    return kept


@transaction.atomic
def opened(account: User, *, by: User) -> None:
    """Log the account just written, and have its owner choose a password."""
    details = {"after": rights_of(account)}
    audit.record(by, "account.open", f"Compte de {account.email} ouvert", about=about(account), details=details)
    links.send(account)


@transaction.atomic
def changed(account: User, before: dict[str, Any], *, by: User) -> None:
    """Log what differs from ``before``; whoever is shut out is so at once, on every device."""
    after = rights_of(account)
    names = [name for name, value in after.items() if before.get(name) != value]
    if not names:
        return
    if before["is_active"] and not account.is_active:
        sessions.end_all(account)
    audit.record(
        by,
        "account.change",
        f"Compte {f'de {account.email}' if account.is_staff else 'd’un organisateur'} : {_deed(before, account)}",
        about=about(account),
        details={"before": {name: before.get(name) for name in names}, "after": {name: after[name] for name in names}},
    )


def _deed(before: dict[str, Any], account: User) -> str:
    if before["is_active"] != account.is_active:
        return "rouvert" if account.is_active else "fermé"
    return "droits ou identité changés"


@transaction.atomic
def send_link(account: User, *, by: User) -> None:
    audit.record(by, "account.link", f"Lien de mot de passe envoyé à {account.email}", about=about(account))
    links.send(account)


@transaction.atomic
def remove_factors(account: User, *, by: User) -> None:
    """Of someone whose telephone is lost, who is told: they set up another at their next sign-in."""
    removed = second_factor.remove_all(account)
    summary = f"Second facteur de {account.email} retiré"
    audit.record(by, "factor.remove", summary, about=about(account), details={"removed": removed})
    notices.tell(account, "factors_removed")


def about(account: User) -> str:
    """What the log calls it."""
    return f"compte-{account.pk}"
