"""An article's poster: the picture that stands for it where its address is shared."""

import json
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_tasks import task

from newsroom import poster_art

LOOK = 1  # raise it when posters are to look different; each changes with its article's next save


@task(priority=-10)  # an import brings thousands: mail goes first
def keep_poster(id: int) -> None:
    """Bring an article's poster in line with the article: draw it, draw another, or take it away.

    Asked for by every save of what readers know. May run twice, or late: it looks for itself.
    """
    articles = apps.get_model("newsroom", "Article").objects.select_related("section", "lead_photo")
    article = articles.filter(pk=id).first()
    if article is None:
        return
    name = wanted(article)
    if name == article.poster:
        return
    if name and not default_storage.exists(name):
        default_storage.save(name, ContentFile(drawn(article)))
    # Meanwhile it may have been withdrawn or saved again: then the task of that save decides.
    as_it_was = {"poster": article.poster, "status": article.status, "headline": article.headline}
    articles.filter(pk=id, **as_it_was).update(poster=name)
    kept = articles.filter(pk=id).values_list("poster", flat=True).first()
    for other in {article.poster, name} - {kept, ""}:
        default_storage.delete(other)


def wanted(article: Any) -> str:
    """The name of the poster as it should be, made of all that is on it; empty for none."""
    if not (article.is_published and poster_art.can_draw(article.headline)):
        return ""
    photo = article.lead_photo
    shows = [LOOK, settings.SITE_NAME, article.pk, article.headline, article.section.name]
    shows += [photo.file.name, photo.focal_x, photo.focal_y] if photo else []
    return f"posters/{sha256(json.dumps(shows).encode()).hexdigest()[:24]}.jpg"


def drawn(article: Any) -> bytes:
    words = article.headline, article.section.name, settings.SITE_NAME
    photo = article.lead_photo
    if photo is None:
        return poster_art.draw(*words, photo=None)
    with photo.file.open() as file:
        return poster_art.draw(*words, photo=file, focus=(photo.focal_x, photo.focal_y))
