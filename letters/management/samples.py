"""One of each kind of document, to be looked at: of the campaigns that are published, and with made-up letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from django.core.management.base import CommandError
from django.utils import translation

from campaigns.models import Campaign, ContactDetail, Target
from campaigns.people import prisoners
from letters.models import Delivery, Dossier, FaxCall, FaxOutcome, Letter
from letters.paper.campaign import bulletin_pdf, open_letter_pdf
from letters.paper.card import Card, Way, card_pdf
from letters.paper.dossier import cover, typeset_part
from letters.paper.envelope import envelope_pdf, labels_pdf
from letters.paper.facts import facts_of
from letters.paper.leaflet import leaflet_pdf
from letters.paper.pdf import Paper
from letters.paper.receipt import receipt_pdf
from letters.paper.renderer import Typeset
from letters.paper.resolution import Resolution, model_text, resolution_pdf
from letters.paper.sheets import FaxSheet, LetterSheet, fax_pdf, letter_pdf
from prisoners.models import MailRules, PrisonerAddress

Make = Callable[[], bytes | Typeset]
LANGUAGES = ("en", "ru", "ar")
PAPERS: tuple[Paper, ...] = ("A4", "letter")
DAY = dt.date(2026, 3, 14)
OFFICE = ("Prosecutor General", "Example Street 1", "Exampletown 123456", "COUNTRYLAND")
CYRILLIC = ("Генеральный прокурор", "ул. Примерная, 1", "Примерск 123456", "COUNTRYLAND")
WORDS = {
    "en": (
        "Vera Example",
        "Dear Prosecutor General,",
        (
            "I teach history in Leeds, and half of my pupils have family who once had to leave home. I am "
            "writing about Vera Example, who was convicted for joining a union. She has committed no crime and "
            "has spent more than four years behind bars. Nobody showed any credible evidence at her trial, and "
            "her lawyers were not heard."
        ),
        "I ask you to end her prosecution, to release her at once and without conditions, and to clear her record.",
        "Yours sincerely,",
    ),
    "ru": (
        "Вера Примерова",
        "Уважаемый господин генеральный прокурор!",
        (
            "Я преподаю историю в Лидсе, и у половины моих учеников есть родные, которым когда-то пришлось "
            "покинуть дом. Пишу о Вере Примеровой: её осудили за то, что она вступила в профсоюз. Она не "
            "совершила преступления и провела за решёткой больше четырёх лет. Убедительных доказательств в суде"
            " не было, её адвокатов не выслушали."
        ),
        "Прошу прекратить её преследование, немедленно и без условий освободить её и снять судимость.",
        "С уважением,",
    ),
    "ar": (
        "فيرا المثال",
        "السيد المدعي العام، تحية طيبة وبعد،",
        (
            "أدرّس التاريخ في ليدز، ولنصف تلاميذي أقارب اضطروا يومًا إلى ترك بيوتهم. أكتب إليكم بشأن Vera "
            "Example التي أدينت لأنها انضمت إلى نقابة. لم ترتكب أي جريمة وأمضت أكثر من 4 سنوات خلف القضبان."
        ),
        "أطلب منكم وقف ملاحقتها والإفراج عنها فورًا ودون شروط ومحو سجلها.",
        "مع خالص التقدير،",
    ),
}

COMFORT = {"en": "You are not forgotten.", "ru": "Вас помнят и ждут.", "ar": "لستم منسيين."}


def documents() -> Iterator[tuple[str, Make]]:
    """Yield the name of each document and what makes its PDF.

    Raises:
        CommandError: no campaign or no prisoner is published.
    """
    campaigns = list(Campaign.objects.published().order_by("slug"))
    if not campaigns:
        raise CommandError("There is no published campaign; load one with load_campaign.")
    for language in LANGUAGES:
        for campaign in campaigns:
            yield from of_campaign(campaign, language)
        for paper in PAPERS:
            yield from of_a_letter(language, paper)
            yield from of_a_prisoner(language, paper)
            yield from of_a_dossier(campaigns[0], language, paper)
        yield f"receipt-{language}", partial(receipt, campaigns[0], language)
    for paper in PAPERS:
        yield from by_post(paper)


def of_campaign(campaign: Campaign, language: str) -> Iterator[tuple[str, Make]]:
    """Yield what is printed of a campaign."""
    facts, name = facts_of(campaign, language), f"{campaign.slug}-{language}"
    for paper in PAPERS:
        yield f"leaflet-{name}-{paper}", partial(leaflet_pdf, facts, paper=paper)
        yield f"bulletin-{name}-{paper}", partial(bulletin_pdf, facts, paper=paper)
        if campaign.kind == Campaign.Kind.OPEN_LETTER:
            yield f"open-letter-{language}-{paper}", partial(open_letter_pdf, facts, names=["Ada, Leeds"], paper=paper)
        resolution = Resolution(facts, model_text(campaign, language), "Durham branch", 1_200)
        yield f"resolution-{name}-{paper}", partial(resolution_pdf, resolution, paper=paper)
    yield f"leaflet-{name}-A5", partial(leaflet_pdf, facts, paper="A5")
    yield f"leaflet-{name}-half", partial(leaflet_pdf, facts, paper="half")


def of_a_letter(language: str, paper: Paper) -> Iterator[tuple[str, Make]]:
    """Yield the same letter to post, blank for the pen, and by fax, where it is longer than a page."""
    subject, *paragraphs = WORDS[language]
    text, sender = "\n\n".join(paragraphs), ("Ada Example", "Leeds")
    long = "\n\n".join([paragraphs[0], *paragraphs[1:3] * 6, paragraphs[3]])
    signed = LetterSheet(language, OFFICE, text, subject, sender, "14.3.2026", signatory_lines=sender)
    fax = FaxSheet(language, OFFICE, long, subject, sender, "14.3.2026", number="+44 20 7946 0000")
    yield f"letter-{language}-{paper}", partial(letter_pdf, signed, paper=paper)
    yield f"letter-blank-{language}-{paper}", partial(letter_pdf, LetterSheet(language, OFFICE, text), paper=paper)
    yield f"fax-{language}-{paper}", partial(fax_pdf, fax, paper=paper)


def by_post(paper: Paper) -> Iterator[tuple[str, Make]]:
    """Yield envelope and labels."""
    address, latin, sender = "\n".join(CYRILLIC), "\n".join(OFFICE), ("Ada Example", "Leeds")
    yield f"envelope-{paper}", partial(envelope_pdf, address, sender, latin=latin, paper=paper)
    yield f"labels-{paper}", partial(labels_pdf, [address, latin], paper=paper)


def of_a_prisoner(language: str, paper: Paper) -> Iterator[tuple[str, Make]]:
    """Yield a card to write on by hand, with the rules of the mail, and one that the organisers collect."""
    person = prisoners().order_by("pk").first()
    if person is None:
        raise CommandError("There is no prisoner whose case is public.")
    lines, latin = "\n".join(CYRILLIC[1:3]), "\n".join(OFFICE[1:3])
    address = PrisonerAddress(person=person, lines=lines, latin_lines=latin, country="RU", prisoner_number="No. 4711")
    rules = MailRules(languages=["ru"], return_address="required", avoid={"en": "The case and politics."})
    ways = {"card": Way(person, address, rules), "card-collected": Way(person, None, None)}
    for name, way in ways.items():
        words = COMFORT[language] if way.address is None else ""
        yield f"{name}-{language}-{paper}", partial(card, Card(way, language, words, "Ada"), paper)


def card(words: Card, paper: Paper) -> Typeset:
    with translation.override(words.language):
        return card_pdf(words, paper=paper)


def of_a_dossier(campaign: Campaign, language: str, paper: Paper) -> Iterator[tuple[str, Make]]:
    """Yield a dossier's cover and letters."""
    target, text = Target(name={language: WORDS[language][1]}), "\n\n".join(WORDS[language][1:])
    countries = {"GB": 1_120, "DE": 431, "": 27}
    dossier = Dossier(
        campaign=campaign, target=target, language=language, paper=paper, done=1_578, countries=countries, since=DAY
    )
    letter = Letter(campaign=campaign, confirmed_on=DAY)
    rows = [Delivery(letter=letter, language=language, addressee="\n".join(OFFICE), text=text) for _copy in range(2)]
    yield f"dossier-cover-{language}-{paper}", partial(cover, dossier)
    yield f"dossier-{language}-{paper}", partial(typeset_part, dossier, rows, 1)


def receipt(campaign: Campaign, language: str) -> Typeset:
    """The receipt of a fax."""
    contact = ContactDetail(channel="fax", value="+442079460000")
    target = Target(name={"en": OFFICE[0]})
    delivery = Delivery(campaign=campaign, target=target, contact=contact, text_hash="0123456789abcdef" * 4)
    ended = dt.datetime.combine(DAY, dt.time(12), dt.UTC)
    call = FaxCall(
        delivery=delivery, outcome=FaxOutcome.DELIVERED, pages=2, remote_id="POSTBAG", ended_at=ended, reference="4711"
    )
    with translation.override(language):
        return receipt_pdf(call)
