"""What files say of a campaign and of what belongs to it alone."""

from __future__ import annotations

from campaigns.files.kinds import (
    COUNTRIES,
    COUNTRY,
    DAY,
    FLAG,
    LANGUAGE,
    LANGUAGES,
    MOMENT,
    NUMBER,
    TEXT,
    WORDS,
    Choice,
    Listed,
    Reading,
    Ref,
)
from campaigns.files.measures import DATE, Count
from campaigns.files.schema import Item, Record, Refs, Rows, key
from campaigns.models import (
    Ask,
    Campaign,
    CampaignOrganisation,
    CampaignState,
    CampaignTarget,
    Channel,
    CopyAddress,
    Demand,
    Endorsement,
    Event,
    EventPlace,
    LetterPoint,
    ModelLetter,
    Organisation,
    Rebuttal,
    Reference,
    ReportedFigure,
    Resource,
    Tag,
    Target,
    Update,
)
from prisoners.models import Case, Person


def _one_office_or_mission(item: Item, reading: Reading) -> None:
    if ("office" in item.places) == ("mission_of" in item.places):
        reading.problems.add(item.place, "Give either “office” (a key of “offices”) or “mission_of” (a country).")


ADDRESSEE = Record(
    CampaignTarget,
    (
        key("key", TEXT, "how this file names the office; left out: the office's key"),
        key("office", Ref(Target), "whom to write to", "target"),
        key("mission_of", COUNTRY, "or the embassy of this country near the supporter"),
        key("level", Choice(CampaignTarget.Level)),
        key("rule", Choice(CampaignTarget.Rule)),
        key("channels", Listed(Choice(Channel)), "the order of channels here"),
        key("salutation", WORDS, "the first line of letters of this campaign"),
        key("address_form", WORDS, "the form of address in the closing"),
        key("languages", LANGUAGES, "the languages it accepts here"),
        key("audience", COUNTRIES, "only for supporters in these countries"),
        key("why", WORDS, "why this office"),
        key("paused", FLAG, "yes: nothing leaves for it"),
    ),
    key_from=("office", "mission_of"),
    local=True,
    check=_one_office_or_mission,
)

POINT = Record(
    LetterPoint,
    (
        key("text", WORDS, "a paragraph that a supporter may choose", required=True),
        key("locked", FLAG, "yes: always in the letter"),
    ),
    short="text",
)

OFFICE_IN_CAMPAIGN = Ref(CampaignTarget, local=True)

LETTER = Record(
    ModelLetter,
    (
        key("key", TEXT, "how this file names the text", required=True),
        key("kind", Choice(ModelLetter.Kind)),
        key("availability", Choice(ModelLetter.Availability), "`announced`: promised and absent"),
        key("url", TEXT, "where the text is, if elsewhere"),
        Refs("offices", OFFICE_IN_CAMPAIGN, "for which offices of `write_to`; left out: all", "offices"),
        key("audience", COUNTRIES, "only for supporters in these countries"),
        key("note", WORDS, "what supporters should know of the text"),
        key("subject", WORDS),
        key("opening", WORDS, "after the salutation and the supporter's own words"),
        key("body", WORDS, "the text without salutation and closing"),
        Rows("points", POINT, "paragraphs to choose from", "points"),
        key("closing", WORDS, "the line before the name: Yours sincerely,"),
    ),
)

DEMAND = Record(
    Demand,
    (
        key("text", WORDS, "what must happen", required=True),
        Refs("offices", OFFICE_IN_CAMPAIGN, "to whom it is put; left out: all", "offices"),
    ),
    short="text",
)

ASK = Record(
    Ask,
    (
        key("kind", Choice(Ask.Kind), required=True),
        key("text", WORDS, "what we ask", required=True),
        key("for_whom", WORDS, "whom we ask: trade unions"),
        key("audience", COUNTRIES, "only for supporters in these countries"),
        key("when", DATE),
        key("recurrence", WORDS, "how often: every Friday"),
        key("url", TEXT, "a link"),
    ),
)

UPDATE = Record(
    Update,
    (
        key("slug", TEXT, "the last part of its address", required=True),
        key("title", WORDS, required=True),
        key("text", WORDS, required=True),
        key("date", DATE, "the day of the news"),
        key(
            "published",
            MOMENT,
            "when it appears; `now`: when the file is first loaded; left out: a draft",
            "published_at",
        ),
    ),
)

PLACE = Record(
    EventPlace,
    (key("city", WORDS), key("country", COUNTRY), key("note", WORDS, "for example: a letter of support")),
    short="city",
)

EVENT = Record(
    Event,
    (
        key("name", WORDS, required=True),
        key("date", DATE),
        key("starts", MOMENT, "the hour, if there is one", "starts_at"),
        key("description", WORDS, "what is planned"),
        key("report", WORDS, "what happened"),
        key("organiser", WORDS, "who holds it"),
        key("safety_note", WORDS, "safety and access"),
        Rows("places", PLACE, "where it is held, or whence support came", "places"),
    ),
)

