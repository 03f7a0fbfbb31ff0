"""What files say of people, prisons and cases."""

from __future__ import annotations

from campaigns.files.kinds import (
    COUNTRY,
    DAY,
    FLAG,
    LANGUAGE,
    LANGUAGES,
    MEDIA_FILE,
    NUMBER,
    TEXT,
    WORDS,
    Choice,
    Reading,
    Ref,
)
from campaigns.files.measures import DATE, LENGTH_OF_SENTENCE, Count
from campaigns.files.schema import Item, Record, Refs, Rows, key
from prisoners.models import (
    Case,
    CaseMember,
    Charge,
    Custody,
    MailRules,
    Person,
    PersonName,
    PersonRole,
    Prison,
    PrisonerAddress,
    ResponsibleState,
    Sentence,
    TimelineEntry,
)

NAME = Record(
    PersonName,
    (
        key("name", TEXT, "the name in another spelling or script", "text", required=True),
        key("kind", Choice(PersonName.Kind)),
        key("language", LANGUAGE, "the language of this form"),
        key("note", WORDS),
    ),
    short="name",
)

ROLE = Record(
    PersonRole,
    (
        key("title", WORDS, "what they are or were: union chair", required=True),
        key("organisation", WORDS, "union, employer or place of work"),
        key("when", DATE, "from when to when", "period"),
    ),
    short="title",
)

MAIL_RULES = Record(
    MailRules,
    (
        key("languages", LANGUAGES, "the languages in which letters may be written"),
        key("write_about", WORDS, "what to write"),
        key("avoid", WORDS, "topics and words to avoid"),
        key("name_organisation", FLAG, "may a letter name the organisation?"),
        key("return_address", Choice(MailRules.ReturnAddress)),
        key("note", WORDS),
        key("source", TEXT, "who says so"),
    ),
)

ADDRESS = Record(
    PrisonerAddress,
    (
        key("kind", Choice(PrisonerAddress.Kind)),
        key("lines", TEXT, "the address as the post there reads it, a line a line"),
        key("latin", TEXT, "the same in Latin letters", "latin_lines"),
        key("prison", Ref(Prison)),
        key("envelope_name", TEXT, "the name for the envelope, where it differs"),
        key("number", TEXT, "the prisoner's number", "prisoner_number"),
        key("country", COUNTRY),
        key("in_use", DATE, "from when to when", "period"),
        key("withdrawn", FLAG, "yes while it is being checked: nobody should use it"),
        key("source", TEXT, "who says so"),
        Rows("mail_rules", MAIL_RULES, "what may be written to this address", "rules", shared=True, single=True),
    ),
)

PERSON = Record(
    Person,
    (
        key("name", TEXT, "as the pages print it", required=True),
        Rows("names", NAME, "other spellings, scripts and forms", "names", ("text", "kind"), shared=True),
        key("occupation", WORDS),
        key("nationality", WORDS, "nationality or community"),
        key("born", DATE),
        Rows("roles", ROLE, "what they are or were", "roles", ("title",), shared=True),
        key("biography", WORDS, "who they are"),
        key("health", WORDS, "only what they or the family agreed to make public"),
        key("photo", MEDIA_FILE),
        key("photo_alt", WORDS, "what the photo shows"),
        key("photo_credit", TEXT),
        key("photo_consent", TEXT, "who agreed to the photo, and when; without it no photo"),
        key("photo_use", Choice(Person.PhotoUse)),
        key("photo_until", DAY, "the last day on which the photo may be shown; after it the file is deleted"),
        Rows("addresses", ADDRESS, "where letters to them go", "addresses", ("kind", "lines"), shared=True),
    ),
)

PRISON = Record(
    Prison,
    (
        key("name", WORDS, required=True),
        key("place", WORDS, "town and region"),
        key("country", COUNTRY),
        key("source", TEXT, "who says so"),
        Rows("mail_rules", MAIL_RULES, "what may be written to people held here", "rules", shared=True, single=True),
    ),
)

