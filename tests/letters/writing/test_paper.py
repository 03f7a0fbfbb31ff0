"""The ways that leave nothing here: print and post, and one's own mailbox."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from pypdf import PdfReader

from campaigns.models import Campaign, PostalNotice
from letters.models import Allowance
from letters.printing import shelf
from tests import factories
from tests.letters.writing.supporter import Supporter, tree

pytestmark = pytest.mark.django_db

ADDRESS = "ул. Ильинка, 23\nМосква 103132"


@pytest.fixture
def by_post(db: None) -> Campaign:
    contact = factories.make_contact("post", ADDRESS, latin_value="Ilyinka Str. 23\nMoscow 103132", country="RU")
    office = factories.make_office(contact, name={"en": "President"}, salutation={"en": "Dear President,"})
    campaign = factories.make_campaign(office, slug="by-post")
    factories.make_model_letter(campaign, key="model")
    return campaign


def rows() -> dict[str, int]:
    """How many rows each table of the supporter's data has; the day's share of a network is not theirs."""
    tables = [model for model in apps.get_app_config("letters").get_models() if model is not Allowance]
    return {model.__name__: model._default_manager.count() for model in tables}


def paragraphs(supporter: Supporter) -> list[str]:
    """The letter in the preview, by paragraphs."""
    sheets = [part for part in tree(supporter.page).iter("p") if part.get("class") == "letter__exact"]
    return "".join(sheets[-1].itertext()).split("\n\n")


def pdf_text(supporter: Supporter) -> str:
    """The words of the PDF behind the page's button, with single spaces."""
    key = next(button.get("value") for button in tree(supporter.page).iter("button") if button.get("name") == "pdf")
    page = supporter.page
    answer = supporter.submit(pdf=key)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    supporter.page = page
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages).split())


