"""The picture of a delivery's states is that of the table of moves."""

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

from django.core.management import call_command

from letters.models import DeliveryState
from letters.models.transitions import MOVES

PICTURE = Path(__file__).parents[2] / "docs" / "states.svg"
SVG = "{http://www.w3.org/2000/svg}"


def drawn() -> str:
    out = StringIO()
    call_command("draw_states", stdout=out)
    return out.getvalue()


def test_the_picture_in_the_documentation_is_up_to_date() -> None:
    assert drawn() == PICTURE.read_text(), "draw it anew: manage.py draw_states > docs/states.svg"


def test_the_picture_has_every_state_and_every_move() -> None:
    picture = ET.fromstring(drawn())

    assert set(DeliveryState.values) <= {element.text for element in picture.iter(f"{SVG}text")}
    tips = [path for path in picture.iter(f"{SVG}path") if path.get("class") == "tip"]
    assert len(tips) == sum(map(len, MOVES.values()))
