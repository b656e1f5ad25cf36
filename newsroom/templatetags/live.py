from django import template

from newsroom.live import LiveEvent

register = template.Library()


@register.simple_tag
def since() -> int:
    """How far the outbox is, of what everybody may know. Ask before all else in a page: it will
    miss nothing that follows."""
    return LiveEvent.objects.public().newest()
