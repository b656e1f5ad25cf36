"""Mail without an account, in Chromium: asked for, confirmed, changed, and ended."""

from playwright.sync_api import Locator, Page, expect


def the_mail(page: Page, subject: str) -> Locator:
    page.goto("/demo/mail/")
    return page.locator(".mail").filter(has=page.get_by_role("heading", name=subject)).first


def ask_for_culture(page: Page, address: str) -> None:
    page.goto("/culture/")
    page.get_by_role("link", name="Subscribe to Culture").click()
    page.get_by_label("Your email address").fill(address)
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_role("link", name="Read the demo’s mails").click()


def test_a_subscription_from_the_first_mail_to_the_last_without_javascript(
    plain_phone: Page,
) -> None:
    page = plain_phone
    ask_for_culture(page, "by-hand@example.com")
    mail = the_mail(page, "Please confirm that you want our mail")
    expect(mail).to_contain_text("Culture, once a day")
    mail.get_by_role("link", name="/confirm/").click()
    page.get_by_role("button", name="Yes, send it to me").click()
    expect(page.get_by_role("status")).to_contain_text("From now on you get this")
    chosen = page.get_by_role("checkbox", checked=True)
    expect(chosen).to_have_accessible_name("Culture Once a day")
    page.get_by_role("checkbox", name="Sport When something breaks").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.get_by_role("button", name="End all of it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unsubscribed")
    page.get_by_role("link", name="choose again").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_the_same_mail_as_html_leads_out_of_its_frame(page: Page) -> None:
    ask_for_culture(page, "by-frame@example.com")
    for _again in range(2):  # kept by the browser it would have lost its policy
        mail = the_mail(page, "Please confirm that you want our mail")
        mail.get_by_text("The same as HTML").click()
        frame = mail.frame_locator("iframe")
        expect(frame.get_by_text("Culture, once a day")).to_be_visible()
    frame.get_by_role("link", name="Confirm the subscription").click()
    expect(page.get_by_role("button", name="Yes, send it to me")).to_be_visible()
