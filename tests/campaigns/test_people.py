"""The people whom campaigns name: who has a page, and what it tells."""

import pytest
from django.test import Client

from campaigns.models import CampaignState, Endorsement
from prisoners.models import CaseMember, Custody, MailRules, PersonName
from tests.factories import (
    make_campaign,
    make_case,
    make_entry,
    make_member,
    make_office,
    make_person,
    make_prison_address,
)

pytestmark = pytest.mark.django_db


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_person_is_found_in_any_script() -> None:
    kuku = make_person("Emir-Usein Kuku")
    PersonName.objects.create(person=kuku, text="Емір-Усеїн Куку", kind="native", language="uk")
    kuku.refresh_search_text()
    make_campaign(case=make_case(kuku))

    assert "Emir-Usein Kuku" in page("/prisoners/?q=КУКУ")
    assert "Nobody is found" in page("/prisoners/?q=kukuk")


def test_people_are_found_by_the_state_that_answers_for_them() -> None:
    make_campaign(case=make_case(make_person("Vera Example"), states=["KZ"]))
    make_campaign(case=make_case(make_person("Other Person"), states=["RU"]))

    html = page("/prisoners/?country=KZ")

    assert "Vera Example" in html
    assert "Other Person" not in html


def test_other_spellings_stand_with_their_language() -> None:
    kuku = make_person("Emir-Usein Kuku", slug="kuku")
    PersonName.objects.create(person=kuku, text="Емір-Усеїн Куку", kind="native", language="uk")
    make_campaign(case=make_case(kuku))

    assert '<bdi lang="uk" dir="ltr">Емір-Усеїн Куку</bdi>' in page("/prisoners/kuku/")


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.WITHDRAWN])
def test_a_person_of_a_hidden_campaign_alone_has_no_page(state: CampaignState) -> None:
    make_campaign(case=make_case(make_person("Vera Example", slug="vera")), state=state)

    assert Client().get("/prisoners/vera/").status_code == 404


def test_a_page_tells_nothing_of_a_hidden_campaign_or_case() -> None:
    vera = make_person("Vera Example", slug="vera")
    make_campaign(case=make_case(vera, title={"en": "The public case"}))
    make_campaign(
        case=make_case(vera, title={"en": "The secret case"}), title={"en": "Secret"}, state=CampaignState.DRAFT
    )

    html = page("/prisoners/vera/")

    assert "The public case" in html
    assert "ecret" not in html


def test_officials_of_a_case_and_holders_of_an_office_have_no_page() -> None:
    judge, prosecutor = make_person("A Judge", slug="judge"), make_person("A Prosecutor", slug="prosecutor")
    case = make_case(make_person())
    make_member(case, judge, role=CaseMember.Role.OFFICIAL)
    make_campaign(make_office(holder=prosecutor), case=case)

    assert Client().get("/prisoners/judge/").status_code == 404
    assert Client().get("/prisoners/prosecutor/").status_code == 404


def test_one_person_shows_all_their_parts_once_each() -> None:
    boris = make_person("Boris Example", slug="boris")
    letter = make_campaign(case=make_case(boris), title={"en": "Letter from prison"})
    other = make_campaign(title={"en": "An earlier campaign"})
    Endorsement.objects.create(campaign=letter, person=boris, kind=Endorsement.Kind.AUTHOR)
    Endorsement.objects.create(campaign=other, person=boris, role={"en": "speaker"})

    html = page("/prisoners/boris/")

    assert html.count(">Letter from prison</bdi>") == 2  # in the list, and as what one can do now
    assert "Author and signatory" in html
    assert "Endorser: speaker" in html


def test_the_address_stands_with_the_rules_of_the_country() -> None:
    vera = make_person("Vera Example", slug="vera")
    make_prison_address(vera, prisoner_number="No. 7")
    MailRules.objects.create(country="RU", languages=["ru"], avoid={"en": "the war"})
    make_campaign(case=make_case(vera))

    html = page("/prisoners/vera/")

    assert "Vera Example, No. 7" in html
    assert "Example Street 1" in html
    assert "the war" in html


def test_an_address_that_is_being_checked_is_not_shown() -> None:
    vera = make_person("Vera Example", slug="vera")
    make_prison_address(vera, withdrawn=True)
    make_campaign(case=make_case(vera))

    html = page("/prisoners/vera/")

    assert "Do not write to the old one" in html
    assert "Example Street 1" not in html


@pytest.mark.parametrize("custody", [Custody.RELEASED, Custody.DIED])
def test_nobody_writes_to_the_prison_of_one_who_is_out_or_dead(custody: Custody) -> None:
    vera = make_person("Vera Example", slug="vera")
    make_prison_address(vera)
    case = make_case(vera)
    make_entry(case, "The end of it", custody=custody)
    make_campaign(case=case)

    assert "Example Street 1" not in page("/prisoners/vera/")


def test_of_the_dead_nothing_is_asked() -> None:
    vera = make_person("Vera Example", slug="vera")
    case = make_case(vera)
    make_entry(case, "She dies in the camp", custody=Custody.DIED)
    make_campaign(make_office(), case=case)

    html = page("/prisoners/vera/")

    assert "<bdi>Vera Example</bdi> has died" in html
    assert "See how to help" not in html
    assert "you can act now" not in html


def test_a_name_of_sixty_letters_is_never_cut() -> None:
    name = "Abdulrahman bin Abdulaziz Al Muhammad ibn Saud Al-Tamimi Junior"
    make_campaign(case=make_case(make_person(name, slug="long")))

    for path in ("/", "/prisoners/", "/prisoners/long/"):
        assert name in page(path)
