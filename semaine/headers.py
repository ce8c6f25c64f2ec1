"""What a browser may do with an answer, said on all that it may open."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# « Autour de moi » and passkeys are the portal's; nothing else that a device can do is.
PERMISSIONS = {
    "geolocation": "self",
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
    **dict.fromkeys(
        (
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "display-capture",
            "encrypted-media",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
            "xr-spatial-tracking",
        ),
        "",
    ),
}
# What is never a page of its own: there are forty of them for one page, and the rule would weigh more than some.
PARTS = ("text/css", "text/javascript", "font/woff2")
PERMISSIONS_POLICY = ", ".join(f"{name}=({allowed})" for name, allowed in PERMISSIONS.items())
# Of an answer that asks for no policy of its own.
_USUAL = PolicyParts()


def add(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of other sites may load what is made for them alone: open data, public pictures, the map in a frame."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_for_all = "Access-Control-Allow-Origin" in response or getattr(response, "xframe_options_exempt", False)
        if not is_for_all:
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.get("Content-Type", "").startswith(PARTS):
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return answer


class ContentSecurityPolicy(CSPMiddleware):
    """The library's, which would put together anew for each answer what is the same on nearly all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        # While one debugs, or tries another policy, some answers differ that bear no mark of it.
        is_tried = hasattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY")
        is_usual = not (settings.DEBUG or is_tried or settings.CONTENT_SECURITY_POLICY.get("EXCLUDE_URL_PREFIXES"))
        self._usual = build_policy() if is_usual else ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_particular = getattr(response, "_csp_exempt", False) or self.get_policy_parts(request, response) != _USUAL
        if is_particular or not self._usual:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        return response
