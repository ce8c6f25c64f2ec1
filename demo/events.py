"""Thousands of labelled events for the figures, the list and the map; the same ones at each loading."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Organisation, User
from core.text import fold
from demo.catalogue import AUDIENCES, FORMATS, NAMES, PURPOSE, SAFETY, TRADES, Trade, describe
from events.models import Audience, Edition, Event, Format, SearchEntry, Sector, Slot
from labels.models import Action, Application, State, Transition
from places.models import PARIS, Commune

# The regional figures of the ministry's communiqué of 18 November 2022, by INSEE code; Corse and Mayotte had none.
FIGURES_2022 = {
    "32": 348,
    "28": 318,
    "11": 260,
    "44": 356,
    "53": 69,
    "52": 254,
    "24": 152,
    "27": 263,
    "75": 195,
    "84": 565,
    "76": 406,
    "93": 191,
    "04": 65,
    "03": 9,
    "01": 7,
    "02": 4,
}
TOTAL_2022 = 4737
ONLINE_2022 = 1130
TOTAL_2024 = 8000
Describe = Callable[[Random, str, Trade, str, str], tuple[str, str]]
_HOURS = [
    (time(9), time(12)),
    (time(14), time(17)),
    (time(10), time(18)),
    (time(8, 30), time(10)),
    (time(17), time(19)),
]


@dataclass
class Gazetteer:
    """Communes to draw from, larger ones more often: beside each, its weight and those before it."""

    by_region: dict[str, tuple[list[Commune], list[float]]]
    everywhere: tuple[list[Commune], list[float]]

    @classmethod
    def read(cls) -> "Gazetteer":
        communes = list(
            Commune.objects.filter(region__isnull=False, latitude__isnull=False, population__gt=0)
            .exclude(code__in=["75056", "69123", "13055"])
            .select_related("region")
            .order_by("code")
        )
        weights = [float(commune.population or 0) ** 0.7 for commune in communes]
        by_region: dict[str, tuple[list[Commune], list[float]]] = {}
        for commune, weight in zip(communes, weights, strict=True):
            names, sizes = by_region.setdefault(str(commune.region_id), ([], []))
            names.append(commune)
            sizes.append(weight)
        summed = {region: (names, [*accumulate(sizes)]) for region, (names, sizes) in by_region.items()}
        return cls(summed, (communes, [*accumulate(weights)]))

    def draw(self, random: Random, region: str | None = None) -> Commune:
        communes, weights = self.by_region[region] if region else self.everywhere
        return random.choices(communes, cum_weights=weights)[0]


@dataclass
class Lists:
    formats: dict[str, Format]
    sectors: dict[str, Sector]
    audiences: dict[str, Audience]
    organisations: list[Organisation]

    @classmethod
    def read(cls) -> "Lists":
        return cls(
            {item.slug: item for item in Format.objects.all()},
            {item.slug: item for item in Sector.objects.all()},
            {item.slug: item for item in Audience.objects.all()},
            _organisations(),
        )


def _organisations() -> list[Organisation]:
    kinds = list(Organisation.Kind)
    names = [
        f"{trade.site.split('’')[-1].removeprefix('la ').removeprefix('le ')} {name}"
        for trade in TRADES
        for name in NAMES
    ]
    rows = [
        Organisation(name=f"{name[0].upper()}{name[1:]} (démo)", kind=kinds[index % len(kinds)])
        for index, name in enumerate(names)
    ]
    return Organisation.objects.bulk_create(rows)


@transaction.atomic
def load(examiner: User) -> int:
    """Write the events of 2022 and 2024 with their applications; the number of events."""
    gazetteer, lists = Gazetteer.read(), Lists.read()
    count = 0
    for year, wanted in ((2022, _places_2022(gazetteer)), (2024, places(gazetteer, TOTAL_2024, Random(2024)))):
        edition = Edition.objects.get(year=year)
        count += Batch(edition, lists, examiner).write(wanted)
    return count


def _places_2022(gazetteer: Gazetteer) -> Iterator[Commune | str]:
    """A commune, « en-ligne » or « sans-region » for each event of 2022."""
    random = Random(2022)
    for region, count in FIGURES_2022.items():
        for _ in range(count):
            yield gazetteer.draw(random, region)
    yield from [Event.Attendance.ONLINE.value] * ONLINE_2022
    yield from ["sans-region"] * (TOTAL_2022 - sum(FIGURES_2022.values()) - ONLINE_2022)


def places(gazetteer: Gazetteer, count: int, random: Random) -> Iterator[Commune | str]:
    """The same for ``count`` events of any year."""
    for _ in range(count):
        draw = random.random()
        yield gazetteer.draw(random) if draw > 0.08 else Event.Attendance.ONLINE.value if draw > 0.01 else "sans-region"


class Batch:
    """One edition's events, written in bulk; what an event is drawn from depends on its rank alone."""

    def __init__(self, edition: Edition, lists: Lists, examiner: User, describe: Describe = describe) -> None:
        self.edition, self.lists, self.examiner, self.describe = edition, lists, examiner, describe
        self.random = Random(f"events of {edition.year}")

    def write(self, wanted: Iterable[Commune | str], *, first: int = 1) -> int:
        """An event for each place that is ``wanted``, numbered from ``first``; how many."""
        wanted = list(wanted)
        moments = self._moments(len(wanted))
        drawn = [self._draw(rank, *each) for rank, each in enumerate(zip(wanted, moments, strict=True), first)]
        events = Event.objects.bulk_create([event for event, _, _, _ in drawn], batch_size=400)
        Slot.objects.bulk_create([slot for _, slots, _, _ in drawn for slot in slots], batch_size=1000)
        Event.audiences.through.objects.bulk_create(
            [
                Event.audiences.through(event_id=event.pk, audience_id=self.lists.audiences[slug].pk)
                for event, _, slugs, _ in drawn
                for slug in slugs
            ],
            batch_size=1000,
        )
        Event.sectors.through.objects.bulk_create(
            [
                Event.sectors.through(event_id=event.pk, sector_id=self.lists.sectors[trade.sector].pk)
                for event, _, _, trade in drawn
            ],
            batch_size=1000,
        )
        for start in range(0, len(events), 400):
            SearchEntry.objects.keep(events[start : start + 400])
        self._write_applications(events)
        Edition.objects.filter(pk=self.edition.pk).update(
            last_reference=len(events), last_label_number=len(events), public_version=len(events)
        )
        return len(events)

    def _moments(self, count: int) -> list[datetime]:
        """When each label was given: in 2022 all at once, as from a file; else in the order of their numbers."""
        if self.edition.year == 2022:
            day = self.edition.window_starts_on - timedelta(days=5)
            return [datetime.combine(day, time(9), ZoneInfo(PARIS))] * count
        random = Random(f"labels of {self.edition.year}")
        first, last = self.edition.applications_open_at, self.edition.applications_close_at
        return sorted(first + (last - first) * random.betavariate(2.5, 1.2) for _ in range(count))

    def _draw(
        self, rank: int, place: Commune | str, published_at: datetime
    ) -> tuple[Event, list[Slot], list[str], Trade]:
        random = self.random
        commune = place if isinstance(place, Commune) else None
        is_online = place == Event.Attendance.ONLINE
        trade, name = random.choice(TRADES), random.choice(NAMES)
        format_slug = "webinaire" if is_online else _draw_format(random)
        title, description = self.describe(
            random, format_slug, trade, name, commune.name if commune else "toute la France"
        )
        organisation = random.choice(self.lists.organisations)
        event = Event(
            uid=uuid5(NAMESPACE_URL, f"demo:{self.edition.year}:{rank}"),
            edition=self.edition,
            organisation=organisation,
            title=title,
            description=description,
            purpose=PURPOSE,
            format=self.lists.formats[format_slug],
            price=0,
            attendance=Event.Attendance.ONLINE if is_online else Event.Attendance.ON_SITE,
            registration=random.choice([Event.Registration.NONE, Event.Registration.LINK]),
            registration_url="https://inscription.example/",
            capacity=random.choice([None, 12, 20, 40, 100, 300]),
            group_size=random.choice([None, 12, 30]),
            minimum_age=random.choice([None, None, 11, 14]),
            safety_equipment=SAFETY[rank % len(SAFETY)] if format_slug == "visite-entreprise" else "",
            is_accessible=random.random() < 0.6,
            label_number=f"{self.edition.year}-{rank:05d}",
            published_at=published_at,
        )
        if commune:
            self._place(event, commune, name)
        elif not is_online:
            event.venue = "Plusieurs sites, indiqués à l’inscription"
        if self.edition.year != 2022:
            event.is_full = random.random() < 0.05
            if random.random() < 0.01:
                event.cancelled_at = published_at + timedelta(days=3)
                event.cancellation_message = "L’atelier est fermé ce jour-là (démonstration)."
        slots = self._slots(event)
        event.starts_on, event.ends_on = slots[0].date, slots[-1].date
        for slot in slots:
            slot.capacity = event.capacity
        event.capacity = event.capacity and event.capacity * len(slots)
        event.search_text = fold(event.searched_text)
        audiences = random.sample(AUDIENCES, k=random.randint(1, 4))
        return event, slots, audiences, trade

    def _place(self, event: Event, commune: Commune, name: str) -> None:
        event.set_place(commune)
        event.is_point_confirmed = True
        event.venue = f"Site {name}"
        event.address = f"{self.random.randint(1, 90)} rue de l’Industrie"
        # One event in six stands at the town hall itself, so that several share a point.
        if self.random.random() > 1 / 6 and event.latitude is not None and event.longitude is not None:
            event.latitude = round(event.latitude + self.random.uniform(-0.012, 0.012), 5)
            event.longitude = round(event.longitude + self.random.uniform(-0.016, 0.016), 5)

    def _slots(self, event: Event) -> list[Slot]:
        days = (self.edition.window_ends_on - self.edition.window_starts_on).days
        week = (self.edition.week_starts_on - self.edition.window_starts_on).days
        first = self.random.choice([*range(week, week + 7)] * 6 + [*range(days + 1)])
        count = self.random.choices([1, 2, 3], [80, 14, 6])[0]
        start, end = self.random.choice(_HOURS)
        dates: list[date] = [
            self.edition.window_starts_on + timedelta(days=day) for day in range(first, min(first + count, days + 1))
        ]
        return [Slot(event=event, date=day, start_time=start, end_time=end, time_zone=event.time_zone) for day in dates]

    def _write_applications(self, events: list[Event]) -> None:
        applications = Application.objects.bulk_create(
            [
                Application(
                    reference=f"SI{self.edition.year}-{rank:06d}",
                    event=event,
                    region=event.region,
                    state=State.CANCELLED if event.cancelled_at else State.APPROVED,
                    version=2,
                    submitted_at=event.published_at - timedelta(days=2),
                    promised_on=(event.published_at + timedelta(days=2)).date(),
                    decided_at=event.published_at,
                )
                for rank, event in enumerate(events, start=1)
                if event.published_at
            ],
            batch_size=1000,
        )
        moves: list[tuple[Action, State, State, User | None]] = [
            (Action.SUBMIT, State.DRAFT, State.SUBMITTED, None),
            (Action.APPROVE, State.SUBMITTED, State.APPROVED, self.examiner),
        ]
        rows: list[dict[str, Any]] = []
        for application in applications:
            done = [*moves]
            if application.state == State.CANCELLED:
                done.append((Action.CANCEL, State.APPROVED, State.CANCELLED, None))
            rows += [
                {"application": application, "action": action, "from_state": source, "to_state": target, "by": by}
                for action, source, target, by in done
            ]
        Transition.objects.bulk_create(
            [Transition(**row, note=_NOTES.get(row["action"], "")) for row in rows], batch_size=1000
        )


_NOTES = {Action.CANCEL: "L’atelier est fermé ce jour-là (démonstration)."}


def _draw_format(random: Random) -> str:
    slugs = [slug for slug in FORMATS if slug != "webinaire"]
    return random.choices(slugs, [FORMATS[slug][0] for slug in slugs])[0]
