"""Campaign files in: checked as a whole, then written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import models, transaction

from campaigns.files.calls import CAMPAIGN
from campaigns.files.document import NOTICES, SHARED, Document, read_document
from campaigns.files.kinds import Mention
from campaigns.files.lists import write_parts
from campaigns.files.problems import Problems, RefusedError, did_you_mean
from campaigns.files.schema import Item
from campaigns.files.writer import Changes, Writer
from campaigns.models import Campaign
from prisoners.models import MailRules, Person

CIRCLE = "This campaign would follow itself, over others or at once."


def load(files: Iterable[Path], *, update: bool = False, check: bool = False) -> Changes:
    """Load campaign files together and say what changed; see `load_texts`."""
    return load_texts({str(file): file.read_bytes() for file in files}, update=update, check=check)


@transaction.atomic
def load_texts(texts: dict[str, bytes], *, update: bool = False, check: bool = False) -> Changes:
    """Load the files `texts` (content by name) in one transaction.

    Without `update` nothing that the site says already is changed: a contradiction is refused. With `check`
    nothing is written. Raises RefusedError with every problem of all files.
    """
    problems = Problems()
    documents = [read_document(name, content, problems) for name, content in texts.items()]
    check_mentions(documents, problems)
    writer = Writer(problems, update=update)
    write(writer, documents)
    if problems:
        raise RefusedError(problems.found)
    if check:
        transaction.set_rollback(True)
    return writer.changes


def write(writer: Writer, documents: list[Document]) -> None:
    """Write all documents: first the rows that others name, then what hangs on them."""
    written: list[tuple[models.Model, Item]] = []
    for section in (*SHARED, "campaign"):
        items = [item for document in documents for item in document.items(section)]
        for item in _in_series(items, writer.problems) if section == "campaign" else items:
            row = item.record.model._default_manager.filter(slug=item.slug).first()
            row = writer.row(item, row, slug=item.slug)
            if row is not None:
                written.append((row, item))
    for row, item in written:
        write_parts(writer, row, item, owned=item.record is CAMPAIGN)
        if isinstance(row, Person):
            row.refresh_search_text()
        if isinstance(row, Campaign):
            _check_series(row, item, writer.problems)
    for document in documents:
        _write_loose(writer, document)


def _write_loose(writer: Writer, document: Document) -> None:
    """Write mail rules of countries and postal notices, which hang on nothing."""
    for item in document.items("mail_rules"):
        writer.row(item, MailRules.objects.filter(country=item.slug).first(), country=item.slug)
    for item in document.items(NOTICES.name):
        route = {"to_country": item.values.get("to", ""), "from_country": item.values.get("from", "")}
        writer.row(item, NOTICES.record.model._default_manager.filter(**route).first())


def _in_series(campaigns: list[Item], problems: Problems) -> Iterator[Item]:
    """Campaigns, each after the one that it follows; those that follow each other in a circle are refused."""
    waiting = {item.slug: item for item in campaigns}
    while ready := [item for item in waiting.values() if item.values.get("follows") not in waiting]:
        for item in ready:
            yield waiting.pop(item.slug)
    for item in waiting.values():
        problems.add(item.at("follows"), CIRCLE)


def _check_series(campaign: models.Model, item: Item, problems: Problems) -> None:
    """Refuse a campaign that the site has in a circle with others once the file is loaded."""
    seen, before = {campaign.pk}, getattr(campaign, "follows", None)
    while before is not None and before.pk not in seen:
        seen.add(before.pk)
        before = before.follows
    if before is not None:
        problems.add(item.at("follows"), CIRCLE)


def check_mentions(documents: list[Document], problems: Problems) -> None:
    """Note every name that neither the files nor the site know."""
    declared = set().union(*(document.declared for document in documents))
    for mention in (mention for document in documents for mention in document.mentions):
        if (mention.model, mention.key, mention.within) not in declared and not _on_the_site(mention):
            known = [key for model, key, within in declared if (model, within) == (mention.model, mention.within)]
            where = "in this part of the file" if mention.within else "in these files or on the site"
            problems.add(mention.place, f"There is no “{mention.key}” {where}.{did_you_mean(mention.key, known)}")


def _on_the_site(mention: Mention) -> bool:
    if not mention.within:
        return mention.model._default_manager.filter(slug=mention.key).exists()
    owner = "case" if mention.model._meta.app_label == "prisoners" else "campaign"
    return mention.model._default_manager.filter(**{"key": mention.key, f"{owner}__slug": mention.within}).exists()
