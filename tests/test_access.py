"""Every address of the portal × every role: what each gets, one case a cell, and no address left out.

Roles: anonymous; the owner of the application; another organiser; a regional examiner of another région; one of its
région; the national team; a superuser. A cell is a status; ``L`` leads to sign in, ``A`` to the admin's own sign-in.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, User
from core.outbox import Mail
from events.models import Edition
from labels.forms import CorrectionSheet
from labels.models import Application, Condition, Note, State, Transition
from tests import bad_input, factories, pictures
from tests.scenes import Case, Scene, on_stage

# The session, and the token of the forms: no other is ever set, on any page, for anybody.
COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
ROLES = ("anonymous", "owner", "other", "elsewhere", "here", "national", "superuser")

#               anon own oth els here nat super
OPEN = "        200 200 200 200 200 200 200"
SEE_OTHER = "   302 302 302 302 302 302 302"
ABSENT = "      404 404 404 404 404 404 404"
GONE = "        410 410 410 410 410 410 410"
ORGANISERS = "  L   200 200 403 403 403 403"
OWNERS = "      L   200 404 403 403 403 403"
STAFF = "       A   A   A   200 200 200 200"
STAFFS_OWN = "  A   403 403 200 200 200 200"
OF_ITS_REGION = "A  A   A   404 200 200 200"
NATIONAL = "    A   A   A   403 403 200 200"
SUPERUSERS = "  A   A   A   403 403 403 200"
NOBODY = "      A   A   A   403 403 403 403"

# Address, with the state of the application it is about or the step; then what each role gets by GET.
PAGES: dict[str, str] = {
    # the public
    "pages:home": OPEN,
    "pages:help": OPEN,
    "pages:organisers_guide": OPEN,
    "pages:contact": OPEN,
    "pages:data": OPEN,
    "pages:resources": OPEN,
    "pages:sitemap_page": OPEN,
    "pages:accessibility": OPEN,
    "pages:legal": OPEN,
    "pages:privacy": OPEN,
    "pages:cookies": OPEN,
    "pages:live": OPEN,
    "pages:ready": OPEN,
    # Nobody signs in to it: whoever watches bears a token.
    "pages:metrics": ABSENT,
    "pages:robots": OPEN,
    "pages:security": OPEN,
    "pages:sitemap": OPEN,
    "pages:sitemap_section section=evenements": OPEN,
    "editorial:teachers": OPEN,
    "editorial:companies": OPEN,
    "editorial:visitors": OPEN,
    "editorial:press": OPEN,
    "editorial:partners": OPEN,
    "editorial:resource slug=preparer": OPEN,
    "editorial:resource slug=pas-encore": ABSENT,
    "editorial:download slug=preparer": OPEN,
    "editorial:download slug=pas-encore": ABSENT,
    "editorial:image name=00000000000000000000000000000000.png": ABSENT,
    "places:communes ?q=havre": OPEN,
    "places:addresses ?q=havre": OPEN,
    "events:list": OPEN,
    "events:csv": OPEN,
    "events:json": OPEN,
    "events:ics": OPEN,
    "events:rss": OPEN,
    "events:schema": OPEN,
    "events:detail approved": OPEN,
    "events:detail cancelled": OPEN,
    "events:detail revoked": GONE,
    "events:detail draft": ABSENT,
    "events:detail submitted": ABSENT,
    "events:detail returned": ABSENT,
    "events:detail refused": ABSENT,
    "events:detail withdrawn": ABSENT,
    "events:report approved": OPEN,
    "events:report revoked": GONE,
    "events:report submitted": ABSENT,
    "events:reported approved": OPEN,
    "events:reported submitted": ABSENT,
    "events:print_list": OPEN,
    "events:label_check": OPEN,
    "events:label approved": OPEN,
    "events:label cancelled": OPEN,
    "events:label revoked": OPEN,
    "events:label number=2024-99999": ABSENT,
    "events:slot_calendar approved": OPEN,
    "events:slot_calendar revoked": GONE,
    "events:slot_calendar submitted": ABSENT,
    "events:slot_calendar approved start=20240101T0000": ABSENT,
    "events:calendar approved": OPEN,
    "events:calendar cancelled": OPEN,
    "events:calendar revoked": GONE,
    "events:calendar submitted": ABSENT,
    "labels:preview submitted": OPEN,
    "labels:preview approved": SEE_OTHER,
    "labels:preview refused": GONE,
    "labels:follow submitted": OPEN,
    "labels:reminders": OPEN,
    "labels:proposal returned": OPEN,
    "events:media approved": OPEN,
    "events:media draft": ABSENT,
    "events:media name=00000000000000000000000000000000.png": ABSENT,
    "maps:page": OPEN,
    "maps:geojson": OPEN,
    "maps:points": OPEN,
    "maps:ids ?q=fonderie": OPEN,
    "maps:cards ?ids=1": OPEN,
    "maps:frame": OPEN,
    "maps:snippet": OPEN,
    "figures:page": OPEN,
    "figures:data": OPEN,
    "figures:table slug=regions": OPEN,
    "figures:drawing slug=regions": OPEN,
    # signing in: who is in already is led on
    "account_login": "200 302 302 302 302 302 302",
    "account_confirm_login_code": SEE_OTHER,
    "account_logout": "302 200 200 200 200 200 200",
    "account_inactive": OPEN,
    "account_request_login_code": SEE_OTHER,
    "account_signup": SEE_OTHER,
    "account_email": SEE_OTHER,
    # how staff sign in: what changes it asks for the password again
    "account_reset_password": OPEN,
    "account_choose_password": GONE,
    "mfa_authenticate": "A 302 302 302 302 302 302",
    "mfa_index": STAFFS_OWN,
    "account_reauthenticate": STAFFS_OWN,
    "mfa_reauthenticate": "A 403 403 302 302 302 302",
    "mfa_reauthenticate_webauthn": "A 403 403 302 302 302 302",
    "mfa_activate_totp": "A 403 403 302 302 302 302",
    "mfa_deactivate_totp": "A 403 403 404 404 404 404",
    "mfa_add_webauthn": "A 403 403 302 302 302 302",
    "mfa_remove_webauthn": "A 403 403 302 302 302 302",
    "mfa_view_recovery_codes": "A 403 403 302 302 302 302",
    "mfa_generate_recovery_codes": "A 403 403 302 302 302 302",
    # organisers
    "labels:desk": ORGANISERS,
    "labels:new": ORGANISERS,
    "labels:application draft": OWNERS,
    "labels:application submitted": OWNERS,
    "labels:application approved": OWNERS,
    "labels:step draft step=organisme": OWNERS,
    "labels:step draft step=evenement": OWNERS,
    "labels:step draft step=dates-et-lieu": OWNERS,
    "labels:step draft step=publics": OWNERS,
    "labels:step draft step=verification": OWNERS,
    "labels:step draft step=inconnue": "L 404 404 403 403 403 403",
    "labels:step returned step=evenement": OWNERS,
    "labels:step submitted step=evenement": "L 303 404 403 403 403 403",
    "labels:withdraw draft": "L 405 405 403 403 403 403",
    "labels:cancel approved": "L 405 405 403 403 403 403",
    "labels:full approved": "L 405 405 403 403 403 403",
    "labels:drop approved": "L 405 405 403 403 403 403",
    "labels:changes approved": OWNERS,
    "labels:changes submitted": "L 303 404 403 403 403 403",
    "labels:change approved step=evenement": OWNERS,
    "labels:change approved step=dates-et-lieu": OWNERS,
    "labels:change approved step=publics": OWNERS,
    "labels:change approved step=organisme": "L 404 404 403 403 403 403",
    "labels:pictures approved": OWNERS,
    "labels:pictures submitted": "L 303 404 403 403 403 403",
    "labels:contact approved": OWNERS,
    "labels:contact submitted": "L 303 404 403 403 403 403",
    "labels:change submitted step=publics": "L 303 404 403 403 403 403",
    "labels:redo approved": "L 405 405 403 403 403 403",
    "labels:agree returned": OWNERS,
    "labels:agree submitted": "L 303 404 403 403 403 403",
    "pages:personal_data": ORGANISERS,
    "pages:download": ORGANISERS,
    "pages:erase": ORGANISERS,
    "labels:organisation_list": ORGANISERS,
    "labels:organisation": OWNERS,
    "labels:establishment ?siret=55208131766522": ORGANISERS,
    "labels:invite": "L 405 405 403 403 403 403",
    "labels:cancel_invitation": "L 405 405 403 403 403 403",
    "labels:add_applicant": "L 405 405 403 403 403 403",
    "labels:set_role": "L 405 405 403 403 403 403",
    "labels:remove_member": "L 405 405 403 403 403 403",
    "labels:leave": "L 405 405 403 403 403 403",
    "labels:invitation": "L 403 200 403 403 403 403",
    # the State's staff
    "admin:index": STAFF,
    "admin:login": "200 200 200 302 302 302 302",
    "admin:logout": "302 302 302 405 405 405 405",
    "admin:password_change": STAFF,
    "admin:password_change_done": STAFF,
    "admin:jsi18n": STAFF,
    "admin:autocomplete": NOBODY,
    "admin:app_list app_label=labels": STAFF,
    "admin:app_list app_label=core": STAFF,
    "admin:? url=inconnue": "A A A 404 404 404 404",
    "admin:labels_application_changelist": STAFF,
    "admin:labels_application_export": STAFF,
    "admin:labels_application_figures": STAFF,
    "admin:labels_application_figures ?region=28": "A A A 403 200 200 200",
    "admin:labels_application_figures_csv": STAFF,
    "admin:labels_application_figures_csv ?region=28": "A A A 403 200 200 200",
    "admin:labels_application_change submitted": OF_ITS_REGION,
    "admin:labels_application_change draft": OF_ITS_REGION,
    "admin:labels_application_history submitted": "A A A 404 302 302 302",
    "admin:labels_application_decision submitted": "A A A 405 405 405 405",
    "admin:labels_application_preview submitted": OF_ITS_REGION,
    "admin:labels_application_preview refused": OF_ITS_REGION,
    "admin:labels_application_compare submitted": OF_ITS_REGION,
    "admin:labels_application_note submitted": "A A A 405 405 405 405",
    "admin:labels_application_resend submitted": "A A A 405 405 405 405",
    "admin:labels_application_bulk": "A A A 405 405 405 405",
    "admin:labels_application_take submitted": "A A A 405 405 405 405",
    "admin:labels_application_release submitted": "A A A 405 405 405 405",
    "admin:labels_application_organisations ?q=fonderie": STAFF,
    "admin:labels_application_region submitted": "A A A 405 405 405 405",
    "admin:labels_application_bulk_region": "A A A 405 405 405 405",
    "admin:labels_application_correction submitted": OF_ITS_REGION,
    "admin:labels_application_correction approved": OF_ITS_REGION,
    "admin:labels_application_correction draft": "A A A 404 403 403 403",
    "admin:labels_application_image submitted": "A A A 405 405 405 405",
    "admin:labels_application_redo approved": "A A A 405 405 405 405",
    "admin:labels_application_add": NATIONAL,
    "admin:labels_application_delete submitted": "A A A 404 403 403 200",
    "admin:labels_application_journal submitted": OF_ITS_REGION,
    "admin:accounts_auditentry_changelist": STAFF,
    "admin:accounts_auditentry_change": OF_ITS_REGION,
    "admin:accounts_auditentry_add": NOBODY,
    "admin:accounts_auditentry_delete": "A A A 405 405 405 405",
    "admin:accounts_auditentry_history": "A A A 404 404 404 404",
    "admin:events_report_changelist": STAFF,
    "admin:events_report_change": OF_ITS_REGION,
    "admin:events_report_history": OF_ITS_REGION,
    "admin:events_report_add": NOBODY,
    "admin:events_report_delete": "A A A 404 403 403 403",
    "admin:core_mail_changelist": STAFF,
    "admin:core_mail_change": OF_ITS_REGION,
    "admin:core_mail_history": OF_ITS_REGION,
    "admin:core_mail_add": NOBODY,
    "admin:core_mail_delete": "A A A 404 403 403 403",
}
PAGES |= {
    "admin:labels_preset_changelist": NATIONAL,
    "admin:labels_preset_add": NATIONAL,
    "admin:labels_preset_change": NATIONAL,
    "admin:labels_preset_history": NATIONAL,
    # One that served stays: it is retired.
    "admin:labels_preset_delete": SUPERUSERS,
}
for _model in ("edition", "format", "audience", "sector", "level"):
    PAGES |= {
        f"admin:events_{_model}_changelist": NATIONAL,
        f"admin:events_{_model}_add": NATIONAL,
        f"admin:events_{_model}_change": NATIONAL,
        f"admin:events_{_model}_history": NATIONAL,
        f"admin:events_{_model}_delete": NOBODY,
    }
for _model in ("resource", "partner", "correspondent"):
    PAGES |= {
        f"admin:editorial_{_model}_{page}": NATIONAL for page in ("changelist", "add", "change", "history", "delete")
    }
PAGES |= {
    "admin:accounts_user_changelist": NATIONAL,
    "admin:accounts_user_add": NATIONAL,
    "admin:accounts_user_change": NATIONAL,
    "admin:accounts_user_history": NATIONAL,
    # of an organiser: they have neither password nor second factor
    "admin:accounts_user_send_link": "A A A 403 403 404 404",
    "admin:accounts_user_remove_factors": "A A A 403 403 404 404",
    "admin:accounts_user_erase": NATIONAL,
    "admin:accounts_user_delete": NOBODY,
    "admin:accounts_organisation_changelist": NATIONAL,
    "admin:accounts_organisation_add": NOBODY,
    "admin:accounts_organisation_change": NATIONAL,
    "admin:accounts_organisation_history": NATIONAL,
    "admin:accounts_organisation_delete": NOBODY,
    "admin:accounts_organisation_join": "A A A 405 405 405 405",
}
# What no event uses may go; what one uses stays.
PAGES["admin:events_level_delete"] = SUPERUSERS

# What an organiser does to an organisation, by POST, with data that would succeed.
ORGANISATION_DEEDS: dict[str, str] = {
    "labels:invite": "L 303 404 403 403 403 403",
    "labels:cancel_invitation": "L 303 404 403 403 403 403",
    "labels:add_applicant": "L 303 404 403 403 403 403",
    "labels:set_role": "L 303 404 403 403 403 403",
    "labels:remove_member": "L 303 404 403 403 403 403",
    "labels:leave": "L 303 404 403 403 403 403",
    "labels:invitation": "L 403 303 403 403 403 403",
}

# What a member of staff takes in hand or leaves, by POST, of an application in nobody's hands or a closed account's.
ASSIGNMENT_DEEDS: dict[str, str] = {
    "admin:labels_application_take submitted": "A A A 404 302 302 302",
    "admin:labels_application_release submitted": "A A A 404 302 302 302",
}

# What an examiner does around an application without moving it, by POST, with data that would succeed.
DESK_DEEDS: dict[str, str] = {
    "admin:labels_application_note submitted": "A A A 404 302 302 302",
    "admin:labels_application_resend submitted": "A A A 404 302 302 302",
}

# What changes something, by POST, with data that would succeed; 302 and 303 are done.
DEEDS: dict[str, str] = {
    "labels:new": "L 303 303 403 403 403 403",
    "labels:step draft step=evenement": "L 200 404 403 403 403 403",
    "labels:step draft step=verification": "L 303 404 403 403 403 403",
    "labels:withdraw draft": "L 303 404 403 403 403 403",
    "labels:cancel approved": "L 303 404 403 403 403 403",
    "labels:full approved": "L 303 404 403 403 403 403",
    "labels:contact approved": "L 303 404 403 403 403 403",
    "labels:redo approved": "L 303 404 403 403 403 403",
    "labels:agree returned": "L 303 404 403 403 403 403",
    # Whoever holds the link acts as the person it was mailed to.
    "labels:proposal returned": "303 303 303 303 303 303 303",
    "admin:labels_application_decision submitted action=approve": "A A A 404 302 302 302",
    "admin:labels_application_decision submitted action=refuse": "A A A 404 302 302 302",
    "admin:labels_application_decision submitted action=return": "A A A 404 302 302 302",
    "admin:labels_application_decision approved action=revoke": "A A A 404 302 302 302",
    "admin:labels_application_decision refused action=reverse": "A A A 404 403 302 302",
    "admin:labels_application_region submitted": "A A A 404 302 302 302",
    "admin:labels_application_correction submitted": "A A A 404 302 302 302",
    "admin:labels_application_correction approved": "A A A 404 302 302 302",
    "admin:labels_application_correction draft": "A A A 404 403 403 403",
    "admin:labels_application_image submitted": "A A A 404 302 302 302",
    "admin:labels_application_image approved": "A A A 404 302 302 302",
    "admin:labels_application_redo approved": "A A A 404 403 302 302",
    "admin:labels_application_delete approved": "A A A 404 403 403 302",
    "admin:labels_application_add": "A A A 403 403 302 302",
}


# Cells that hold a case of hostile input.
HOSTILE = {
    ("labels:step draft step=evenement", "other", "404"): "idor-002",
    ("labels:redo approved", "other", "404"): "idor-004",
    ("admin:labels_application_decision submitted", "here", "405"): "http-009",
    ("labels:withdraw draft", "owner", "405"): "http-009",
}


def cells(table: dict[str, str]) -> list[Any]:
    """Those about one state together, which share a scene."""
    held = {cell: [bad_input.runs(key)] for cell, key in HOSTILE.items()}
    return [
        pytest.param(Case(key), role, expected, id=f"{key}-{role}", marks=held.get((key, role, expected), []))
        for key, row in sorted(table.items(), key=lambda line: str(Case(line[0]).state))
        for role, expected in zip(ROLES, row.split(), strict=True)
    ]


BEGIN_ONE = {"labels:new", "labels:redo", "admin:labels_application_add", "admin:labels_application_redo"}
ERASE_ONE = "admin:labels_application_delete"
KEEP_THE_STATE = {
    "labels:full",
    "labels:contact",
    "admin:labels_application_region",
    "admin:labels_application_correction approved",
    "admin:labels_application_image submitted",
    "admin:labels_application_image approved",
}


@pytest.fixture
def state(case: Case) -> State | None:
    return case.state


def outcome(response: Any) -> str:
    """``L`` or ``A`` where the answer leads to a sign-in, else the status."""
    if response.status_code == 302:
        path = urlsplit(response["Location"]).path
        if path == reverse("admin:login"):
            return "A"
        if path == reverse("account_login") and "next=" in response["Location"]:
            return "L"
    return str(response.status_code)


def _stored() -> tuple[Any, ...]:
    """All that a visit could change by mistake."""
    applications = Application.objects.values_list("state", "version", "updated_at", "event__updated_at").get()
    return applications, Transition.objects.count(), User.objects.count(), Mail.objects.count()


@on_stage
@pytest.mark.parametrize(("case", "role", "expected"), cells(PAGES))
def test_each_role_gets_from_each_page_what_is_due(scene: Scene, case: Case, role: str, expected: str) -> None:
    client, address = scene.client(role), scene.address(case)
    before = _stored()

    response = client.get(address)

    assert outcome(response) == expected
    # A GET changes nothing, whoever asks.
    assert _stored() == before
    assert set(client.cookies) <= COOKIES


def _own_data(scene: Scene, case: Case) -> dict[str, Any]:
    """What a deed asks for that no other does."""
    application = scene.application
    match case.name.rpartition("_")[2]:
        case "correction":
            sheet = CorrectionSheet(application, scene.owner)
            posted = [page.as_posted() for page in sheet.pages]
            shown = {
                name: value
                for page in posted
                for name, value in page.items()
                if value is not None and value is not False
            }
            return {**shown, "title": "Visite gratuite"}
        case "image":
            file = SimpleUploadedFile("atelier.png", pictures.image(), "image/png")
            return {"image-file": file, "image-alt": "La coulée du métal"}
        case "add":
            return {"email": "nouveau@exemple.fr", "edition": application.event.edition_id}
        case "redo":
            _open_the_next(application.event.edition)
        case "delete":
            return {"reason": "Décision de justice.", "reference": application.reference}
    return {}


def _open_the_next(edition: Edition) -> None:
    now = timezone.now()
    dates = {"applications_open_at": now - timedelta(days=1), "applications_close_at": now + timedelta(days=1)}
    factories.edition(edition.year + 1, **dates)
    edition.applications_close_at = now
    edition.save()


@on_stage
@pytest.mark.parametrize(("case", "role", "expected"), cells(DEEDS))
def test_each_role_may_do_what_is_due_and_a_refusal_changes_nothing(
    scene: Scene, case: Case, role: str, expected: str
) -> None:
    application = scene.application
    count, before = Application.objects.count(), (application.state, application.version)
    data = {
        "version": application.version,
        "is_sworn": "on",
        "message": "Fermé.",
        "contact_name": "Dominique Durand",
        "full": "oui",
        "action": case.words.get("action", "continue"),
        "note": "Payant.",
        "conditions": [Condition.FREE],
        "region": "nationale",
        **_own_data(scene, case),
    }

    client = scene.client(role)
    response = client.post(scene.address(case), data)

    assert outcome(response) == expected
    assert set(client.cookies) <= COOKIES
    if not (case.name == ERASE_ONE and expected == "302"):
        application.refresh_from_db()
    if case.name in BEGIN_ONE:
        assert Application.objects.count() == count + (expected in {"302", "303"})
    elif case.name == ERASE_ONE and expected == "302":
        assert Application.objects.count() == count - 1
    elif expected in {"200", "302", "303"}:
        # A form shown again keeps what of it is valid.
        assert application.version > before[1]
        assert (application.state == before[0]) is (expected == "200" or bool({case.name, case.key} & KEEP_THE_STATE))
    else:
        assert (application.state, application.version, Application.objects.count()) == (*before, count)


@on_stage
@pytest.mark.parametrize(("case", "role", "expected"), cells(ORGANISATION_DEEDS))
def test_each_role_may_change_an_organisation_as_is_due(scene: Scene, case: Case, role: str, expected: str) -> None:
    applicant = factories.organiser()
    factories.application(by=applicant, organisation=scene.organisation)
    data = {"email": "a@exemple.fr", "role": "owner", "is_confirmed": "on", "user": str(applicant.pk)}
    before = _shared()

    response = scene.client(role).post(scene.address(case), data)

    assert outcome(response) == expected
    assert (_shared() != before) is (expected == "303")


@on_stage
@pytest.mark.parametrize(("case", "role", "expected"), cells(ASSIGNMENT_DEEDS))
def test_each_role_may_take_and_release_as_is_due(scene: Scene, case: Case, role: str, expected: str) -> None:
    left = factories.regional("28", is_active=False) if case.name.endswith("release") else None
    Application.objects.update(assigned_to=left)

    response = scene.client(role).post(scene.address(case))

    assert outcome(response) == expected
    scene.application.refresh_from_db()
    assert (scene.application.assigned_to != left) is (expected == "302")


def _shared() -> list[Any]:
    return [
        *Membership.objects.order_by("pk").values_list("user", "organisation", "role"),
        *Invitation.objects.order_by("pk").values_list("email", "role"),
    ]


@on_stage
@pytest.mark.parametrize(("case", "role", "expected"), cells(DESK_DEEDS))
def test_each_role_may_work_around_an_application_as_is_due(scene: Scene, case: Case, role: str, expected: str) -> None:
    client, address = scene.client(role), scene.address(case)
    before = (Note.objects.count(), Mail.objects.count())

    response = client.post(address, {"text": "À rappeler lundi."})

    assert outcome(response) == expected
    assert ((Note.objects.count(), Mail.objects.count()) != before) is (expected == "302")


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or '?'}"
        else:
            yield from addresses(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def test_no_address_is_missing_from_the_table() -> None:
    assert set(addresses(get_resolver())) == {Case(key).name for key in (*PAGES, *DEEDS)}
