"""The text of an article in its form: a rich text where scripts run, else a plain one."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django_prose_editor.fields import ProseEditorFormField  # type: ignore[import-untyped]
from django_prose_editor.widgets import AdminProseEditorWidget  # type: ignore[import-untyped]

from newsroom import markup
from newsroom.models import Photo

# What the editor can make is what markup.clean_article() keeps, so that nothing is lost in it.
EXTENSIONS: dict[str, Any] = {
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Blockquote": True,
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Code": True,
    "CodeBlock": True,
    "Figure": {"pickerUrl": reverse_lazy("admin:newsroom_article_photos")},
    "Image": True,
    "Caption": True,
    "NoSpellCheck": False,
}


class BodyField(ProseEditorFormField):
    """Rich text where scripts run; elsewhere a text with empty lines between its paragraphs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            config={"extensions": EXTENSIONS},
            sanitize=lambda body: with_sizes(markup.clean_article(body)),
            widget=AdminProseEditorWidget(attrs={"rows": 24, "cols": 80}),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """What was typed or imported as plain text reaches the editor as paragraphs."""
        return markup.clean_article(value) if value else value

    def clean(self, value: Any) -> Any:
        body = super().clean(value)
        if not markup.text_of(body) and "<img" not in body:
            raise ValidationError(self.error_messages["required"], code="required")
        return body

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Not where the editor only wrote the same paragraphs closer together."""
        before, after = (
            re.sub(r"\s*\n\s*", "", markup.clean_article(body or "")) for body in (initial, data)
        )
        return before != after


def with_sizes(body: str) -> str:
    """The same with the width and height of every photo, so that no page jumps under a reader."""
    names = set(markup.OUR_PHOTO.findall(body))
    sizes = {
        name: f'width="{width}" height="{height}" '
        for name, width, height in Photo.objects.filter(file__in=names).values_list(
            "file", "width", "height"
        )
    }

    def sized(tag: re.Match[str]) -> str:
        found = markup.OUR_PHOTO.search(tag[0])
        size = sizes.get(found[1], "") if found else ""
        plain = re.sub(r' (width|height)="\d*"', "", tag[0])
        return plain.replace("<img ", f"<img {size}", 1) if size else ""

    return re.sub(r"<img [^>]*>", sized, body) if names else body
