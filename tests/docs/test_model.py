"""The picture of the model is that of the models."""

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

from django.apps import apps
from django.core.management import call_command

PICTURE = Path(__file__).parents[2] / "docs" / "model.svg"


def drawn() -> str:
    out = StringIO()
    call_command("draw_model", stdout=out)
    return out.getvalue()


def test_the_picture_in_the_documentation_is_up_to_date() -> None:
    assert drawn() == PICTURE.read_text(), "draw it anew: manage.py draw_model > docs/model.svg"


def test_the_picture_names_every_model() -> None:
    words = {element.text for element in ET.fromstring(drawn()).iter("{http://www.w3.org/2000/svg}text")}
    found = [model for app in ("prisoners", "campaigns", "letters") for model in apps.get_app_config(app).get_models()]

    assert {model.__name__ for model in found if not model._meta.proxy} <= words
