"""For a page without a stream: what it missed since an event, asked for now and then."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, JsonResponse

from newsroom.live import LiveEvent, LiveEvents
from newsroom.retelling import look, missed


def catch_up(request: HttpRequest, *topics: str, known: LiveEvents | None = None) -> JsonResponse:
    """The events after `?since=`, as they look now; `reload` where it is too long ago.

    `known` are those that whoever asks may know of: the public ones, if nothing else is said.
    """
    since = request.GET["since"]
    if not (since.isascii() and since.isdigit() and len(since) < 19):
        raise BadRequest("no such event")
    last = (LiveEvent.objects.public() if known is None else known).newest()
    events = missed(int(since), last, topics)
    if events is None:
        return JsonResponse({"last": last, "reload": True})
    looks = [(event.topic, look(event)) for event in events]
    return JsonResponse({"last": last, "events": [said for said in looks if said[1] is not None]})
