"""The letters as they stand while somebody writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from campaigns.models import Campaign
from letters.models import Letter
from tests.letters.writing.supporter import ANSWERS, Supporter, tree

pytestmark = pytest.mark.django_db


def preview(campaign: Campaign, supporter: Supporter, **typed: Any) -> str:
    """What a page with scripts shows for these fields."""
    data = {"targets": list(campaign.targets.values_list("key", flat=True)), **typed}
    supporter.page = supporter.client.post(f"{reverse('letters:preview', args=[campaign.slug])}?from=US", data)
    return supporter.text


def test_each_office_is_shown_its_own_salutation_before_name_and_email_are_there(
    campaign: Campaign, supporter: Supporter
) -> None:
    text = preview(campaign, supporter, own_words="I teach history in Leeds.", email="ada@")

    assert "Dear Chief Prosecutor, I teach history in Leeds. I am writing about Vera Example." in text
    assert "Dear Ambassador, I teach history in Leeds. I am writing about Vera Example." in text
    assert "about 1 page, of at most 5" in text
    assert supporter.page["Cache-Control"] == "no-store"
    assert [mark.text for mark in tree(supporter.page).iter("mark")] == ["I teach history in Leeds."] * 2
    assert not supporter.page.cookies
    assert not Letter.objects.exists()


def test_what_is_too_long_is_told_with_count_and_limit(campaign: Campaign, supporter: Supporter, settings: Any) -> None:
    settings.FAX_MAX_PAGES = 2
    assert "about 4 pages, of at most 2: too long" in preview(campaign, supporter, own_words="Free her. " * 1000)
    assert "1 letter is too long." in supporter.page.content.decode()
    assert "20,0" in preview(campaign, supporter, own_words="ж" * 20_001) or "offices get at most" in supporter.text


def test_without_an_office_the_preview_says_so(campaign: Campaign, supporter: Supporter) -> None:
    assert preview(campaign, supporter, targets=[]) == ""
    assert 'data-summary="Choose at least one office to see your letter."' in supporter.page.content.decode()


def test_the_button_without_scripts_brings_the_same_page_with_preview_and_all_that_was_typed(
    campaign: Campaign, supporter: Supporter
) -> None:
    supporter.open_form(campaign)
    page = supporter.submit(**{**ANSWERS, "name": "", "city": "Kept town", "step": "update"})

    html = page.content.decode()
    assert page.status_code == 200
    assert html.count(f"<mark>{ANSWERS['own_words']}</mark>") == 2
    assert 'value="Kept town"' in html
    assert 'value="ada@supporter.test"' in html
    assert "There is a problem" not in html


def test_a_network_has_its_share_of_previews(campaign: Campaign, supporter: Supporter, settings: Any) -> None:
    settings.NETWORK_ALLOWANCE = 0.05
    codes = [preview(campaign, supporter) and supporter.page.status_code for _ in range(3)]
    assert codes == [200, 200, 200]
    preview(campaign, supporter)
    assert supporter.page.status_code == 429


def test_a_letter_too_long_for_a_fax_is_refused_before_the_check_page(
    campaign: Campaign, supporter: Supporter, settings: Any
) -> None:
    settings.FAX_MAX_PAGES = 2
    supporter.open_form(campaign)
    page = supporter.check(own_words="Free her. " * 1000)

    assert page.status_code == 400
    assert "and this site sends at most 2" in supporter.text
    assert "Check what will be sent" not in supporter.text


def test_a_letter_in_another_language_can_be_read_in_that_of_the_page(campaign: Campaign, supporter: Supporter) -> None:
    letter = campaign.letters.get()
    letter.body = {**letter.body, "ru": "Я пишу о Вере."}
    letter.save()

    text = preview(campaign, supporter, language_model="ru")
    assert text.count("For you to read, not sent:") == 2
    assert "Dear Ambassador, I am writing about Vera Example." in text
    assert 'lang="ru"' in supporter.page.content.decode()
    assert "For you to read" not in preview(campaign, supporter, language_model="ru", body_model="Мой текст")
