"""Signing an open letter: nothing counts before the button, a mailbox counts once, organisations wait."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from campaigns.models import Ask, Campaign, Endorsement
from letters.counting.signatures import signed
from letters.models import Delivery, Signature, SignatureState
from letters.sending import settling
from tests import factories
from tests.letters.writing.supporter import Supporter, at_once, tree
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

FORM = "/campaigns/letter/sign/"
LIST = "/campaigns/letter/signatories/"
ANSWERS = {"name": "Ada Example", "role": "teacher", "email": "ada@supporter.test", "is_public": "yes", "country": "GB"}
UNION = {**ANSWERS, "name": "Union of Metal Workers", "contact": "Ada Example", "members": "1200"}


@pytest.fixture
def campaign(db: None) -> Campaign:
    return factories.make_campaign(slug="letter", kind=Campaign.Kind.OPEN_LETTER)


@pytest.fixture(autouse=True)
def _show_small_numbers(settings: Any) -> None:
    settings.TALLY_MINIMUM = 1


def fill_in(*, form: str = FORM, **typed: Any) -> Supporter:
    """Fill in a person's form, or an organisation's if it has a contact."""
    supporter = Supporter()
    supporter.open(f"{form}?as=organisation" if "contact" in typed else form)
    supporter.submit(**{**ANSWERS, **typed})
    return supporter


def links() -> list[str]:
    """The paths of the links in all mails so far."""
    mails = Delivery.objects.filter(purpose="sign").exclude(text="").order_by("pk")
    return [urlsplit(re.findall(r"https?://\S+/confirm/", mail.text)[0]).path for mail in mails]


def give(**typed: Any) -> Any:
    """Sign, with the button in the mail, and return the page that follows."""
    fill_in(**typed)
    return Client().post(links()[-1], follow=True)


def names(page: Any) -> list[str]:
    return [
        "".join(strong.itertext())
        for item in tree(page).iter("ul")
        if item.get("class") == "signatories"
        for strong in item.iter("strong")
    ]


def test_a_person_signs_with_the_button_in_the_mail(campaign: Campaign, client: Client) -> None:
    supporter = fill_in()
    assert "Check your email" in supporter.text
    assert signed(campaign).people == 0
    page = client.post(links()[0], follow=True)

    row = Signature.objects.get()
    assert b"You have signed" in page.content
    assert (row.state, row.name, row.email, str(row.country)) == ("signed", "Ada Example", "", "GB")
    assert names(client.get(LIST)) == ["Ada Example"]
    assert b"Signed by 1 person" in client.get(LIST).content


def test_the_text_stands_before_the_form_and_the_campaign_page_leads_there(campaign: Campaign, client: Client) -> None:
    page = client.get(FORM).content.decode()

    assert 0 < page.index("arrested after a meeting") < page.index('name="email"')
    assert f'href="{FORM}"' in client.get("/campaigns/letter/").content.decode()


def test_a_campaign_that_asks_to_sign_can_be_signed_and_no_other(client: Client, db: None) -> None:
    asking, other = factories.make_campaign(), factories.make_campaign()
    factories.make_ask(asking, Ask.Kind.SIGN, "Sign the petition")

    assert client.get(f"/campaigns/{asking.slug}/sign/").status_code == 200
    assert client.get(f"/campaigns/{other.slug}/sign/").status_code == 404
    assert client.get(f"/campaigns/{other.slug}/signatories/").status_code == 404


def test_t15_a_link_that_is_opened_signs_nothing_and_a_repeat_shows_the_status(campaign: Campaign) -> None:
    fill_in()
    [link] = links()
    for _number in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert signed(campaign).people == 0

    first, again = Client(enforce_csrf_checks=True).post(link), Client().post(link)
    assert first["Location"] == again["Location"] == Client().get(link)["Location"]
    assert signed(campaign).people == 1


@pytest.mark.django_db(transaction=True)
def test_t14_parallel_confirmations_of_two_links_are_one_signature(campaign: Campaign) -> None:
    fill_in()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        fill_in(email="Ada+again@Supporter.test")
    answers = at_once(lambda: [Client().post(link).status_code for link in links()], times=10)

    assert {code for codes in answers for code in codes} == {302}
    assert signed(campaign).people == 1


def test_t19_a_mailbox_counts_once_however_it_is_spelled_and_nobody_is_told(campaign: Campaign) -> None:
    give()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        supporter = fill_in(name="Other Name", email="ADA+2@supporter.test")
        page = Client().post(links()[-1], follow=True)

    assert "Check your email" in supporter.text
    assert b"You have signed" in page.content
    assert names(Client().get(LIST)) == ["Ada Example"]
    assert signed(campaign).people == 1
    assert not Signature.objects.exclude(state="signed").exclude(name="").exists()


def test_an_organisation_waits_for_a_moderator(campaign: Campaign, client: Client) -> None:
    page = give(**UNION)
    assert b"A moderator will look at it" in page.content
    assert signed(campaign).organisations == 0
    assert names(client.get(LIST)) == []

    client.force_login(make_staff("moderator"))
    row = Signature.objects.get()
    chosen = {"action": "accept", "_selected_action": [row.pk]}
    asked = client.post("/admin/letters/signature/", chosen)
    assert b"It is about 1 signature." in asked.content
    assert signed(campaign).organisations == 0
    client.post("/admin/letters/signature/", {**chosen, "yes": "yes"})
    assert names(Client().get(LIST)) == ["Union of Metal Workers"]
    assert signed(campaign).organisations == 1

    client.post("/admin/letters/signature/", {**chosen, "action": "refuse", "yes": "yes"})
    assert names(Client().get(LIST)) == []
    assert signed(campaign).organisations == 0


def test_only_moderators_and_organisers_decide(campaign: Campaign, client: Client) -> None:
    give(**UNION)
    for role in ("coordinator", "translator"):
        client.force_login(make_staff(role))
        data = {"action": "accept", "_selected_action": [Signature.objects.get().pk], "yes": "yes"}
        assert client.post("/admin/letters/signature/", data).status_code == 403
    assert Signature.objects.get().state == "waiting"


def test_a_signature_in_a_campaign_that_others_edit_is_not_decided(campaign: Campaign, client: Client) -> None:
    give(**UNION)
    campaign.editors.add(make_staff("organiser"))
    client.force_login(make_staff("organiser"))
    data = {"action": "accept", "_selected_action": [Signature.objects.get().pk], "yes": "yes"}
    client.post("/admin/letters/signature/", data)
    assert Signature.objects.get().state == "waiting"


def test_the_list_has_authors_then_organisations_then_people_and_counts_the_unnamed(
    campaign: Campaign, client: Client
) -> None:
    author = factories.make_person("Zarema Author")
    Endorsement.objects.create(campaign=campaign, kind="author", person=author, role={"en": "in prison"})
    for number, name in enumerate(["Émile", "Zoë", "Boris"]):
        give(name=name, email=f"p{number}@supporter.test")
    give(name="Hidden", email="hidden@supporter.test", is_public="no")
    give(**{**UNION, "email": "office@union.test"})
    Signature.objects.settle(SignatureState.SIGNED, [SignatureState.WAITING])

    page = client.get(LIST)
    assert names(page)[:3] == ["Zarema Author", "Union of Metal Workers", "Boris"]
    assert set(names(page)[3:]) == {"Émile", "Zoë"}
    assert b"And 1 more" in page.content
    assert b"Hidden" not in page.content
    assert b"4 people and 1 organisation" in page.content
    assert names(client.get(f"{LIST}?q=éMILE")) == ["Émile"]
    assert names(client.get(f"{LIST}?q=hidden")) == []


def test_a_hundred_names_stand_on_a_page(campaign: Campaign, client: Client) -> None:
    day = timezone.now()
    Signature.objects.bulk_create(
        Signature(
            campaign=campaign,
            state="signed",
            name=f"Name {n:03}",
            search_text=f"name {n:03}",
            form_key=f"form-{n}",
            person_key=f"person-{n}",
            public_id=f"id-{n}",
            expires_at=day,
            confirmed_at=day,
            confirmed_on=day.date(),
            is_public=True,
        )
        for n in range(101)
    )
    assert names(client.get(LIST))[::99] == ["Name 000", "Name 099"]
    assert names(client.get(f"{LIST}?page=2")) == ["Name 100"]


def test_small_numbers_are_not_shown(campaign: Campaign, client: Client, settings: Any) -> None:
    settings.TALLY_MINIMUM = 25
    give()
    page = client.get(LIST)
    assert names(page) == ["Ada Example"]
    assert b"Signed by" not in page.content


def test_a_signature_is_taken_back_and_the_mailbox_may_sign_again(campaign: Campaign, client: Client) -> None:
    page = give()
    [erase] = re.findall(r'href="(/signatures/[^"]+/erase/)"', page.content.decode())
    assert client.get(erase).status_code == 200
    assert signed(campaign).people == 1
    client.post(erase)

    row = Signature.objects.get()
    assert (row.state, row.name, row.role, row.search_text) == ("erased", "", "", "")
    assert not Delivery.objects.exclude(address="", text="").exists()
    assert names(client.get(LIST)) == []
    assert signed(campaign).people == 0
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        give(name="Ada Again")
    assert names(client.get(LIST)) == ["Ada Again"]


def test_t16_late_and_wrong_links_say_nothing(campaign: Campaign, client: Client) -> None:
    fill_in()
    [link] = links()
    token = link.split("/")[2]
    for wrong in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), "x"):
        assert client.post(f"/signatures/{wrong}/confirm/").status_code == 404
    assert client.get(f"/letters/{token}/confirm/").status_code == 404
    assert client.post(f"/signatures/{token}/erase/").status_code == 404
    with time_machine.travel(timezone.now() + dt.timedelta(hours=73)):
        page = client.post(link)
    assert page.status_code == 410
    assert b"Ada" not in page.content


def test_what_is_not_confirmed_in_time_is_deleted(campaign: Campaign) -> None:
    fill_in()
    Signature.objects.update(expires_at=timezone.now() - dt.timedelta(hours=1))
    settling.forget_signatures()

    row = Signature.objects.get()
    assert (row.state, row.name, row.email) == ("expired", "", "")
    assert not Delivery.objects.exclude(address="").exists()


def test_t13_the_same_form_twice_is_one_signature_and_one_mail(campaign: Campaign) -> None:
    supporter = Supporter()
    form = supporter.open(FORM)
    for _number in range(2):
        supporter.page = form
        supporter.submit(**ANSWERS)
        assert "Check your email" in supporter.text
    supporter.page = form
    assert supporter.submit(**{**ANSWERS, "name": "Other"}).status_code == 409
    assert (Signature.objects.count(), len(links())) == (1, 1)


def test_t11_one_address_gets_few_mails_and_none_of_what_was_typed(campaign: Campaign) -> None:
    for _number in range(5):
        fill_in(name="Buy at evil.test")
    mail = Delivery.objects.get(purpose="sign")
    assert "evil" not in mail.subject + mail.text + mail.html


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Ada\nBcc: x@y.test"),
        ("email", "ada@"),
        ("is_public", None),
        ("country", "XX"),
        ("website", "spam"),
    ],
)
def test_a_form_with_an_error_keeps_what_was_typed(campaign: Campaign, field: str, value: Any) -> None:
    typed: dict[str, Any] = {"role": "Kept words", field: value}
    supporter = fill_in(**typed)

    assert supporter.page.status_code == 400
    assert "<title>Error:" in supporter.page.content.decode()
    assert "Kept words" in supporter.page.content.decode()
    assert not Signature.objects.exists()


def test_a_closed_campaign_takes_no_signature(campaign: Campaign, client: Client) -> None:
    fill_in()
    Campaign.objects.update(state="expired")
    assert client.post(links()[0]).status_code == 409
    assert client.get(FORM).status_code == 409
    assert client.get(LIST).status_code == 200
    assert signed(campaign).people == 0


def test_trial_signatures_do_not_count_once_the_site_is_live(campaign: Campaign, settings: Any) -> None:
    settings.DELIVERY_MODE = "capture"
    give()
    assert signed(campaign).people == 1
    settings.DELIVERY_MODE = "live"
    assert signed(campaign).people == 0
    assert names(Client().get(LIST)) == []


def test_a_name_that_is_not_public_cannot_be_searched(campaign: Campaign) -> None:
    give(is_public="no")
    row = Signature.objects.get()
    row.search_text = "ada"
    with pytest.raises(ValidationError):
        row.validate_constraints()


def test_a_letter_that_was_handed_over_says_when_to_whom_and_gives_the_file(campaign: Campaign, client: Client) -> None:
    give()
    factories.add_office(campaign, factories.make_office(name={"en": "Chief Prosecutor"}))
    Campaign.objects.update(state="ended", ended_on="2026-11-20", outcome={"en": "The prosecutor took it."})
    for page in (client.get("/campaigns/letter/"), client.get(LIST)):
        text = page.content.decode()
        for words in ("Signed by 1 person", "20 November 2026", "The prosecutor took it.", "Chief Prosecutor"):
            assert words in text
        assert "/campaigns/letter/open-letter.pdf" in text
        assert FORM not in text
