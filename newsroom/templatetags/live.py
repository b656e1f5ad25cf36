from django import template

from newsroom.retelling import newest

register = template.Library()


@register.simple_tag
def since() -> int:
    """How far the outbox is. Ask before all else in a page: it will miss nothing that follows."""
    return newest()
