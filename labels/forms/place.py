"""Third step: when and where. The commune is found in what is typed, and the point follows it until it is moved."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms

from core.calls import Unavailable
from core.contact_fields import WebAddressField
from core.fields import TextField
from core.text import fold
from events.models import Event
from labels.forms.base import Flaw, StepForm, question, shown_if
from labels.forms.measures import DegreesField
from labels.forms.slots import SlotFormSet
from labels.models import Application
from labels.rules import Verdict
from places.geocoding import Located, locate
from places.models import FURTHEST, PARIS, Commune
from places.points import Point

SHOWN = 12
_ON_SITE = (Event.Attendance.ON_SITE, Event.Attendance.MIXED)


class PlaceForm(StepForm):
    slug = "dates-et-lieu"
    heading = "Dates et lieu"
    columns = ("attendance", "venue", "address", "directions", "online_url")
    asked = ("address", "commune")

    attendance = forms.ChoiceField(
        label="Où l’événement a-t-il lieu ?",
        choices=Event.Attendance.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites si l’événement a lieu sur place ou en ligne.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )
    venue = TextField(
        label="Nom du lieu", help_text="Par exemple « Fonderie du Port ».", required=False, max_length=150
    )
    address = TextField(
        label="Adresse",
        help_text="Numéro et voie, ou lieu-dit, par exemple « 12 rue des Docks ».",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    commune = TextField(
        label="Commune",
        help_text="Nom ou code postal, par exemple « Saint-Étienne » ou « 42000 ».",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    commune_code = forms.CharField(required=False, max_length=5, widget=forms.HiddenInput)
    latitude = DegreesField(label="Latitude", required=False, min_value=-90, max_value=90)
    longitude = DegreesField(label="Longitude", required=False, min_value=-180, max_value=180)
    # What the page shows the point for, « latitude;longitude;commune;address » in one word, as no person wrote it.
    point_of = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    is_point_confirmed = forms.BooleanField(
        label="Le repère est à la bonne place", required=False, help_text="Sinon il reste « à confirmer »."
    )
    directions = TextField(
        label="Comment venir",
        help_text="Arrêt de transport le plus proche, stationnement, entrée à prendre. Par exemple : « Tramway A, "
        "arrêt Docks ; dépose des cars devant l’accueil ».",
        required=False,
        max_length=500,
    )
    online_url = WebAddressField(
        label="Adresse de connexion",
        help_text="Le lien de la réunion en ligne, s’il est déjà connu. Il sera public.",
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = SlotFormSet(self.application, self.data if self.is_bound else None)
        self.place: Commune | None = None
        self.candidates: list[Commune] = []
        self._told_of_place: list[str] = []

    @classmethod
    def answers(cls, application: Application) -> dict[str, Any]:
        point = {name: getattr(application.event, name) for name in ("latitude", "longitude")}
        return {**super().answers(application), **point, "commune": str(application.event.commune or "")}

    @classmethod
    def agree(cls, application: Application, cleaned: Mapping[str, Any]) -> bool:
        """Online, or at an address of a commune that its own words find, and within its reach."""
        event, commune = application.event, application.event.commune
        point = (cleaned["latitude"], cleaned["longitude"])
        is_found = bool(cleaned["address"] and commune and commune.is_found_by(cleaned["commune"]))
        is_near = None in point or bool(commune and commune.is_within_reach(Point(*point)))
        return (not event.is_on_site or (is_found and is_near)) and SlotFormSet.is_plainly_whole(event)

    def stored(self) -> dict[str, Any]:
        event = self.event
        return {
            **super().stored(),
            "commune": str(event.commune or ""),
            "commune_code": event.commune_id or "",
            "latitude": event.latitude,
            "longitude": event.longitude,
            "is_point_confirmed": event.is_point_confirmed,
            "point_of": _point_of(event.latitude, event.longitude, event.commune_id or "", event.address),
        }

    def as_posted(self) -> dict[str, Any]:
        return {**super().as_posted(), **SlotFormSet.as_posted(self.event)}

    def spoken(self) -> dict[str, str]:
        return {"Créneaux": self.slots.spoken(), **super().spoken()}

    def layout(self) -> Layout:
        return Layout(
            "attendance",
            HTML('{% include "labels/slots.html" %}'),
            shown_if(
                f"attendance={'|'.join(_ON_SITE)}",
                Fieldset(
                    "Lieu, pour un événement sur place",
                    question("venue", "address"),
                    HTML('{% include "labels/commune.html" %}'),
                    HTML('{% include "labels/pin.html" %}'),
                    "directions",
                ),
            ),
            shown_if(f"attendance={Event.Attendance.ONLINE}|{Event.Attendance.MIXED}", "online_url"),
        )

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.slots.is_valid()])

    def clean(self) -> dict[str, Any]:
        if "point_of" in self.errors:
            self.without_errors("point_of")
        attendance = self.cleaned_data.get("attendance", self.event.attendance)
        if attendance == Event.Attendance.ONLINE:
            self.without_errors("venue", "address", "directions", "commune", "commune_code")
            self.without_errors("latitude", "longitude", then=None)
        else:
            self.require("address", "Indiquez l’adresse où le public est attendu.")
            self.require("commune", "Indiquez la commune.")
            self._find_commune()
            self._check_point()
        if attendance == Event.Attendance.ON_SITE:
            self.without_errors("online_url")
        self.slots.form_kwargs["time_zone"] = self._time_zone(attendance)
        return self.cleaned_data

    def _time_zone(self, attendance: str) -> str:
        commune = self.place or self.event.commune
        return commune.time_zone if commune and attendance != Event.Attendance.ONLINE else PARIS

    def _find_commune(self) -> None:
        """The one that is meant by the text; the code, of a list or of a script, only chooses among those it names."""
        text = self.cleaned_data.get("commune")
        if not text:
            return
        found = Commune.objects.matching(text)
        chosen = found.filter(code=self.cleaned_data.get("commune_code", "")).first()
        matches = [chosen] if chosen else list(found[:SHOWN])
        exact = [item for item in matches if fold(text) in {item.folded_name, fold(str(item))}]
        if len(matches) == 1 or len(exact) == 1:
            self.place = (exact or matches)[0]
        elif matches:
            self.candidates = matches
            self.add_error("commune", f"Plusieurs communes correspondent à « {text} » : choisissez la vôtre.")
        else:
            self.add_error(
                "commune",
                f"Aucune commune ne correspond à « {text} » : vérifiez le nom ou le code postal, sans CEDEX.",
            )

    def _check_point(self) -> None:
        latitude, longitude = (self.cleaned_data.get(name) for name in ("latitude", "longitude"))
        if self.place is None or {"latitude", "longitude"} & self.errors.keys():
            return
        if (latitude is None) != (longitude is None):
            self.require("latitude", "Indiquez la latitude, ou effacez la longitude.")
            self.require("longitude", "Indiquez la longitude, ou effacez la latitude.")
        elif (point := self._point_meant_for(self.place)) and not self.place.is_within_reach(point):
            self.add_error(
                "latitude",
                f"Ce point est à plus de {FURTHEST} km du centre de la commune, {self.place} : "
                "déplacez le repère ou changez de commune.",
            )

    def _point_meant_for(self, commune: Commune) -> Point | None:
        """The point of the page, unless it was left behind by a change of commune or of address."""
        latitude, longitude = (self.cleaned_data.get(name) for name in ("latitude", "longitude"))
        if latitude is None or longitude is None:
            return None
        shown = self.cleaned_data.get("point_of", "")
        address = self.cleaned_data.get("address", "")
        is_moved = not shown.startswith(_point_of(latitude, longitude))
        is_of_place = fold(shown) == fold(_point_of(latitude, longitude, commune.code, address))
        return Point(latitude, longitude) if is_moved or is_of_place else None

    def _point_placed_in(self, commune: Commune) -> Point | None:
        """The point that a person or an address has placed: the centre of a commune waits to be moved."""
        point = self._point_meant_for(commune)
        return point if point != commune.centre or self.cleaned_data.get("is_point_confirmed") else None

    def look_up(self) -> None:
        self.is_valid()
        address = self.cleaned_data.get("address")
        if address and self.place and self._point_placed_in(self.place) is None:
            with suppress(Unavailable):
                locate(address, self.place)

    def store(self) -> None:
        super().store()
        event = self.event
        if not event.is_on_site:
            event.set_place(None)
        elif self.place:
            self._store_place(self.place)
        event.save(update_fields=["commune", "region", "latitude", "longitude", "is_point_confirmed", "updated_at"])
        self.slots.store(event)
        # An examiner may have handed it over since it was read; now the row is held.
        self.application.refresh_from_db(fields=["state", "promised_on", "region", "is_moved"])
        self.application.place_in_queue()

    def _store_place(self, commune: Commune) -> None:
        point = self._point_placed_in(commune)
        if point is None and self._is_placed_already(commune):
            return
        self.event.set_place(commune)
        if point:
            self.event.latitude, self.event.longitude = point.latitude, point.longitude
            self.event.is_point_confirmed = self.cleaned_data.get("is_point_confirmed", False)
        elif self.event.address:
            self._follow_address(commune)

    def _is_placed_already(self, commune: Commune) -> bool:
        """The page is behind what is stored, or its point is refused: the same address keeps its place."""
        event, was = self.event, self.initial
        is_same = commune.pk == was["commune_code"] and fold(event.address) == fold(was["address"])
        is_emptied = {"latitude", "longitude"} <= self.cleaned_data.keys() and self.cleaned_data["latitude"] is None
        is_placed = event.is_point_confirmed or (event.latitude, event.longitude) != (
            commune.latitude,
            commune.longitude,
        )
        return is_same and is_placed and event.latitude is not None and not is_emptied

    def _follow_address(self, commune: Commune) -> None:
        try:
            found = locate(self.event.address, commune, asks=False)
        except Unavailable:
            found = Located()
        if found.point:
            self.event.latitude, self.event.longitude = found.point.latitude, found.point.longitude
            told = "Le repère est placé à l’adresse : confirmez-le sur la carte, à la page « Dates et lieu »."
        elif found.elsewhere:
            told = f"Cette adresse semble être dans une autre commune, {found.elsewhere} : vérifiez la commune."
        else:
            told = (
                "L’adresse n’a pas pu être située : le repère est au centre de la commune. "
                "Placez-le sur la carte, à la page « Dates et lieu »."
            )
        self._told_of_place.append(told)

    def judge(self, verdict: Verdict) -> None:
        super().judge(verdict)
        self.slots.judge()

    def warnings(self) -> list[str]:
        return [*filter(None, [self.slots.overlap()]), *self._doubts_of_place()]

    def _doubts_of_place(self) -> list[str]:
        """The examiner is told of the distance too."""
        event = self.event
        if not event.is_far_from_its_commune:
            return self._told_of_place
        away = f"{event.kilometres_from_commune:.0f} km"
        return [f"Le repère est à {away} du centre de la commune, {event.commune} : vérifiez-le."]

    def flaws(self) -> list[Flaw]:
        whole = [Flaw(self.slug, "creneaux", "Créneaux", str(message)) for message in self.slots.non_form_errors()]
        rows = [
            replace(flaw, label=f"Créneau {number}, {flaw.label.lower()}")
            for number, form in self.slots.numbered
            if number
            for flaw in self._flaws_of(form)
        ]
        return [*whole, *rows, *super().flaws()]


def _point_of(latitude: float | None, longitude: float | None, *place: str) -> str:
    written = [DegreesField().prepare_value(degrees) or "" for degrees in (latitude, longitude)]
    return "_".join(";".join([*written, *(place or [""])]).split())
