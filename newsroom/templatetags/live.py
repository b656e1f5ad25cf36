from django import template
from django.template import Context

from newsroom.live import LiveEvent

register = template.Library()


@register.simple_tag(takes_context=True)
def since(context: Context) -> int:
    """How far the outbox is, of what this page's reader may know: what everybody may, and what
    they were told themselves. Ask before all else in a page: it will miss nothing that follows,
    and is told nothing again."""
    if "newest_event" in context:  # asked before, where a page is put together
        return int(context["newest_event"])
    request = context.get("request")
    person = None if context.get("visitor", True) else getattr(request, "user", None)
    return LiveEvent.objects.known_to(person and person.pk).newest()
