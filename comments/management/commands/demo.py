from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from comments.demo.paper import COMMENTS, Paper
from comments.models import Comment
from newsroom.models import Article


class Command(BaseCommand):
    help = "Fills an empty database with a small paper, its readers and their talk."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is something already"
        )
        parser.add_argument("--comments", type=int, default=COMMENTS, help="how many, about")

        parser.add_argument("--articles", type=int, default=0, help="so many in all")

    def handle(
        self, *args: Any, if_empty: bool, comments: int, articles: int, **options: Any
    ) -> None:
        if Article.objects.exists() or User.objects.exists():
            if if_empty:
                return
            raise CommandError(
                "There is something in this database already. Give the demo one of its own: "
                "DATA=var/demo make run"
            )
        paper = Paper()
        paper.make(comments)
        paper.make_archive(articles)
        counts = [model.objects.count() for model in (Article, Comment, User)]
        said = "The demo paper: {} articles, {} comments, {} people.".format(*counts)
        self.stdout.write(said)
