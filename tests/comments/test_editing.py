"""Changing what one said: for a short while, openly, and never over somebody's head."""

import pytest

from accounts.models import User
from comments.models import Comment, Discussion, Draft
from comments.models.comment import Stale
from newsroom import markup
from newsroom.models import Article, LiveEvent
from tests import cast
from tests.comments.acting import (
    acting,
    do,
    in_days,
    later,
    often,
    read,
    removed,
    seen,
    suspended,
    typed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(article: Article, reader: User) -> Comment:
    return cast.a_comment(article, reader, "The pier is gren.")


def test_others_read_what_it_says_now(comment: Comment, reader: User) -> None:
    response = do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    assert response["Location"] == f"/comments/{comment.pk}/#c{comment.pk}"
    page = read(acting(), comment.article.get_absolute_url())
    assert "The pier is green." in page
    assert "gren." not in page
    assert f'href="/comments/{comment.pk}/history/">edited</a>' in page


def test_what_it_said_before_is_public(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    history = read(acting(), f"/comments/{comment.pk}/history/")
    assert history.index("The pier is green.") < history.index("The pier is gren.")
    assert list(comment.revisions.values_list("n", "text")) == [
        (1, "The pier is gren."),
        (2, "The pier is green."),
    ]


def test_htmx_puts_it_in_its_place(comment: Comment, reader: User) -> None:
    response = do(acting(reader), comment, "edit", text="It is green.", revision=1, htmx=True)
    assert (response.status_code, response["HX-Retarget"]) == (200, f"#c{comment.pk}")
    assert "<p>It is green.</p>" in response.content.decode()


def test_saving_without_a_change_is_no_revision(comment: Comment, reader: User) -> None:
    response = do(acting(reader), comment, "edit", text="The pier is gren.", revision=1)
    assert response.status_code == 302
    assert comment.revisions.count() == 1
    assert ">edited</a>" not in read(acting(), comment.article.get_absolute_url())


@pytest.mark.attack("A19")
@pytest.mark.parametrize("minutes", [14, 16])
def test_it_can_be_changed_for_fifteen_minutes(
    minutes: int, comment: Comment, reader: User
) -> None:
    with later(minutes=minutes):
        browser, closed = acting(reader), minutes > 15
        read(browser, f"/comments/{comment.pk}/edit/", status=403 if closed else 200)
        response = do(browser, comment, "edit", text="The pier is green.", revision=1)
        assert response.status_code == (403 if closed else 302)
        offered = f'href="/comments/{comment.pk}/edit/"'
        assert (offered in read(browser, comment.article.get_absolute_url())) is not closed
        if closed:
            assert "A comment can be changed for 15 minutes; those are over." in seen(response)
            assert typed(response) == "The pier is green."
        shown = "The pier is gren." if closed else "The pier is green."
        assert shown in read(acting(), comment.article.get_absolute_url())


@pytest.mark.attack("A19")
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_a_text_that_comes_too_late_stands_beside_the_one_saved_meanwhile(
    htmx: bool, comment: Comment, reader: User
) -> None:
    do(acting(reader), comment, "edit", text="From the phone.", revision=1)
    response = do(acting(reader), comment, "edit", text="From the desk.", revision=1, htmx=htmx)
    assert response.status_code == 409
    assert "You changed this comment elsewhere meanwhile." in seen(response)
    assert typed(response) == "From the desk."
    assert "<pre>From the phone.</pre>" in response.content.decode()
    assert 'name="revision" value="2"' in response.content.decode()
    page = read(acting(), comment.article.get_absolute_url())
    assert "From the phone." in page
    assert "From the desk." not in page


@pytest.mark.parametrize("revision", ["", "0", "-1", "2", "²", "one", "9" * 5000, "1 or 1=1"])
def test_a_revision_that_is_none_is_a_stale_one(
    revision: str, comment: Comment, reader: User
) -> None:
    response = do(acting(reader), comment, "edit", text="The pier is green.", revision=revision)
    assert response.status_code == 409
    assert typed(response) == "The pier is green."
    assert "The pier is gren." in read(acting(), comment.article.get_absolute_url())


@pytest.mark.attack("A19")
def test_what_a_moderator_removed_is_not_changed(
    comment: Comment, reader: User, moderator: User
) -> None:
    removed(comment, moderator)
    response = do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    assert response.status_code == 403
    assert "A moderator removed this comment" in seen(response)
    assert typed(response) == "The pier is green."
    page = read(acting(reader), f"/comments/{comment.pk}/edit/", status=403)
    assert "A moderator removed this comment" in page
    assert comment.revisions.count() == 1


def test_what_its_author_withdrew_is_not_changed(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "withdraw")
    response = do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    assert response.status_code == 403
    assert "You withdrew this comment" in seen(response)
    read(acting(), f"/comments/{comment.pk}/", status=404)


@pytest.mark.attack("A19", "A48")
def test_a_removal_between_the_look_and_the_save_wins(
    comment: Comment, moderator: User, reader: User
) -> None:
    in_hand = Comment.objects.whole().get(pk=comment.pk)
    removed(comment, moderator)
    with pytest.raises(Stale):
        in_hand.edit("The pier is green.", 1)
    assert "The pier is gren." in read(acting(reader), "/me/")


@pytest.mark.attack("A14")
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_changes_what_another_wrote(
    method: str, comment: Comment, stranger: User, moderator: User, editor: User, admin: User
) -> None:
    for other in (stranger, moderator, editor, admin):
        send = getattr(acting(other), method)
        response = send(f"/comments/{comment.pk}/edit/", {"text": "Mine now.", "revision": 1})
        assert response.status_code == 404
    assert "The pier is gren." in read(acting(), comment.article.get_absolute_url())


def test_a_visitor_is_asked_to_log_in_first(comment: Comment) -> None:
    response = acting().get(f"/comments/{comment.pk}/edit/")
    assert response["Location"] == f"/accounts/login/?next=/comments/{comment.pk}/edit/"


@pytest.mark.attack("A17")
@pytest.mark.parametrize("htmx", [False, True])
def test_whose_session_ended_while_editing_keeps_what_was_typed(
    htmx: bool, comment: Comment
) -> None:
    response = do(acting(), comment, "edit", text="Mine now.", revision=1, htmx=htmx)
    assert response.status_code == 403
    assert "Log in again" in seen(response)
    if htmx:  # beside the form, which stays as it is
        assert response["HX-Retarget"] == "#refusal"
        assert "<html" not in response.content.decode()
    else:
        assert typed(response) == "Mine now."
    assert comment.revisions.count() == 1


@pytest.mark.attack("A4")
@pytest.mark.parametrize(
    "source",
    [
        "\\*no emphasis\\* &amp; &lt;b&gt; </textarea><script>alert(1)</script>",
        "quotes \" ' ` and {{ braces }} {% tags %}",
        "    four spaces\n\n\ttab\n\n> quote\n> > deeper\n\n1. one\n2. two",
        "combining e\u0301, \u202eright\u202c to left, 🇪🇺👩‍👩‍👧, \u2028 and \ufeff",
        "[a](https://b.example/?c=d&e=f#g) <https://h.example>",
        "&amp;amp; &#38; &NewLine; %00 %0a \\u0000",
    ],
)
def test_the_source_comes_back_as_it_was_typed(source: str, reader: User, article: Article) -> None:
    wanted = markup.tidy(source)
    comment = cast.a_comment(article, reader, wanted)
    browser = acting(reader)
    assert typed(browser.get(f"/comments/{comment.pk}/edit/")) == wanted
    do(browser, comment, "edit", text=wanted + " And more.", revision=1)
    assert typed(browser.get(f"/comments/{comment.pk}/edit/")) == wanted + " And more."


def test_a_page_of_ours_sends_plain_newlines_back(comment: Comment, reader: User) -> None:
    """Browsers send \\r\\n for every line of a text field."""
    do(acting(reader), comment, "edit", text="\r\nOne.\r\n\r\n\r\n\r\nTwo.\r\n", revision=1)
    assert typed(acting(reader).get(f"/comments/{comment.pk}/edit/")) == "One.\n\nTwo."


# The checks of a new comment, again


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [
        ("", 400, "There is nothing to read in it yet."),
        ("a" * 5001, 400, "has 5001 characters"),
        ("Said before.", 409, "You have said exactly this already today."),
    ],
)
def test_an_edit_goes_through_the_checks(
    text: str, status: int, sentence: str, comment: Comment, reader: User
) -> None:
    cast.a_comment(comment.article, reader, "Said before.")
    response = do(acting(reader), comment, "edit", text=text, revision=1)
    assert response.status_code == status
    assert sentence in seen(response)
    assert typed(response) == text
    assert "The pier is gren." in read(acting(), comment.article.get_absolute_url())


def test_a_suspended_reader_changes_nothing(
    comment: Comment, reader: User, moderator: User
) -> None:
    suspended(reader, moderator, in_days(1))
    response = do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    assert response.status_code == 403
    assert "You may comment again from" in seen(response)
    assert typed(response) == "The pier is green."


@pytest.mark.attack("A19")
def test_nothing_changes_in_a_closed_discussion(comment: Comment, reader: User) -> None:
    Discussion.objects.update(mode=Discussion.Mode.CLOSED)
    response = do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    assert response.status_code == 403
    assert "This discussion has closed meanwhile" in seen(response)


def test_a_link_brought_in_by_an_edit_waits_for_a_moderator(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "edit", text="Buy at https://example.com", revision=1)
    assert "example.com" not in read(acting(), comment.article.get_absolute_url())
    assert "example.com" in read(acting(reader), comment.article.get_absolute_url())
    assert Discussion.objects.get().comment_count == 0
    read(acting(), f"/comments/{comment.pk}/history/", status=404)


def test_an_edit_does_not_let_a_waiting_comment_out(reader: User, article: Article) -> None:
    comment = cast.a_comment(article, reader, "https://example.com", held_because="a link")
    do(acting(reader), comment, "edit", text="No link at all.", revision=1)
    assert "No link at all." not in read(acting(), article.get_absolute_url())


def test_edits_have_a_limit(comment: Comment, reader: User) -> None:
    often(reader, "edit", 19)
    do(acting(reader), comment, "edit", text="The twentieth.", revision=1)
    response = do(acting(reader), comment, "edit", text="One more.", revision=2)
    assert response.status_code == 429
    assert typed(response) == "One more."
    assert "The twentieth." in read(acting(), comment.article.get_absolute_url())


def test_an_edit_leaves_the_draft_of_a_new_comment_alone(comment: Comment, reader: User) -> None:
    Draft.objects.keep(comment.article, "Half a sentence", person=reader)
    do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    assert "Half a sentence</textarea>" in read(acting(reader), comment.article.get_absolute_url())


def test_an_edit_is_announced_once(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "edit", text="The pier is green.", revision=1)
    kinds = LiveEvent.objects.filter(topic=f"discussion:{comment.article.pk}").order_by("id")
    assert list(kinds.values_list("kind", "subject")) == [
        ("comment", comment.pk),
        ("edit", comment.pk),
    ]
