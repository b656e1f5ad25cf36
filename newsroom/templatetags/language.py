from django import template
from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from newsroom.language import spoken

register = template.Library()


@register.simple_tag
def tongue(language: str = settings.LANGUAGE_CODE) -> SafeString:
    """For an element with a text in this language, the paper's own if none is named: `lang` and
    `dir`, where they differ from the page's own."""
    page = {"lang": get_language(), "dir": "rtl" if get_language_bidi() else "ltr"}
    differing = [(name, said) for name, said in spoken(language).items() if said != page[name]]
    return format_html_join("", ' {}="{}"', differing)
