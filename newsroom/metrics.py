"""Numbers for whoever watches the site, in Prometheus' format, on a port of their own."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from prometheus_client import REGISTRY, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

ANSWERS = Histogram(
    "newsroom_answer_seconds",
    "Answers by room (the name of the address), method and status.",
    ["room", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
LOOKS: dict[str, tuple[str, Callable[[], float]]] = {}


def watch(name: str, help: str, look: Callable[[], float]) -> None:
    """Add a number that is looked up whenever somebody asks. Apps do it in their `ready()`."""
    LOOKS[f"newsroom_{name}"] = (help, look)


class Looks(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every question has a thread of its own, which takes its connection with it."""
        for name, (help, look) in LOOKS.items():
            yield GaugeMetricFamily(name, help, value=look())
        if not connection.in_atomic_block:  # a test's
            connection.close()


def serve() -> None:
    """Answer at METRICS_PORT of this machine alone, from a thread of its own."""
    if settings.METRICS_PORT:
        REGISTRY.register(Looks())
        start_http_server(settings.METRICS_PORT, addr="127.0.0.1")
