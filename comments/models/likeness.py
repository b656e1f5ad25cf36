"""How much a text is like what was removed here: learnt from this newsroom's own decisions.

A logistic regression over hashed words and pairs of words. It may hold, never remove.
"""

import math
import random
from array import array
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext

from comments import phrases
from comments.models.decision import Decision

BUCKETS = 1 << 14
FEWEST = 200  # decisions: below that it says nothing
MOST = 20_000
ROUNDS = 4
STEP = 0.2
SURE = 0.9  # where its precision is measured
TAIL = 0.2  # of the decisions, the newest, that it is measured on and has not seen


class Likenesses(models.QuerySet["Likeness"]):
    def learnt(self) -> "Likeness | None":
        return self.order_by("-pk").first()

    def learn(self) -> "Likeness | None":
        """Anew, from the decisions that stand, each night; None where they are too few."""
        decided = (
            Decision.objects.filter(
                action__in=[Decision.Action.APPROVE, Decision.Action.REMOVE],
                automated=False,
                revision__isnull=False,
                reversed_by__isnull=True,
            )
            .order_by("-pk")
            .values_list("revision__text", "action")[:MOST]
        )
        examples = [
            (list(features(text)), action == Decision.Action.REMOVE)
            for text, action in reversed(decided)
        ]
        if len(examples) < FEWEST:
            return None
        seen = int(len(examples) * (1 - TAIL))
        trial = weights_of(examples[:seen])
        flagged = [
            removed for found, removed in examples[seen:] if probability(trial, found) >= SURE
        ]
        learnt = self.create(
            weights=weights_of(examples).tobytes(),
            decisions=len(examples),
            flagged=len(flagged),
            right=sum(flagged),
            tail=len(examples) - seen,
        )
        self.exclude(pk=learnt.pk).delete()
        return learnt


class Likeness(models.Model):
    """What was learnt last night, and how right it was on decisions that it had not seen."""

    weights = models.BinaryField()
    decisions = models.PositiveIntegerField()
    tail = models.PositiveIntegerField()
    flagged = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = Likenesses.as_manager()

    @property
    def precision(self) -> float | None:
        return self.right / self.flagged if self.flagged else None

    @property
    def percent(self) -> int | None:
        return round(100 * self.precision) if self.precision is not None else None

    @property
    def measured(self) -> str:
        """How right it was where it was sure, and on how many texts that it had not seen."""
        if not self.flagged:
            return gettext("it was sure of none of the %(tail)d latest decisions") % {
                "tail": self.tail
            }
        said = gettext("right in %(right)d of %(flagged)d among the %(tail)d latest decisions")
        return said % {"right": self.right, "flagged": self.flagged, "tail": self.tail}

    def score(self, text: str) -> tuple[float, list[str]]:
        """From 0 to 1, and the words that weigh most in it."""
        weights = array("f")
        weights.frombytes(bytes(self.weights))
        found = list(features(text))
        most = sorted({(weights[bucket(each)], each) for each in found}, reverse=True)[:3]
        return probability(weights, found), [each for weight, each in most if weight > 0]


def features(text: str) -> Iterator[str]:
    """Its words and pairs of words, in any disguise."""
    words = phrases.normal(text).split()
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


def bucket(feature: str) -> int:
    return crc32(feature.encode()) % BUCKETS


def probability(weights: array, found: list[str]) -> float:
    if not found:
        return 0.0
    total = weights[BUCKETS] + sum(weights[bucket(each)] for each in found) / math.sqrt(len(found))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def weights_of(examples: list[tuple[list[str], bool]]) -> array:
    """By stochastic gradient descent, each class weighing the same; the last one is the bias."""
    weights = array("f", [0.0] * (BUCKETS + 1))
    removed = sum(is_removed for _found, is_removed in examples) or 1
    balance = {
        True: len(examples) / removed / 2,
        False: len(examples) / max(len(examples) - removed, 1) / 2,
    }
    order = random.Random(0)  # noqa: S311 - the same night, the same weights
    shuffled = list(examples)
    for _round in range(ROUNDS):
        order.shuffle(shuffled)
        for found, is_removed in shuffled:
            error = (is_removed - probability(weights, found)) * balance[is_removed] * STEP
            weights[BUCKETS] += error
            for each in found:
                weights[bucket(each)] += error / math.sqrt(len(found))
    return weights
