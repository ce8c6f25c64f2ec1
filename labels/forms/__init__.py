"""The organiser's application form: a form a step, in the order of the public addresses."""

from django.forms import RadioSelect

from labels.forms.base import Flaw, NoLongerEditable, Overtaken, StepForm
from labels.forms.contact import ContactForm
from labels.forms.corrections import CorrectionSheet
from labels.forms.desk import GROUPS, DeskFilter
from labels.forms.event import EventForm, IllustratedEventForm
from labels.forms.on_behalf import ErasureForm, OnBehalfForm
from labels.forms.organisation import OrganisationForm
from labels.forms.pictures import PictureForm, PictureRows
from labels.forms.place import PlaceForm
from labels.forms.publics import PublicsForm
from labels.forms.repetition import moves_rows
from labels.forms.requests import RESTS_ON
from labels.forms.review import CancellationForm, DeclarationForm, FullForm, VersionForm, flaws_of

__all__ = [
    "GROUPS",
    "RESTS_ON",
    "REVIEW",
    "STEPS",
    "CancellationForm",
    "ContactForm",
    "CorrectionSheet",
    "DeclarationForm",
    "DeskFilter",
    "ErasureForm",
    "EventForm",
    "Flaw",
    "FullForm",
    "IllustratedEventForm",
    "NoLongerEditable",
    "OnBehalfForm",
    "OrganisationForm",
    "Overtaken",
    "PictureForm",
    "PictureRows",
    "PlaceForm",
    "PublicsForm",
    "StepForm",
    "VersionForm",
    "flaws_of",
    "label_of_field",
    "moves_rows",
    "step_of_field",
]

STEPS: list[type[StepForm]] = [OrganisationForm, IllustratedEventForm, PlaceForm, PublicsForm]
REVIEW = "verification"


def step_of_field(field: str) -> tuple[str, str]:
    """The page and the anchor of a field that a finding names."""
    if field == "slots":
        return PlaceForm.slug, "creneaux"
    step = next((step for step in STEPS if field in step.base_fields), EventForm)
    is_group = field in step.base_fields and isinstance(step.base_fields[field].widget, RadioSelect)
    return step.slug, f"id_{field}_0" if is_group else f"id_{field}"


def label_of_field(field: str) -> str:
    """The question, as its page asks it."""
    return next((str(step.base_fields[field].label) for step in STEPS if field in step.base_fields), "Dates et heures")
