"""A site with something on every page: the seeds, and made-up campaigns and people in every state of a page."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter

from campaigns.models import Campaign, CampaignState, SiteIdentity
from prisoners.fields import FuzzyDate
from prisoners.models import Custody, MailRules, Person
from tests.factories import (
    make_ask,
    make_campaign,
    make_case,
    make_entry,
    make_event,
    make_letter,
    make_office,
    make_person,
    make_prison_address,
    make_update,
)

SEEDS = sorted((Path(__file__).parents[2] / "campaigns" / "files" / "seeds").glob("*.yaml"))
KUKU = "crimea-six-ua-126-19"
LONG_NAME = "Nurmukhammed-Sultanbek Abdrakhmanuly Zhaksylykov-Beisembayev"
COUNTRIES = {"US": 12, "DE": 9, "GB": 8, "FR": 2, "SE": 2}
BEFORE_LAST_DAY = dt.timedelta(days=9)


def fill() -> None:
    """Make all of it."""
    call_command("load_campaign", *map(str, SEEDS), verbosity=0)
    SiteIdentity.objects.create(
        pk=1,
        name="Letters for Prisoners",
        contact_email="contact@postbag.test",
        privacy_email="privacy@postbag.test",
        source_url="https://source.postbag.test/",
    )
    count_letters()
    announce()
    end_campaigns()
    tell_of_people()


def count_letters() -> None:
    """Let more people have written than the minimum, and from two countries fewer than may be named."""
    kuku, now = Campaign.objects.get(slug=KUKU), timezone.now()
    day = {"state": "confirmed", "confirmed_at": now, "confirmed_on": timezone.localdate(now)}
    for country, number in COUNTRIES.items():
        for each in range(number):
            make_letter(kuku, country=country, person_key=f"{country}-{each}", **day)


def announce() -> None:
    """News, a day of action to come and one that was."""
    kuku, today = Campaign.objects.get(slug=KUKU), timezone.localdate()
    make_update(kuku, slug="appeal", title={"en": "The appeal has a date"})
    cities = {"city": "London", "country": "GB"}, {"city": "Tbilisi", "country": "GE"}
    make_event(kuku, *cities, name={"en": "Evening of letters"}, date=day(today + BEFORE_LAST_DAY))
    report = {"en": "Forty people wrote in three cities."}
    make_event(kuku, cities[0], name={"en": "Vigil"}, date=day(today - BEFORE_LAST_DAY), report=report)


def end_campaigns() -> None:
    """One campaign in each state that is not open."""
    today = timezone.localdate()
    outcome = {"en": "She was released on bail. The charges stand, and her trial goes on."}
    for state in ("draft", "paused", "stopped", "withdrawn", "continued", "ended", "expired"):
        ended = today if state in ("ended", "stopped") else None
        title = {"en": f"Free the {state} example"}
        make_campaign(slug=state, title=title, state=state, outcome=outcome if ended else {}, ended_on=ended)
    make_campaign(slug="next", title={"en": "The next in the series"}, follows=Campaign.objects.get(slug="continued"))
    won = make_case(make_person("Olha Example", slug="olha-example"))
    make_entry(won, "She is released", custody=Custody.RELEASED, date=day(today))
    make_campaign(
        *(make_office("email"),),
        case=won,
        slug="won",
        title={"en": "Free Olha Example"},
        state=CampaignState.ENDED,
        ended_on=today,
        outcome={"en": "Olha Example came home. 1,204 people wrote, with her union and her lawyers."},
        thanks={"en": "Each letter reached me, also those that I was not given. I knew."},
    )


def tell_of_people() -> None:
    """People in every state that a page of theirs knows, the first with the longest name, on the home page too."""
    long = make_person(LONG_NAME, slug="long-name")
    office = make_office("email", "fax", "post", "phone", "twitter", "web_form")
    case = make_case(long, states=["KZ"])
    make_entry(case, "He is to stand trial", kind="hearing", date=day(timezone.localdate() + BEFORE_LAST_DAY))
    urgent = make_campaign(office, case=case, slug="long-name", kind="urgent_action", title={"en": f"Free {LONG_NAME}"})
    for kind in ("write", "call", "social", "visit", "report", "prisoner"):
        make_ask(urgent, kind, "One line that says what to do and how")
    make_prison_address(long, prisoner_number="No. 7", checked_on=timezone.localdate())
    MailRules.objects.create(country="RU", languages=["ru", "en"], avoid={"en": "The case, the war, insults."})
    moved, gone = make_person("Moved Example", slug="moved"), make_person("Dead Example", slug="dead")
    make_prison_address(moved, withdrawn=True)
    make_campaign(case=make_case(moved), slug="moved")
    memory = make_case(gone)
    make_entry(memory, "She dies in the camp", custody=Custody.DIED, date=day(timezone.localdate()))
    make_campaign(case=memory, slug="dead", state=CampaignState.ENDED, outcome={"en": "She died in the camp."})
    show_photos(long, Person.objects.get(slug="olha-example"))


def show_photos(hidden: Person, shown: Person) -> None:
    """One photo with consent, and one withheld; drawn, for a test shows no real face."""
    file = default_storage.save("people/portrait.jpg", ContentFile(portrait()))
    agreed = {"photo_consent": "The family, 2026", "photo_credit": "Family archive"}
    for person, use in ((shown, "named"), (hidden, "withheld")):
        Person.objects.filter(pk=person.pk).update(photo=file, photo_use=use, photo_alt={"en": "At home"}, **agreed)


def day(when: dt.date) -> FuzzyDate:
    return FuzzyDate.parse(when.isoformat())


def portrait() -> bytes:
    """Draw somebody at a window, as a JPEG of 1200 by 1500 pixels with the noise that makes a photo heavy."""
    image = Image.new("RGB", (1200, 1500), "#b9c4c9")
    draw = ImageDraw.Draw(image)
    draw.rectangle((700, 0, 1200, 1100), fill="#e8dfc8")
    draw.ellipse((350, 350, 850, 950), fill="#8a6a55")
    draw.ellipse((330, 300, 870, 620), fill="#3b2c27")
    draw.ellipse((150, 950, 1050, 2000), fill="#5b3540")
    image = Image.blend(image.filter(ImageFilter.GaussianBlur(12)), noise(image.size), 0.08)
    file = BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 60).convert("RGB")
