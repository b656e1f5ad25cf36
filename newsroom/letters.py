"""A mail in two parts, plain text and HTML, from one set of facts."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse

LONGEST_SUBJECT = 150


def letter(name: str, to: str, subject: str, **facts: Any) -> EmailMultiAlternatives:
    """`templates/newsroom/email/<name>.txt` and `.html`. Its links begin with SITE_URL, always:
    nothing here knows of a request and the host that it named."""
    facts |= {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "subject": subject}
    mail = EmailMultiAlternatives(
        subject=one_line(subject), body=plain(f"newsroom/email/{name}.txt", facts), to=[to]
    )
    mail.attach_alternative(render_to_string(f"newsroom/email/{name}.html", facts), "text/html")
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    return mail


def plain(template: str, facts: dict[str, Any]) -> str:
    """Plain text is no HTML: nothing in it is escaped."""
    text = Engine.get_default().get_template(template)
    return text.render(Context(facts, autoescape=False)).strip() + "\n"


def one_line(text: str) -> str:
    """Fit for a header: no line break or other control character, and not endless."""
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable())[:LONGEST_SUBJECT]


def link(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
