"""Pages that a signed link opens without signing in: an event not yet public, where a request stands, reminders."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from labels.links import Link
from labels.models import Action, Application, Transition

# What their author wrote for the organiser, or for the public.
_TOLD = (Action.RETURN, Action.REFUSE, Action.REVOKE, Action.REVERSE, Action.DECLINE, Action.CANCEL, Action.CORRECT)
# Done at once by who organises, or of no weight in where it stands.
_NO_NEWS = (Action.EDIT, Action.CONTACT, Action.ILLUSTRATE, Action.MOVE)


def opened_by(link: Link) -> Callable[[Callable[[HttpRequest, str], HttpResponse]], Callable[..., HttpResponse]]:
    """Give the view what the token was signed for; neither kept, nor indexed, nor told to the sites it leads to."""

    def decorator(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            try:
                response = view(request, link.read(token))
            except SignatureExpired:
                response = render(request, "labels/expired.html", {"days": link.days}, status=410)
            except BadSignature as error:
                raise Http404 from error
            response["Cache-Control"] = "no-store"
            # A page with a form says where it posts from, to us alone: without it a browser names no origin.
            response["Referrer-Policy"] = "same-origin" if link is Link.PROPOSAL else "no-referrer"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return guarded

    return decorator


@require_safe
@opened_by(Link.PREVIEW)
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The event's page as the public will see it, until there is a public one, or will be none."""
    event = get_object_or_404(Application.objects.select_related("event"), reference=reference).event
    event = type(event).objects.for_page().get(pk=event.pk)
    if event.is_published:
        return redirect(event)
    if not event.application.is_pending:
        return render(request, "labels/no_preview.html", status=410)
    return render(request, "labels/preview.html", {"event": event})


@require_safe
@opened_by(Link.FOLLOW)
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Where an application stands, why, and what to do next; nothing of the people who applied."""
    found = get_object_or_404(Application.objects.for_verdict(), reference=reference)
    return render(request, "labels/follow.html", {"application": found, "event": found.event, **_news(found)})


def _news(found: Application) -> dict[str, Any]:
    """The last thing that was told, where it came with a reason; a change made at once is no news."""
    last: Transition | None = found.transitions.exclude(action__in=_NO_NEWS).order_by("-pk").first()
    return {"told": last if last and last.action in _TOLD else None, "revision": found.pending_revision}


# A mail program posts here for its reader, without our token (RFC 8058): the link itself is what entitles.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by(Link.REMINDERS)
def reminders(request: HttpRequest, key: str) -> HttpResponse:
    """Whether a person is reminded of their drafts; any POST stops it, but the one that asks for it again."""
    person = get_object_or_404(User, pk=key)
    if request.method == "POST":
        person.accepts_reminders = "again" in request.POST
        person.save(update_fields=["accepts_reminders"])
    return render(request, "labels/reminders.html", {"accepts": person.accepts_reminders})
