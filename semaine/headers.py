"""What a browser may do with an answer beyond its content security policy, said on all that it may open."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
