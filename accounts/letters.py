"""A mail in two parts, plain text and HTML, from one set of facts.

Links in it begin with SITE_URL: nothing here knows of a request and the host that it named.
"""

import re
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import sealing

LONGEST_SUBJECT = 150
STOP = "no more mail"

# The policy of a page that shows the HTML of a mail as a mail reader would: with its own styles,
# and nothing else of any kind.
AS_MAIL = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
}


def letter(name: str, to: str, subject: str, **facts: Any) -> EmailMultiAlternatives:
    """Of `templates/<name>.txt` and `.html`."""
    facts |= of_the_house(to) | {"subject": subject}
    text = plain(f"{name}.txt", facts)
    return in_parts(to, subject, text, render_to_string(f"{name}.html", facts))


def letter_in_words(name: str, to: str, facts: dict[str, Any]) -> EmailMultiAlternatives:
    """Of `<name>_subject.txt` and `<name>_message.txt`, as allauth has them."""
    facts |= of_the_house(to) | {"email": to}
    subject = plain(f"{name}_subject.txt", facts)
    return words(to, subject, plain(f"{name}_message.txt", facts))


def words(to: str, subject: str, text: str) -> EmailMultiAlternatives:
    """Of words alone. The HTML is made of them: a link that stands for itself leads, a code is
    in large letters."""
    parts = [(kind_of(part), part) for part in re.split(r"\n\s*\n", text.strip())]
    facts = of_the_house(to) | {"subject": one_line(subject), "parts": parts}
    html = render_to_string("email/words.html", facts)
    return in_parts(to, subject, f"{text.strip()}\n\n{plain('email/signature.txt', facts)}", html)


def in_parts(to: str, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(subject=one_line(subject), body=text, to=[to])
    mail.attach_alternative(html, "text/html")
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    mail.extra_headers |= one_click(stop_link(to))
    return mail


def of_the_house(to: str) -> dict[str, Any]:
    """What every mail says."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "stop_all": stop_link(to),
    }


# Unsubscribing


def one_click(address: str) -> dict[str, str]:
    """RFC 8058: the mail reader's own button ends it with one POST, without cookie or token."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def stop_link(to: str) -> str:
    """Ends whatever is sent to this address and can be ended. The address in it is sealed."""
    return link("mail-stop", sealing.seal(STOP, to))


def address_in(token: str) -> str:
    """Whose link it is. Raises Unreadable."""
    return sealing.unseal(STOP, token)


def plain(template: str, facts: dict[str, Any]) -> str:
    """Plain text is no HTML: nothing in it is escaped."""
    text = Engine.get_default().get_template(template)
    return text.render(Context(facts, autoescape=False)).strip() + "\n"


def kind_of(part: str) -> str:
    if re.fullmatch(r"https?://\S+", part):
        return "link"
    return "code" if re.fullmatch(r"[A-Z0-9]{3,}(-[A-Z0-9]+)*", part) else "words"


def one_line(text: str) -> str:
    """Fit for a header: no line break or other control character, and not endless."""
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable())[:LONGEST_SUBJECT]


def link(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
