from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from comments.models import Comment, comment_words
from newsroom.index import rebuild
from newsroom.models import Article, article_words


class Command(BaseCommand):
    help = "Indexes every article and comment for the search anew, while the site goes on."

    def handle(self, *args: Any, **options: Any) -> None:
        articles = Article.objects.all()
        comments = Comment.objects.select_related("current", "discussion__article")
        for name, index, rows, entry in [
            ("articles", article_words.ARTICLE_WORDS, articles, article_words.entry),
            ("comments", comment_words.COMMENT_WORDS, comments, comment_words.entry),
        ]:
            count = 0
            with tqdm(desc=name, total=rows.count(), disable=None) as bar:
                for done in rebuild(index, rows, entry):
                    count += done
                    bar.update(done)
            self.stdout.write(f"{count} {name} looked through.")