ENDORSEMENT = Record(
    Endorsement,
    (
        key("kind", Choice(Endorsement.Kind)),
        key("person", Ref(Person)),
        key("organisation", Ref(Organisation)),
        key("role", WORDS, "as what: poet"),
        key("statement", WORDS),
    ),
    short="person",
)

PART_OF_ORGANISATION = Record(
    CampaignOrganisation,
    (
        key("organisation", Ref(Organisation), "which organisation", required=True),
        key("role", Choice(CampaignOrganisation.Role)),
        key("note", WORDS),
    ),
    short="organisation",
)

FIGURE = Record(
    ReportedFigure,
    (
        key("number", Count("", ("about", "at_least")), "how many", "number", "qualifier", required=True),
        key("what", WORDS, "of what: countries with actions", required=True),
        key("counted_by", WORDS, "by whom"),
        key("as_of", DATE),
    ),
)

REBUTTAL = Record(
    Rebuttal,
    (
        key("claim", WORDS, "what the other side says", required=True),
        key("said_by", WORDS),
        key("answer", WORDS, "what we answer"),
    ),
)

RESOURCE = Record(
    Resource,
    (
        key("kind", Choice(Resource.Kind)),
        key("title", WORDS, required=True),
        key("url", TEXT, "left out: the link is lost"),
        key("credit", TEXT),
    ),
    short="title",
)

REFERENCE = Record(
    Reference,
    (key("scheme", TEXT, "for example UA", required=True), key("number", TEXT, "for example 126.19", required=True)),
)

COPY = Record(
    CopyAddress,
    (key("name", TEXT), key("email", TEXT, "where the campaign wants copies", required=True)),
    short="email",
)

CAMPAIGN = Record(
    Campaign,
    (
        key("slug", TEXT, "the last part of the page's address", required=True),
        key("title", WORDS, required=True),
        key("kind", Choice(Campaign.Kind)),
        key("state", Choice(CampaignState), "left out: a draft"),
        Rows("references", REFERENCE, "the numbers under which it is known", "references", ("scheme", "number")),
        Refs("cases", Ref(Case), "which cases it is about", "cases", shared=True),
        Refs("tags", Ref(Tag), "its themes", "tags", shared=True),
        key("language", LANGUAGE, "of the source; left out: the file's"),
        key("translation_note", WORDS),
        key("summary", WORDS, "one or two sentences: what is at stake"),
        key("urgency", WORDS, "why now"),
        key("story", WORDS, "what happened"),
        key("thanks", WORDS),
        key("writing_advice", WORDS, "what to say, what not to say"),
        key("safety_note", WORDS, "for people who may be at risk by writing"),
        key("delivery_note", WORDS, "other ways to deliver: by the lawyers"),
        key("issued", DATE),
        key("opens", MOMENT, "for `state: scheduled`", "opens_at"),
        key("act_by", DAY, "no letter leaves after this day"),
        key("closes", DAY, "the last day of the campaign", "closes_on"),
        key("end_condition", WORDS, "the end in words"),
        key("review", DAY, "when to look at it again", "review_on"),
        key("facts_as_of", DAY, "the day of the facts"),
        key("facts_version", NUMBER, "raise it when waiting letters say what is no longer true"),
        key("follows", Ref(Campaign), "the campaign before this in the series"),
        key("follows_text", WORDS, "the same in words, where that campaign is not here"),
        key("outcome", WORDS, "for `state: ended`"),
        key("ended", DAY, "the day it ended", "ended_on"),
        Rows(
            "organisations",
            PART_OF_ORGANISATION,
            "who issues, supports, publishes it",
            "organisations",
            ("organisation", "role"),
        ),
        Rows("write_to", ADDRESSEE, "the offices, in order", "targets", ("key",)),
        Rows("asks", ASK, "what supporters can do, in order", "asks"),
        Rows("demands", DEMAND, "what must happen", "demands"),
        Rows("letters", LETTER, "model letters and other texts", "letters", ("key",)),
        Rows("copies", COPY, "where the campaign wants copies of letters", "copy_addresses", ("email",)),
        Rows("endorsements", ENDORSEMENT, "who stands by it or wrote it", "endorsements", ("person", "organisation")),
        Rows("events", EVENT, "days of action, pickets, meetings", "events"),
        Rows("updates", UPDATE, "news", "updates", ("slug",)),
        Rows("figures", FIGURE, "numbers that others counted", "figures"),
        Rows("rebuttals", REBUTTAL, "claims of the other side and our answers", "rebuttals"),
        Rows("resources", RESOURCE, "to read, watch, hear or print", "resources"),
    ),
)
