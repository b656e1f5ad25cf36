"""A text on its way to be a comment, and why it may not be one."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from accounts.models import User
from comments.models import CheckSetting, Comment, Discussion
from comments.models.check_setting import settings
from newsroom import markup


class Refused(Exception):
    """The text cannot be posted. `sentence` says why and what to do; `status` is HTTP's."""

    def __init__(self, sentence: str, status: int = 403) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


@dataclass(frozen=True)
class Post:
    """`comment` is the one being edited, None for a new one.

    `told` are the nudges that its writer has read, and sends it all the same.
    """

    author: User
    discussion: Discussion
    text: str
    comment: Comment | None = None
    reply_to: Comment | None = None
    told: frozenset[str] = frozenset()

    @cached_property
    def settings(self) -> dict[str, CheckSetting]:
        """How the newsroom has set its checks; what is switched off is not there."""
        return settings()

    @cached_property
    def hosts(self) -> list[str]:
        """Of its links."""
        links = re.findall(r'<a href="(https?://[^"]+)', markup.render_comment(self.text))
        return [urlsplit(link).hostname or "" for link in links]

    @cached_property
    def is_known(self) -> int:
        """How many comments of the author everybody reads; none is looked for beyond ten."""
        return Comment.objects.filter(author=self.author, is_public=True)[:10].count()
