"""From "where from" to "check your email", through the pages as a browser without scripts goes."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign, CampaignState, Channel
from letters.models import Addressing, Letter, LetterState, LetterText
from tests import factories
from tests.letters.writing.supporter import Supporter, mailed_links, tree

pytestmark = pytest.mark.django_db


def test_a_letter_is_written_checked_confirmed_and_queued_for_each_office(
    campaign: Campaign, supporter: Supporter
) -> None:
    supporter.open("/campaigns/free-vera/write/")
    assert "Where are you writing from?" in supporter.text
    supporter.open_form(campaign)
    assert "Your letter" in supporter.text

    supporter.check()
    assert "Dear Chief Prosecutor, I teach history in Leeds." in supporter.text
    assert "Dear Ambassador, I teach history in Leeds." in supporter.text
    assert not Letter.objects.exists()

    supporter.ask_for_link()
    assert "Check your email" in supporter.text
    assert "ada@supporter.test" in supporter.text
    letter = Letter.objects.get()
    shown = dict(Addressing.objects.values_list("target", "text"))

    (link,) = mailed_links()
    supporter.open(link)
    assert "Send my 2 letters" in supporter.text
    supporter.submit()
    assert "2 letters are on their way" in supporter.text

    letter.refresh_from_db()
    assert letter.state == LetterState.CONFIRMED
    assert {delivery.target_id: delivery.text for delivery in letter.deliveries.letters()} == shown


def test_the_text_on_the_check_page_is_stored_byte_for_byte(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    supporter.check(own_words="I teach history.\n\nAnd  I   <count> & sign.")
    shown = [
        "".join(part.itertext()) for part in tree(supporter.page).iter("p") if part.get("class") == "letter__exact"
    ]
    supporter.ask_for_link()

    assert list(Addressing.objects.order_by("pk").values_list("text", flat=True)) == shown
    assert [text.count("Dear") for text in shown] == [1, 1]


def test_page_1_asks_for_what_is_missing_and_keeps_all_that_was_typed(campaign: Campaign, supporter: Supporter) -> None:
    _first, second = campaign.targets.all()
    supporter.open_form(campaign)
    page = supporter.check(name="", email="ada@", own_words="Kept words", city="Kept town", targets=[second.key])

    html = page.content.decode()
    assert page.status_code == 400
    assert "<title>Error:" in html
    assert html.index("There is a problem") < html.index("<h1")
    assert 'href="#id_name"' in html
    assert 'href="#id_email"' in html
    assert "Kept words" in html
    assert 'value="Kept town"' in html
    ticked = [
        box.get("value") for box in tree(page).iter("input") if box.get("name") == "targets" and "checked" in box.attrib
    ]
    assert ticked == [second.key]


def test_change_on_the_check_page_loses_nothing(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    supporter.check(own_words="Kept words", city="Kept town", reply_to_me="on", body_model="My own letter.")
    page = supporter.submit(step="change")

    html = page.content.decode()
    assert page.status_code == 200
    assert "There is a problem" not in html
    for kept in ("Kept words", 'value="Kept town"', 'value="Ada Example"', "My own letter."):
        assert kept in html
    assert next(box for box in tree(page).iter("input") if box.get("name") == "reply_to_me").get("checked") is not None


def test_an_edited_body_wins_over_the_points_and_the_page_says_so(campaign: Campaign, supporter: Supporter) -> None:
    campaign.letters.all().delete()
    factories.make_model_letter(campaign, key="points", points=["Release her.", "Pay her.", "Let doctors in."])
    supporter.open_form(campaign)
    supporter.check(body_points="I wrote this myself.")

    assert "I wrote this myself." in supporter.text
    assert "Pay her." not in supporter.text
    assert "your text goes instead of the points" in supporter.text


def test_points_are_chosen_and_the_locked_one_is_always_in(campaign: Campaign, supporter: Supporter) -> None:
    campaign.letters.all().delete()
    letter = factories.make_model_letter(campaign, key="points", points=["Release her.", "Pay her.", "Let doctors in."])
    third = letter.points.last()
    assert third is not None
    supporter.open_form(campaign)
    supporter.check(points=[str(third.pk)])

    assert "Release her. Let doctors in." in supporter.text
    assert "Pay her." not in supporter.text


def test_an_unchanged_model_letter_gets_one_piece_of_advice_and_can_be_sent(
    campaign: Campaign, supporter: Supporter
) -> None:
    supporter.open_form(campaign)
    supporter.check(own_words="")
    assert supporter.text.count("This is the model letter unchanged") == 1
    supporter.ask_for_link()
    assert Letter.objects.count() == 1

    supporter.open_form(campaign)
    supporter.check(body_model="Quite another letter.", own_words="")
    assert "This is the model letter unchanged" not in supporter.text


def test_two_texts_go_from_one_form_each_to_its_own_offices(campaign: Campaign, supporter: Supporter) -> None:
    first, second = campaign.targets.all()
    campaign.letters.all().delete()
    factories.make_model_letter(campaign, first, key="to-first", body={"en": "Text for the first."})
    factories.make_model_letter(campaign, second, key="to-second", body={"en": "Text for the second."})
    supporter.open_form(campaign)
    supporter.check(body_to_second=None, **{"body_to-second": "My text for the second."})
    supporter.ask_for_link()

    texts = dict(Addressing.objects.values_list("office__key", "text"))
    assert "Text for the first." in texts[first.key]
    assert "My text for the second." in texts[second.key]
    assert set(LetterText.objects.values_list("model_letter__key", "edited")) == {
        ("to-first", False),
        ("to-second", True),
    }


def test_the_letter_goes_in_the_language_that_was_chosen(campaign: Campaign, supporter: Supporter) -> None:
    letter = campaign.letters.get()
    letter.body = {**letter.body, "ru": "Я пишу о Вере."}
    letter.closing = {**letter.closing, "ru": "С уважением,"}
    letter.save()
    supporter.open_form(campaign)
    supporter.check(language_model="ru")

    assert "Я пишу о Вере. С уважением, Ada Example" in supporter.text
    assert supporter.text.count("For you to read, not sent:") == 2
    supporter.ask_for_link()
    assert all("I urge you" not in text for text in Addressing.objects.values_list("text", flat=True))


def test_a_letter_in_another_language_is_the_supporters_own(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    supporter.check(language_model="own", own_words="Ich bitte Sie, sie freizulassen.")

    assert "Dear Ambassador, Ich bitte Sie, sie freizulassen. Yours sincerely, Ada Example" in supporter.text
    assert "I urge you" not in supporter.text


def test_the_supporter_chooses_another_channel(campaign: Campaign, supporter: Supporter) -> None:
    key = campaign.targets.get(target__name={"en": "Ambassador"}).key
    supporter.open_form(campaign)
    supporter.check(**{f"channel_{key}": "email"})
    supporter.ask_for_link()

    assert set(Addressing.objects.values_list("channel", flat=True)) == {Channel.EMAIL}


def test_an_office_without_a_model_text_gets_own_words_or_nothing(campaign: Campaign, supporter: Supporter) -> None:
    other = factories.add_office(campaign, factories.make_office(name={"en": "OSCE"}))
    letter = campaign.letters.get()
    letter.offices.set(campaign.targets.exclude(pk=other.pk))
    supporter.open_form(campaign)
    everybody = list(campaign.targets.values_list("key", flat=True))
    supporter.check(own_words="", targets=everybody)
    assert "Write your letter to OSCE" in supporter.text

    supporter.check(own_words="I write to you too.", targets=everybody)
    assert supporter.text.count("I write to you too.") == 3
    assert "I write to you too. Yours sincerely, Ada Example" in supporter.text


def test_a_visible_copy_is_shown_and_says_what_it_is(campaign: Campaign, supporter: Supporter) -> None:
    factories.add_office(campaign, factories.make_office(name={"en": "Ombudsman"}), level="copy")
    supporter.open_form(campaign)
    supporter.check()

    assert "Copy, for your information, of a letter to: Chief Prosecutor" in supporter.text


def test_copies_to_the_campaign_are_listed_and_can_be_declined(campaign: Campaign, supporter: Supporter) -> None:
    campaign.copy_addresses.create(name="London group", email="london@campaign.test")
    supporter.open_form(campaign)
    supporter.check()
    assert "London group <london@campaign.test>" in supporter.text

    supporter.submit(step="change")
    supporter.check(copies=None)
    assert "london@campaign.test" not in supporter.text
    supporter.ask_for_link()
    assert Letter.objects.get().copies is False


def test_the_embassy_near_the_supporter_is_asked_for_by_country(campaign: Campaign, supporter: Supporter) -> None:
    for host in ("US", "DE"):
        factories.make_office(kind="mission", host_country=host, name={"en": f"Embassy in {host}"})
    factories.add_office(campaign, mission_of="RU", key="embassy")

    supporter.open_form(campaign, "DE")
    assert "Embassy in DE" in supporter.text
    supporter.open_form(campaign, "")
    assert "Say where you write from" in supporter.text


def test_whom_the_state_could_reach_is_warned_and_shown_the_way_without_data(
    campaign: Campaign, supporter: Supporter
) -> None:
    supporter.open_form(campaign, "RU")
    assert "You write from a country that answers for this case" in supporter.text
    supporter.open_form(campaign, "GB")
    assert "You write from a country that answers for this case" not in supporter.text


def test_nobody_is_promised_a_way_that_the_campaign_lacks(supporter: Supporter, db: None) -> None:
    campaign = factories.make_campaign(factories.make_office(Channel.FAX))
    factories.make_model_letter(campaign)
    for country in ("RU", "GB", ""):
        supporter.open_form(campaign, country)
        assert "carry it yourself" not in supporter.text
        assert "/print/" not in supporter.page.content.decode()
        assert "/own-mailbox/" not in supporter.page.content.decode()


def test_a_state_has_no_mission_to_itself(campaign: Campaign, supporter: Supporter) -> None:
    factories.add_office(campaign, mission_of="RU")
    supporter.open_form(campaign, "RU")
    assert "Mission of Russia" not in supporter.text
    supporter.open_form(campaign, "GB")
    assert "Mission of Russia" in supporter.text


@pytest.mark.parametrize("country", ["XX", "usa", "<script>"])
def test_an_unknown_country_is_asked_for_again(campaign: Campaign, supporter: Supporter, country: str) -> None:
    page = supporter.open_form(campaign, country)
    assert page.status_code == 400
    assert "Where are you writing from?" in supporter.text


def test_a_campaign_by_post_only_opens_print_and_post_at_once(supporter: Supporter, db: None) -> None:
    campaign = factories.make_campaign(factories.make_office("post"))
    supporter.open(f"/campaigns/{campaign.slug}/write/")

    assert supporter.address.endswith(f"/campaigns/{campaign.slug}/print/")
    assert "Email" not in supporter.text


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.WITHDRAWN])
def test_a_campaign_without_a_page_can_not_be_written_to(campaign: Campaign, supporter: Supporter, state: str) -> None:
    campaign.state = state
    campaign.save()
    assert supporter.open_form(campaign).status_code == 404


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.STOPPED])
def test_a_campaign_that_closes_midway_gives_the_letter_back_as_text_and_pdf(
    campaign: Campaign, supporter: Supporter, state: str
) -> None:
    supporter.open_form(campaign)
    supporter.check(own_words="Kept words")
    campaign.state = state
    campaign.save()
    supporter.ask_for_link()

    assert "takes no letters now" in supporter.text
    assert "Kept words" in supporter.text
    assert not Letter.objects.exists()
    pdf = supporter.submit(pdf=campaign.targets.all()[0].key)
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_a_letter_whose_model_changed_meanwhile_is_shown_again(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    supporter.check()
    campaign.letters.update(body={"en": "One of them is free now."})
    supporter.ask_for_link()

    assert "changed meanwhile" in supporter.text
    assert "One of them is free now." in supporter.text
    assert not Letter.objects.exists()
    supporter.ask_for_link()
    assert Letter.objects.count() == 1


def test_an_office_that_can_not_be_reached_any_more_is_said_before_anything_is_stored(
    campaign: Campaign, supporter: Supporter
) -> None:
    supporter.open_form(campaign)
    supporter.check(own_words="Kept words")
    campaign.targets.all()[0].target.contacts.update(state="bounced")  # type: ignore[union-attr]  # it has a target
    page = supporter.ask_for_link()

    assert page.status_code == 400
    assert "One of the offices can’t be written to" in supporter.text
    assert "Kept words" in supporter.text


def test_where_from_is_asked_without_a_cookie(campaign: Campaign, supporter: Supporter) -> None:
    assert not supporter.open("/campaigns/free-vera/write/").cookies