SENTENCE = Record(
    Sentence,
    (
        key("kind", Choice(Sentence.Kind)),
        key("length", LENGTH_OF_SENTENCE, "", "shortest", "longest", "unit", default=(None, None, Sentence.Unit.OTHER)),
        key("text", WORDS, "in words: six years' hard labour"),
        key("court", WORDS),
        key("date", DATE),
    ),
    short="length",
)


def _one_person_or_group(item: Item, reading: Reading) -> None:
    if ("person" in item.places) == ("group" in item.places):
        reading.problems.add(item.place, "Give either “person” (a key of “people”) or “group” (in words).")


MEMBER = Record(
    CaseMember,
    (
        key("key", TEXT, "how this file names the member; left out: the person's key"),
        key("person", Ref(Person), "who it is"),
        key("group", WORDS, "people who are counted, not named"),
        key(
            "count",
            Count("exactly", ("about", "at_least", "all")),
            "how many are in the group; `all` where nobody knows",
            "group_count",
            "group_qualifier",
            default=(None, ""),
        ),
        key("counted", DATE, "when they were counted", "group_counted"),
        key("includes_named", FLAG, "does the number include the people named?", "group_includes_named"),
        key("role", Choice(CaseMember.Role)),
        key("role_in_case", WORDS, "in words: judge; union chair; co-defendant"),
        key("description", WORDS, "what happened to them"),
        key("risk", WORDS, "what threatens them"),
        key("custody", Choice(Custody), "where the story finds them; later changes stand in the timeline"),
        key("custody_note", WORDS, "the same in words"),
        key("prison", Ref(Prison), "where they are held"),
        key("age", NUMBER),
        key("age_as_of", DATE),
        Rows("sentences", SENTENCE, "sentences, imposed or possible, in order", "sentences"),
    ),
    key_from=("person",),
    local=True,
    check=_one_person_or_group,
)

CHARGE = Record(
    Charge,
    (
        key("text", WORDS, "the charge", required=True),
        Refs("members", Ref(CaseMember, local=True), "who is charged; left out: all", "members"),
        key("law", WORDS, "the law cited"),
        key("assessment", WORDS, "what we say of it: obviously fabricated"),
        key("date", DATE),
        key("source", TEXT, "who says so"),
    ),
    short="text",
)

ENTRY = Record(
    TimelineEntry,
    (
        key("date", DATE),
        key("kind", Choice(TimelineEntry.Kind)),
        key("text", WORDS, "what happened", required=True),
        key("court", WORDS),
        key("place", WORDS),
        Refs("members", Ref(CaseMember, local=True), "whom it concerns; left out: all", "members"),
        key("custody", Choice(Custody), "where that leaves them"),
        key("custody_until", DATE),
        key("direction", Choice(TimelineEntry.Direction), "of a letter"),
        key("registry_number", TEXT, "the number under which a letter was registered"),
        key("answer", Choice(TimelineEntry.Answer), "to a letter"),
        key("source", TEXT, "who says so"),
        key("source_url", TEXT, "a link to the source"),
    ),
)

STATE = Record(ResponsibleState, (key("country", COUNTRY, required=True),), short="country")

CASE = Record(
    Case,
    (
        key("title", WORDS, required=True),
        key("summary", WORDS, "what happened, in short"),
        key("status_label", WORDS, "what they are: prisoners of conscience"),
        Rows("responsible_states", STATE, "the states that answer for it, by code", "responsible_states", ("country",)),
        key("places", WORDS, "in the words of the source"),
        key("employer", WORDS, "employer or company"),
        key("as_of", DAY, "the day of the facts"),
        Rows("members", MEMBER, "the people and groups in the case", "members", ("key",)),
        Rows("charges", CHARGE, "what they are accused of", "charges"),
        Rows("timeline", ENTRY, "what happened, in the order in which it is told", "timeline"),
    ),
)
