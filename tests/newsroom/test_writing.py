"""An article on its way from a first word to its readers, and back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from newsroom import clock
from newsroom.models import Article, LiveEvent, Photo
from tests import cast

Status = Article.Status
ADD = "/admin/newsroom/article/add/"

pytestmark = pytest.mark.django_db


def desk(somebody: User) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def address(article: Article | str, room: str = "change") -> str:
    return f"/admin/newsroom/article/{getattr(article, 'pk', article)}/{room}/"


def form(article: Article | None = None, /, **more: Any) -> dict[str, Any]:
    """What the browser sends for this article, or for a new one, with some of it changed."""
    article = article or Article(section=cast.a_section(), headline="Rain", body="It rained.")
    names = ["headline", "standfirst", "body", "dateline", "byline", "source", "slug", "language"]
    sent = {name: getattr(article, name) for name in names}
    sent |= {"section": article.section_id, "version": article.version, "status": article.status}
    return sent | (at(article.published_at) if article.published_at else {}) | more


def at(moment: Any) -> dict[str, str]:
    return {"published_at_0": f"{moment:%Y-%m-%d}", "published_at_1": f"{moment:%H:%M:%S}"}


def a_draft(by: User, **more: Any) -> Article:
    facts: dict[str, Any] = {"author": by, "status": Status.DRAFT, "published_at": None}
    return cast.an_article("A draft", **(facts | more))


def a_photo() -> Photo:
    name = f"photos/{'a1' * 12}.jpg"
    return Photo.objects.create(file=name, alt="A bridge", width=1200, height=800)


# The form


def test_a_language_is_chosen_among_real_ones(author: User) -> None:
    article = a_draft(author)
    assert "Arabic – العربيّة" in desk(author).get(address(article)).content.decode()
    sent = form(article, language="Klingon")
    assert desk(author).post(address(article), sent).status_code == 200
    assert Article.objects.get().language == "en"
    desk(author).post(address(article), form(article, language="ar"))
    assert Article.objects.get().language == "ar"


def test_a_language_that_a_feed_brought_stays(author: User) -> None:
    article = a_draft(author, language="ps")
    desk(author).post(address(article), form(article, headline="Wind"))
    assert (Article.objects.get().headline, Article.objects.get().language) == ("Wind", "ps")


# The deeds


def test_each_is_offered_what_they_may_do(author: User, editor: User) -> None:
    mine = a_draft(author)
    writing = desk(author).get(address(mine)).content.decode()
    editing = desk(editor).get(address(mine)).content.decode()
    assert "Submit to an editor" in writing
    assert "Publish now" not in writing
    assert all(deed in editing for deed in (">Save<", ">Publish now<", ">Schedule<"))
    assert "Withdraw…" not in editing
    out = desk(editor).get(address(cast.an_article())).content.decode()
    assert "Withdraw…" in out
    assert "Publish now" not in out


def test_an_author_submits_and_an_editor_publishes(author: User, editor: User) -> None:
    desk(author).post(ADD, form(deed="submit"))
    article = Article.objects.get()
    assert article.status == Status.SUBMITTED
    told = desk(editor).post(address(article), form(article, deed="publish"), follow=True)
    assert "Published." in told.content.decode()
    assert f'href="{Article.objects.get().get_absolute_url()}">See it' in told.content.decode()
    assert "Rain" in Client().get("/").content.decode()


def test_an_author_takes_back_what_was_submitted(author: User) -> None:
    mine = a_draft(author, status=Status.SUBMITTED)
    desk(author).post(address(mine), form(mine, deed="draft"))
    assert Article.objects.get().status == Status.DRAFT


def test_publish_now_means_now(editor: User) -> None:
    later = timezone.now() + timedelta(days=1)
    waiting = cast.an_article(status=Status.SCHEDULED, published_at=later)
    desk(editor).post(address(waiting), form(waiting, deed="publish"))
    assert Article.objects.get().is_published


def test_scheduled_it_appears_at_its_minute_for_those_who_look_and_those_who_watch(
    editor: User, client: Client
) -> None:
    then = (timezone.now() + timedelta(hours=2)).replace(microsecond=0)
    desk(editor).post(ADD, form(deed="schedule", **at(then)))
    article = Article.objects.get()
    assert (article.status, article.published_at) == (Status.SCHEDULED, then)
    clock.tick()
    assert client.get(article.get_absolute_url()).status_code == 404
    assert not LiveEvent.objects.filter(topic="newsfeed").exists()
    with time_machine.travel(then + timedelta(seconds=1)):
        clock.tick()
        assert client.get(article.get_absolute_url()).status_code == 200
    assert LiveEvent.objects.filter(topic="newsfeed", kind="published").count() == 1


def test_nothing_is_scheduled_without_a_time_or_for_the_past(editor: User) -> None:
    told = desk(editor).post(ADD, form(deed="schedule"))
    assert "Please say when it is to be published." in told.content.decode()
    told = desk(editor).post(ADD, form(deed="schedule", **at(timezone.now() - timedelta(hours=1))))
    assert "This moment has passed." in told.content.decode()
    assert not Article.objects.exists()


def test_an_embargo_is_kept(editor: User) -> None:
    until = timezone.now() + timedelta(days=1)
    embargo = {"embargo_until_0": f"{until:%Y-%m-%d}", "embargo_until_1": f"{until:%H:%M:%S}"}
    told = desk(editor).post(ADD, form(deed="publish", **embargo))
    assert "under an embargo" in told.content.decode()
    assert not Article.objects.exists()
    desk(editor).post(ADD, form(deed="schedule", **embargo, **at(until + timedelta(hours=1))))
    assert Article.objects.get().status == Status.SCHEDULED


def test_what_is_out_does_not_go_back_by_a_date(editor: User) -> None:
    out = cast.an_article()
    told = desk(editor).post(address(out), form(out, **at(timezone.now() + timedelta(days=1))))
    assert "It is out already" in told.content.decode()
    desk(editor).post(address(out), form(out, published_at_0="", published_at_1=""))
    after = Article.objects.get()
    assert (after.status, after.published_at) == (Status.PUBLISHED, out.published_at)


def test_withdrawing_asks_first_and_takes_it_from_everywhere(editor: User, client: Client) -> None:
    out = cast.an_article("The bridge is shut")
    comment = cast.a_comment(out, cast.a_reader(), "Which bridge?")
    asked = desk(editor).get(address(out, "withdraw")).content.decode()
    assert "its discussion with it" in asked
    assert client.get(out.get_absolute_url()).status_code == 200
    desk(editor).post(address(out, "withdraw"))
    answer = client.get(out.get_absolute_url())
    assert answer.status_code == 410
    assert "The newsroom has withdrawn this article." in answer.content.decode()
    for page in ("/", "/world/", "/newsfeed/", "/feeds/atom/", "/chats/"):
        assert "The bridge is shut" not in client.get(page).content.decode()
    assert client.get(f"/comments/{comment.pk}/").status_code == 404
    told = LiveEvent.objects.filter(topic="newsfeed", kind="withdrawn", subject=out.pk)
    assert told.count() == 1


def test_a_second_withdrawal_changes_nothing_and_it_can_be_published_again(editor: User) -> None:
    out = cast.an_article()
    for _ in range(2):
        assert desk(editor).post(address(out, "withdraw")).status_code == 302
    withdrawn = Article.objects.get()
    assert [each.deed for each in withdrawn.versions.all()] == ["withdrawn"]
    desk(editor).post(address(withdrawn), form(withdrawn, deed="publish"))
    again = Article.objects.get()
    assert (again.is_published, again.published_at) == (True, out.published_at)


def test_only_an_editor_withdraws(author: User, moderator: User) -> None:
    mine = cast.an_article(author=author)
    for person in (author, moderator, cast.a_reader()):
        assert desk(person).post(address(mine, "withdraw")).status_code in (302, 403)
    assert Article.objects.get().is_published


# The text


def test_plain_text_becomes_paragraphs_and_html_is_cleaned(editor: User) -> None:
    desk(editor).post(ADD, form(body="One.\n\nTwo <b onclick=x>bold</b>.<script>3</script>"))
    assert Article.objects.get().body_html == "<p>One.</p>\n<p>Two <b>bold</b>.</p>"


def test_an_empty_text_is_refused(editor: User) -> None:
    assert "required" in desk(editor).post(ADD, form(body="<p> </p>")).content.decode()
    assert not Article.objects.exists()


def test_what_the_editor_only_wrote_closer_together_is_not_a_change(editor: User) -> None:
    out = cast.an_article(body="One.\n\nTwo.")
    desk(editor).post(address(out), form(out, body="<p>One.</p><p>Two.</p>", byline="Another"))
    after = Article.objects.get()
    assert (after.body, after.updated_at, after.byline) == ("One.\n\nTwo.", None, "Another")


def test_a_photo_of_ours_stands_in_the_text_with_its_size_and_no_other_does(editor: User) -> None:
    ours = f"/media/{a_photo().file.name}"
    figure = '<figure class="figure"><img src="{}" alt="A bridge" width="1"></figure>'
    others = ["https://evil.example/media/photos/x.jpg", f"/media/photos/{'b' * 24}.jpg"]
    body = "".join(figure.format(source) for source in [ours, *others])
    desk(editor).post(ADD, form(body=f"<p>Look:</p>{body}", deed="publish"))
    html = Client().get(Article.objects.get().get_absolute_url()).content.decode()
    assert f'<img width="1200" height="800" src="{ours}" alt="A bridge" loading="lazy">' in html
    assert html.count("<figure>") == 3
    assert all(source not in html for source in others)


@pytest.mark.parametrize("alt", ["", ' alt=""', ' alt=" "'])
def test_a_photo_in_the_text_needs_a_description_to_be_published(editor: User, alt: str) -> None:
    photo = f'<img src="/media/{a_photo().file.name}"{alt}>'
    body = f"<p>Look:</p><figure>{photo}</figure>"
    page = desk(editor).post(ADD, form(body=body, deed="publish")).content.decode()
    assert "A photo in the text has no description" in page
    assert "Look:" in page
    assert not Article.objects.exists()
    assert desk(editor).post(ADD, form(body=body)).status_code == 302  # as a draft it may wait
    body = body.replace(photo, photo.replace(alt, "").replace("<img", '<img alt="A bridge"'))
    desk(editor).post(ADD, form(body=body, deed="publish"))
    assert Article.objects.filter(status=Status.PUBLISHED).count() == 1


def test_the_photos_are_searched_and_only_by_those_who_write(author: User, reader: User) -> None:
    a_photo()
    window = "/admin/newsroom/article/photos/?CKEditorFuncNum=-1"
    assert 'data-alt="A bridge"' in desk(author).get(window).content.decode()
    assert "data-alt" not in desk(author).get(f"{window}&q=harbour").content.decode()
    assert desk(reader).get(window).status_code == 302


# The policy


def test_only_the_form_allows_what_its_editor_needs(editor: User) -> None:
    client, out = desk(editor), cast.an_article()
    policy = client.get(address(out)).headers["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "style-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy
    for page in ("/", out.get_absolute_url(), "/admin/", "/admin/newsroom/article/"):
        policy = client.get(page).headers["Content-Security-Policy"]
        assert "nonce" not in policy
        assert "sha256" not in policy


# The preview


def test_a_preview_shows_the_article_as_a_visitor_will_see_it(author: User) -> None:
    mine = a_draft(author)
    frames = desk(author).get(address(mine, "preview"))
    assert frames.content.decode().count(f'src="{address(mine, "page")}"') == 2
    assert "frame-src 'self'" in frames.headers["Content-Security-Policy"]
    assert frames.headers["X-Frame-Options"] == "DENY"
    page = desk(author).get(address(mine, "page"))
    assert "<h1>A draft</h1>" in page.content.decode()
    assert "log in or register" in page.content.decode()
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert Client().get(mine.get_absolute_url()).status_code == 404


def test_a_preview_has_the_unsaved_words_of_its_own_person_alone(
    author: User, editor: User
) -> None:
    mine = a_draft(author)
    sent = form(mine, headline="Unsaved words", body="Never <b>saved</b>.<script>", then="preview")
    to = desk(author).post(address(mine, "autosave"), sent)
    assert to["Location"] == address(mine, "preview")
    page = desk(author).get(address(mine, "page")).content.decode()
    assert "<h1>Unsaved words</h1>" in page
    assert "<p>Never <b>saved</b>.</p>" in page
    assert "Unsaved words" not in desk(editor).get(address(mine, "page")).content.decode()
    assert Article.objects.get().headline == "A draft"


def test_a_new_article_is_previewed_before_it_is_saved(author: User) -> None:
    desk(author).post(address("new", "autosave"), form(headline="Not there yet"))
    assert desk(author).get(address("new", "preview")).status_code == 200
    page = desk(author).get(address("new", "page")).content.decode()
    assert "<h1>Not there yet</h1>" in page
    assert f"By <b>{author.name}</b>" in page
    assert not Article.objects.exists()


def test_a_stranger_sees_no_preview(reader: User, author: User) -> None:
    mine = a_draft(author)
    for client in (Client(), desk(reader)):
        for room in ("preview", "page", "versions", "withdraw"):
            assert client.get(address(mine, room)).status_code == 302
