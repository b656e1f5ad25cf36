"""Articles from an RSS or Atom file. Nothing is fetched, and running it again is harmless.

An article that changed at its source is changed here too, unless an editor has changed it as well:
then it is left alone and said so. What the desk has taken down stays down.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.sax import SAXParseException

import feedparser
from django.conf import settings
from django.utils import timezone
from django.utils.html import linebreaks
from feedparser import FeedParserDict

from newsroom.feeds import article_of, plain
from newsroom.language import guess, two_letters
from newsroom.markup import clean_article, text_of
from newsroom.models import Article, Section

OUTCOMES = ["new", "changed", "unchanged", "refused"]
IMPORTED = ["headline", "standfirst", "byline", "source", "source_url", "language"]
FIRST_WORDS = 9  # of the text, as the headline of an entry that has none
FIRST_YEAR = 1000  # an address has four digits for the year
# RFC 822 names only American zones; these European ones are common in feeds and unambiguous.
ZONES = {"CET": "+0100", "CEST": "+0200", "EET": "+0200", "EEST": "+0300", "MSK": "+0300"}


class NotAFeed(Exception):
    """Nothing can be made of the file: what is wrong with it and what to do, to follow its name."""


class Refused(Exception):
    """One entry cannot become an article: why, and what to do."""


def read(data: bytes) -> FeedParserDict:
    # A stream, because feedparser takes a string for an address and bytes for the name of a file.
    # Its own cleaning is off: every article is cleaned when it is saved.
    try:
        feed = feedparser.parse(BytesIO(data), sanitize_html=False)
    except Exception as error:  # over broken XML its lenient second reading may fall anywhere
        raise NotAFeed("is broken XML. Download it again, or tell its publisher.") from error
    fault = feed.get("bozo_exception")
    if not feed.get("version"):
        raise NotAFeed("is not an RSS or Atom feed. Save the feed itself, not a page about it.")
    if isinstance(fault, SAXParseException):
        where = f"near line {fault.getLineNumber()}: {fault.getMessage()}"
        raise NotAFeed(f"is broken XML ({where}). Download it again, or tell its publisher.")
    if not feed.entries:
        raise NotAFeed("holds no entries, so there is nothing to import. Try a later copy of it.")
    return feed


def bring_in(feed: FeedParserDict, section: Section) -> Iterator[tuple[str, str]]:
    """For each entry, oldest first, one of OUTCOMES and, of a refused one, why.

    Every article is a transaction of its own: an import that was interrupted is run again.
    """
    numbered = list(enumerate((identity(entry, feed.feed), entry) for entry in feed.entries))
    first = {id: n for n, (id, _) in reversed(numbered)}
    for n, (id, entry) in reversed(numbered):
        try:
            if first[id] < n:
                raise Refused("an entry above it has the same id. Give each its own in the file.")
            yield bring_in_one(entry, id, feed.feed, section), ""
        except Refused as reason:
            title = shortened(plain(entry.get("title") or id), 60)
            yield "refused", f"Entry {n + 1}, “{title}”, was refused: {reason}"


def bring_in_one(entry: FeedParserDict, id: str, feed: FeedParserDict, section: Section) -> str:
    if article_of(id):
        return "unchanged"
    said = what_it_says(entry, feed)
    published, updated = date_of(entry, "published"), date_of(entry, "updated")
    if published:
        said["published_at"] = published
    article = Article.objects.filter(external_id=id).first()
    if article is None:
        said.setdefault("published_at", updated or timezone.now())
        article = Article(section=section, external_id=id, slug=own_slug(entry), **said)
        is_due = said["published_at"] <= timezone.now()
        article.status = Article.Status.PUBLISHED if is_due else Article.Status.SCHEDULED
        article.updated_at = updated if updated and updated > said["published_at"] else None
        article.imported = digest(article)
        article.save()
        return "new"
    before = digest(article)
    for name, value in said.items():
        setattr(article, name, value)
    last = article.updated_at if article.was_updated else article.published_at
    later = bool(updated and last and updated > last)
    now = digest(article)
    if article.status != Article.Status.PUBLISHED or (
        now in (before, article.imported) and not later
    ):
        return "unchanged"
    if article.imported and before != article.imported:
        raise Refused("it changed at its source and was edited here too. Merge the two by hand.")
    article.imported = now
    article.updated_at = updated if later else timezone.now()
    article.save()
    return "changed"


def digest(article: Article) -> str:
    """Of what an import says of an article: tells an editor's change from the source's."""
    said = [getattr(article, name) for name in IMPORTED] + [clean_article(article.body)]
    return sha256(json.dumps(said).encode()).hexdigest()


def identity(entry: FeedParserDict, feed: FeedParserDict) -> str:
    """Its guid, else its link. A guid that is only unique in its own feed (“4711”), or none,
    becomes a urn: made with the feed, so that no feed overwrites another's articles."""
    guid = plain(entry.get("id") or entry.get("link") or "")
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", guid) and len(guid) <= 500:
        return guid
    title = entry.get("title") or entry.get("summary")
    words = [guid] if guid else [title, entry.get("published")]
    return uuid5(NAMESPACE_URL, "\n".join(map(str, [feed.get("link"), *words]))).urn


