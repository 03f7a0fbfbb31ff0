"""Who may do what at the desk: deny by default, and the same table for every page."""

import itertools

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from campaigns.desk.roles import ROLES, may_edit
from campaigns.models import Campaign
from letters.models import CapturedPost, Delivery, Dossier, Letter, Mailing, Proposal, Reply, ReportedAction, Signature
from tests import factories
from tests.campaigns.desk.conftest import desk_models
from tests.staff import make_administrator, make_staff

# What each role may do with a kind of row. Campaign side: everything that is not listed under letters.
NOTHING = frozenset[str]()
SEES = frozenset({"view"})
CAMPAIGN_SIDE = {
    "organiser": frozenset({"view", "add", "change", "delete"}),
    "coordinator": SEES,
    "translator": frozenset({"view", "change"}),
    "moderator": SEES,
}
LETTERS: dict[type[models.Model], dict[str, frozenset[str]]] = {
    Letter: {"organiser": SEES, "moderator": SEES},
    Delivery: {"organiser": SEES, "moderator": SEES},
    Dossier: {"organiser": frozenset({"view", "add", "delete"})},
    CapturedPost: {"organiser": SEES, "moderator": SEES},
    Mailing: {"organiser": SEES},
    Proposal: {"organiser": SEES, "moderator": SEES},
    # To decide is a permission of its own: the page takes a moderator's form.
    Reply: {"organiser": frozenset({"view", "change"}), "moderator": frozenset({"view", "change"})},
    Signature: {"organiser": SEES, "moderator": SEES},
    ReportedAction: {
        "organiser": frozenset({"view", "add", "change"}),
        "coordinator": frozenset({"view", "add", "change"}),
        "moderator": frozenset({"view", "change"}),
    },
}
NEVER = {("SiteIdentity", "add"), ("SiteIdentity", "delete")}  # one row, which is there
VERBS = ("view", "add", "change", "delete")


def granted(model: type[models.Model], role: str) -> frozenset[str]:
    """Return the verbs that the table above gives `role` on `model`."""
    verbs = LETTERS[model].get(role, NOTHING) if model in LETTERS else CAMPAIGN_SIDE.get(role, NOTHING)
    return frozenset(verb for verb in verbs if (model.__name__, verb) not in NEVER)