def test_the_pdf_says_what_the_preview_shows(by_post: Campaign, supporter: Supporter) -> None:
    supporter.open("/campaigns/by-post/print/?from=GB")
    supporter.submit(own_words="I am a miner in Durham.", name="Ada Example", city="Durham")
    printed = pdf_text(supporter)

    assert "I am a miner in Durham." in printed
    for paragraph in paragraphs(supporter):
        assert " ".join(paragraph.split()) in printed


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("letter", (612, 792))])
def test_the_paper_is_the_one_that_was_asked_for(by_post: Campaign, client: Client, paper: str, size: object) -> None:
    key = by_post.targets.get().key
    answer = client.post("/campaigns/by-post/print/?from=US", {"targets": key, "paper": paper, "pdf": key})
    box = PdfReader(io.BytesIO(answer.content)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize(("button", "size"), [("envelope", (624, 312)), ("labels", (595, 842))])
def test_envelope_and_labels_hold_the_address(
    by_post: Campaign, client: Client, button: str, size: tuple[int, int]
) -> None:
    key = by_post.targets.get().key
    answer = client.post("/campaigns/by-post/print/?from=GB", {"targets": key, "paper": "A4", button: key})
    page = PdfReader(io.BytesIO(answer.content)).pages[0]

    assert "Ильинка, 23" in page.extract_text()
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_nothing_is_stored_and_no_cookie_is_set_for_a_letter_on_paper(by_post: Campaign) -> None:
    before = rows()
    supporter = Supporter()
    supporter.open("/campaigns/by-post/print/?from=RU")
    supporter.submit(name="Ada Example", own_words="I write.")
    pdf_text(supporter)

    assert rows() == before
    assert not supporter.client.cookies


def test_a_letter_left_blank_asks_for_nothing_and_shows_the_model_text_at_once(
    by_post: Campaign, supporter: Supporter
) -> None:
    supporter.open("/campaigns/by-post/print/?from=GB")
    printed = pdf_text(supporter)

    assert "Dear President, I am writing about Vera Example." in printed
    assert "Yours sincerely," in printed
    assert "United Kingdom" not in printed


def test_the_envelope_is_in_the_script_there_and_in_latin_with_the_country_in_the_senders_language(
    by_post: Campaign, supporter: Supporter
) -> None:
    supporter.open("/campaigns/by-post/print/?from=GB")
    first, second = ("".join(part.itertext()) for part in tree(supporter.page).iter("address"))
    assert first == f"President\n{ADDRESS}\nRUSSIA"
    assert second == "President\nIlyinka Str. 23\nMoscow 103132\nRUSSIA"

    supporter.open("/ru/campaigns/by-post/print/?from=GB")
    assert "РОССИЯ" in supporter.text


def test_what_to_know_of_the_post_is_told_for_the_senders_country(by_post: Campaign, supporter: Supporter) -> None:
    PostalNotice.objects.create(to_country="RU", from_country="US", suspended=True, text={"en": "Suspended since May."})
    supporter.open("/campaigns/by-post/print/?from=US")
    assert "Suspended since May." in supporter.text
    supporter.open("/campaigns/by-post/print/?from=GB")
    assert "Suspended since May." not in supporter.text


def test_a_page_to_print_says_nothing_of_how_the_site_would_send(supporter: Supporter, db: None) -> None:
    campaign = factories.make_campaign(factories.make_office("fax", "post", slug="by-fax-too"), slug="both-ways")
    factories.make_model_letter(campaign, key="model")

    supporter.open("/campaigns/both-ways/write/?from=DE")
    assert "Goes by fax" in supporter.text
    supporter.open("/campaigns/both-ways/print/?from=DE")
    assert "Goes by" not in supporter.text


def test_a_campaign_without_a_text_asks_for_the_letter_itself(supporter: Supporter, db: None) -> None:
    campaign = factories.make_campaign(factories.make_office("post"))
    factories.make_model_letter(campaign, availability="announced", note={"en": "The back page is missing."})
    supporter.open(f"/campaigns/{campaign.slug}/print/")
    assert "The back page is missing." in supporter.text
    assert supporter.submit(own_words="").status_code == 400
    assert supporter.submit(own_words="Release him.").status_code == 200
    assert "Release him." in pdf_text(supporter)


def test_what_was_typed_on_page_1_is_carried_to_paper(campaign: Campaign, supporter: Supporter) -> None:
    office = factories.make_office("post", name={"en": "President"})
    factories.add_office(campaign, office)
    supporter.open_form(campaign)
    data = {"own_words": "Kept words", "name": "Ada Example", "targets": campaign.targets.all()[0].key}
    supporter.page = supporter.client.post("/campaigns/free-vera/print/?from=US", data, follow=True)

    assert supporter.page.status_code == 200
    assert "Kept words" in pdf_text(supporter)


def test_a_closed_campaign_prints_no_letters(by_post: Campaign, supporter: Supporter) -> None:
    by_post.state = "stopped"
    by_post.save()
    supporter.open("/campaigns/by-post/print/")
    assert "takes no letters now" in supporter.text


def test_the_text_for_ones_own_mailbox_is_the_letter(campaign: Campaign, supporter: Supporter) -> None:
    before = rows()
    supporter.open("/campaigns/free-vera/own-mailbox/?from=DE")
    supporter.submit(own_words="I teach.", name="Ada Example")
    text = next("".join(part.itertext()) for part in tree(supporter.page).iter("pre"))
    link = next(
        part.get("href") for part in tree(supporter.page).iter("a") if part.get("href", "").startswith("mailto:")
    )

    assert text.startswith("Dear Chief Prosecutor,\n\nI teach.\n\n")
    assert parse_qs(urlsplit(link).query)["body"] == [text.replace("\n", "\r\n")]
    assert rows() == before


def test_a_mail_link_that_would_be_cut_leaves_the_text_out(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open("/campaigns/free-vera/own-mailbox/?from=DE")
    supporter.submit(own_words="word " * 1000)
    links = [part.get("href", "") for part in tree(supporter.page).iter("a")]
    assert all("body=" not in link and len(link) < 2000 for link in links if link.startswith("mailto:"))


def test_an_office_with_a_form_of_its_own_gets_the_text_pasted(supporter: Supporter, db: None) -> None:
    campaign = factories.make_campaign(factories.make_office("web_form"))
    factories.make_model_letter(campaign)
    supporter.open(f"/campaigns/{campaign.slug}/own-mailbox/?from=DE")
    assert "Paste the text into the form on its website." in supporter.text
    assert "Open the office’s form" in supporter.text


@pytest.mark.parametrize(
    ("rule", "to"), [("all", "one@office.test,two@office.test"), ("first_working", "one@office.test")]
)
def test_one_mail_goes_to_all_mailboxes_of_an_office_or_to_the_first(supporter: Supporter, rule: str, to: str) -> None:
    dead = factories.make_contact("email", "dead@office.test", state="dead")
    working = [factories.make_contact("email", f"{name}@office.test") for name in ("one", "two")]
    campaign = factories.make_campaign()
    factories.add_office(campaign, factories.make_office(dead, *working), rule=rule)
    factories.make_model_letter(campaign)
    supporter.open(f"/campaigns/{campaign.slug}/own-mailbox/?from=DE")

    links = [urlsplit(part.get("href")) for part in tree(supporter.page).iter("a") if part.get("href")]
    assert [link.path for link in links if link.scheme == "mailto"] == [to]
    shown = to.replace(",", ", ")
    assert f"Address: {shown} Subject:" in supporter.text or f"Address: {shown}Subject:" in supporter.text


def test_where_no_office_takes_paper_the_page_tells_why_and_leads_on(supporter: Supporter, db: None) -> None:
    lost = factories.make_contact("post", state="lost")
    campaign = factories.make_campaign(factories.make_office(lost, name={"en": "Minister"}))
    supporter.open(f"/campaigns/{campaign.slug}/print/")

    assert "No office of this campaign has a postal address that works." in supporter.text
    assert "Minister Its addresses are lost or do not work" in supporter.text
    assert "See how to help" in supporter.text


def test_only_a_letter_that_leaves_the_country_is_called_international(by_post: Campaign, supporter: Supporter) -> None:
    supporter.open("/campaigns/by-post/print/?from=GB")
    assert "An international letter" in supporter.text
    supporter.open("/campaigns/by-post/print/?from=RU")
    assert "An international letter" not in supporter.text


def test_a_letter_without_a_model_text_is_closed_above_the_signature(supporter: Supporter, db: None) -> None:
    campaign = factories.make_campaign(factories.make_office("post"))
    supporter.open(f"/campaigns/{campaign.slug}/print/")
    supporter.submit(own_words="Release him.")
    assert "Release him. Yours sincerely," in pdf_text(supporter)


def test_a_network_that_had_its_share_of_paper_gets_the_page_to_print(
    by_post: Campaign, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "AT_ONCE", 1)
    words = {"targets": by_post.targets.get().key, "own_words": "I am a miner in Durham.", "paper": "A4"}
    codes = [
        client.post("/campaigns/by-post/print/?from=GB", {**words, button: by_post.targets.get().key}).status_code
        for button in ("pdf", "envelope", "labels")
    ]
    page = client.post("/campaigns/by-post/print/?from=GB", {**words, "pdf": by_post.targets.get().key})

    assert codes == [200, 429, 429]
    assert "Print this page instead" in page.content.decode()
    assert "I am a miner in Durham." in page.content.decode()
