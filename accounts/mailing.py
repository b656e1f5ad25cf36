"""Mail about an account leaves from the queue: no page waits for it, or tells by its time that
there is one."""

from django.core.mail import EmailMultiAlternatives
from django_tasks import task


@task(priority=10)  # somebody is waiting for it, and for a photo's sizes nobody is
def send(subject: str, body: str, to: list[str], html: str = "") -> None:
    """`to` may be empty: then it was written for the sake of equal times alone."""
    mail = EmailMultiAlternatives(subject, body, to=to)
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()