def status(client: Client, model: type[models.Model], verb: str, row: models.Model) -> int:
    """Try `verb` from outside and return the status; a change is sent as an empty form, which changes nothing."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
    if verb == "view":
        return max(
            client.get(reverse(f"{name}changelist")).status_code,
            client.get(reverse(f"{name}change", args=[row.pk])).status_code,
            client.get(reverse(f"{name}history", args=[row.pk])).status_code,
        )
    if verb == "add":
        return client.get(reverse(f"{name}add")).status_code
    if verb == "delete":
        return client.get(reverse(f"{name}delete", args=[row.pk])).status_code
    return client.post(reverse(f"{name}change", args=[row.pk]), bare_form(client, name, row)).status_code


def bare_form(client: Client, name: str, row: models.Model) -> dict[str, str]:
    """Return the management forms of a page without anything else: it is refused by role or by its own fields."""
    response = client.get(reverse(f"{name}change", args=[row.pk]))
    formsets = response.context["inline_admin_formsets"] if response.status_code == 200 else []
    return {
        f"{inline.formset.prefix}-{total}": "0" for inline in formsets for total in ("TOTAL_FORMS", "INITIAL_FORMS")
    }


@pytest.mark.slow
@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_may_do_what_the_table_says_and_nothing_else(role: str, client: Client, world: None) -> None:
    client.force_login(make_staff(*[role] if role else []))
    wrong = []
    for model, verb in itertools.product(desk_models(), VERBS):
        row = model._default_manager.order_by("pk").last()
        assert row is not None
        allowed = status(client, model, verb, row) != 403
        if allowed != (verb in granted(model, role)):
            wrong.append((model.__name__, verb, "may" if allowed else "may not"))

    assert wrong == []


@pytest.mark.parametrize("who", ["nobody", "former organiser"])
def test_the_public_and_people_without_a_desk_get_no_page_of_it(who: str, client: Client, world: None) -> None:
    if who == "former organiser":
        user = make_staff("organiser")
        user.is_staff = False
        user.save()
        client.force_login(user)
    for model in desk_models():
        response = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert response.status_code == 302
        assert "/login/" in response["Location"]


def test_making_the_roles_again_changes_nothing_and_takes_back_what_was_added(db: None) -> None:
    before = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}
    Group.objects.get(name="coordinator").permissions.add(*Group.objects.get(name="organiser").permissions.all())

    call_command("sync_roles", verbosity=0)

    after = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}
    assert after == before
    assert set(before) == set(ROLES)


@pytest.mark.slow
def test_a_campaign_with_editors_is_changed_by_them_and_administrators_only(client: Client, world: None) -> None:
    campaign = Campaign.objects.get()
    editor, other = make_staff("organiser"), make_staff("organiser")
    assert may_edit(other, campaign)

    campaign.editors.add(editor)

    assert may_edit(editor, campaign)
    assert may_edit(make_administrator(), campaign)
    assert not may_edit(other, campaign)
    client.force_login(other)
    parts: list[models.Model] = [
        campaign, campaign.targets.all()[0], campaign.letters.all()[0], campaign.events.get(), campaign.updates.get()
    ]  # fmt: skip
    for part in parts:
        assert status(client, type(part), "view", part) == 200
        assert status(client, type(part), "change", part) == 403
        assert status(client, type(part), "delete", part) == 403


def test_a_part_cannot_be_added_to_a_campaign_of_other_editors(client: Client, world: None) -> None:
    campaign = Campaign.objects.get()
    campaign.editors.add(make_staff("organiser"))
    client.force_login(make_staff("organiser"))

    response = client.post(
        reverse("admin:campaigns_update_add"),
        {"campaign": campaign.pk, "slug": "intruder", "title__en": "x", "text__en": "y"},
    )

    assert "campaign" in response.context["adminform"].form.errors
    assert not campaign.updates.filter(slug="intruder").exists()


def test_a_part_never_moves_to_another_campaign(client: Client, world: None) -> None:
    update = Campaign.objects.get().updates.get()
    other = factories.make_campaign()
    client.force_login(make_staff("organiser"))

    client.post(
        reverse("admin:campaigns_update_change", args=[update.pk]),
        {"campaign": other.pk, "slug": "renamed", "title__en": "x", "text__en": "y"},
    )

    update.refresh_from_db()
    assert (update.slug, update.campaign_id == other.pk) == ("renamed", False)


def test_a_translator_changes_words_and_nothing_else(client: Client, world: None) -> None:
    campaign = Campaign.objects.get()
    client.force_login(make_staff("translator"))
    address = reverse("admin:campaigns_campaign_change", args=[campaign.pk])

    response = client.post(
        address,
        {**bare_form(client, "admin:campaigns_campaign_", campaign), "title__ru": "Свободу", "state": "withdrawn"},
    )

    assert response.status_code == 302, response.context["errors"]
    after = Campaign.objects.get()
    assert (dict(after.title), after.state) == ({"en": "Free Vera Example", "ru": "Свободу"}, "open")


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_texts_and_names_of_supporters_are_read_by_those_who_decide_about_letters(
    role: str, client: Client, world: None
) -> None:
    client.force_login(make_staff(*[role] if role else []))
    letter, delivery = Letter.objects.get(), Delivery.objects.get()
    pages = [
        reverse("admin:letters_letter_change", args=[letter.pk]),
        reverse("admin:letters_delivery_change", args=[delivery.pk]),
        reverse("admin:letters_letter_changelist"),
        reverse("admin:letters_delivery_changelist"),
    ]
    text = "".join(client.get(page).content.decode() for page in pages)

    assert ("CANARY" in text) == (role in {"organiser", "moderator"})
    assert "canary-mailbox" not in text