def what_it_says(entry: FeedParserDict, feed: FeedParserDict) -> dict[str, Any]:
    """The article's fields, without its dates. A summary that stands alone is the body."""
    summary = entry.get("summary_detail")
    content = next((part for part in entry.get("content", []) if part.value), None)
    main = content or summary
    text = text_of(html_of(main)) if main else ""
    if not text:
        raise Refused("it has no text. Add a summary or content to it in the file.")
    standfirst = words_of(summary) if content else ""
    headline = shortened(words_of(entry.get("title_detail")), 160) or first_words(text)
    paper = entry.get("dc_source") if is_ours(entry) else feed.get("title")
    origin = entry.get("source", {}).get("title") or paper or ""
    return {
        "headline": headline,
        "standfirst": shortened(standfirst, 500) if standfirst != text else "",
        "body": html_of(main),
        "byline": shortened(byline(entry), 120),
        "source": shortened(plain(origin), 120),
        "source_url": address_at_source(entry),
        "language": language_of(entry.get("language") or main.language, feed, f"{headline} {text}"),
    }


def html_of(detail: FeedParserDict) -> str:
    if detail.type == "text/plain":
        return linebreaks(detail.value, autoescape=True)
    # Feeds wrap anything in a div, which no article has: it only parts paragraphs.
    html = re.sub(r"</?div\b[^>]*>", "\n\n", detail.value).strip()
    return html if "<" in html else linebreaks(html)


def words_of(detail: FeedParserDict | None) -> str:
    if detail is None:
        return ""
    return plain(detail.value if detail.type == "text/plain" else text_of(detail.value))


def shortened(text: str, limit: int) -> str:
    """Cut after a word, if it is too long."""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0][: limit - 1].rstrip(" ,.;:–—-") + "…"


def first_words(text: str) -> str:
    words = text.split(" ")
    return shortened(text, min(160, len(" ".join(words[:FIRST_WORDS])) + 1))


def byline(entry: FeedParserDict) -> str:
    authors = entry.get("authors", [])
    # RSS: “desk@paper.online (Name)”. feedparser ends the address after “.onli”.
    mail = re.fullmatch(r"\S+@\S+(?: +\((.*)\))?", entry.get("author") or "")
    if mail and authors and "email" in authors[-1]:
        return plain(mail[1] or "")
    names = dict.fromkeys(plain(author.get("name") or "") for author in authors)
    return ", ".join(filter(None, names))


def is_ours(entry: FeedParserDict) -> bool:
    """Whether it comes from this site's own feed."""
    return (entry.get("link") or "").startswith(f"{settings.SITE_URL}/")


def address_at_source(entry: FeedParserDict) -> str:
    link = entry.get("link") or ""
    if is_ours(entry):
        link = next((link.href for link in entry.get("links", []) if link.rel == "via"), "")
    return link if re.match("https?://", link) and len(link) <= 500 else ""


def own_slug(entry: FeedParserDict) -> str:
    """The slug it had in this site's own feed, if that is free; else the article makes one."""
    if not is_ours(entry):
        return ""
    slug = unquote(urlsplit(entry.link).path).rstrip("/").rpartition("/")[2]
    free = re.fullmatch(r"[-\w]{1,100}", slug) and not Article.objects.filter(slug=slug).exists()
    return slug if free else ""


def language_of(said: str | None, feed: FeedParserDict, text: str) -> str:
    """What the entry itself says; else what the text shows; else what the feed says."""
    of_feed = feed.get("language")
    if said and (not of_feed or two_letters(said) != two_letters(of_feed)):
        return two_letters(said)
    return guess(text, two_letters(of_feed or settings.LANGUAGE_CODE))


def date_of(entry: FeedParserDict, key: str) -> datetime | None:
    # feedparser's own get() gives "published" for an "updated" that is not there.
    text = plain(dict.get(entry, key) or "")
    try:
        return moment(text) if text else None
    except (ValueError, OverflowError) as error:
        raise Refused(
            f"its date “{text}” cannot be read. Write it like “Tue, 22 Jun 2021 16:52:00 +0000”."
        ) from error


def moment(text: str) -> datetime:
    """In UTC, which is also meant where no zone is named. Raises ValueError or OverflowError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        text = text if ":" in text else f"{text} 00:00 GMT"
        text = re.sub(r"(?:GMT|UTC?)?([+-]\d\d):?(\d\d)$", r"\1\2", text)
        text = re.sub(r"[A-Z]{3,4}$", lambda zone: ZONES.get(zone[0], zone[0]), text)
        found = parsedate_to_datetime(text)
        if found.tzinfo is None and not re.search(r":\d\d( -0000)?$", text):
            raise ValueError(f"a zone nobody knows: {text}") from None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if found.year < FIRST_YEAR:
        raise ValueError(f"too long ago: {found}")
    return found
