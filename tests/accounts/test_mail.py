"""Every mail has two twins in one look, says why it came and keeps to 72 columns."""

from html.parser import HTMLParser

import pytest
from django.conf import settings as project
from django.utils import timezone

from accounts.mail import mail, mail_to
from accounts.models import User

CODE = {"code": "KMLK-MSQF"}
NOTICE = {"timestamp": timezone.now(), "ip": "10.1.2.3", "user_agent": "Firefox"}
CHANGED = NOTICE | {
    "from_email": "old@example.com",
    "to_email": "new@example.com",
    "deleted_email": "gone@example.com",
}
LINK = {
    "signup_url": "https://insula.example/accounts/signup/",
    "password_reset_url": "https://insula.example/accounts/password/reset/",
}
MAILS = [
    *(
        (f"account/email/{name}", CODE, "KMLK-MSQF")
        for name in (
            "login_code",
            "password_reset_code",
            "email_confirmation",
            "email_confirmation_signup",
        )
    ),
    *(
        (f"account/email/{name}", CHANGED, "10.1.2.3")
        for name in (
            "password_changed",
            "password_set",
            "password_reset",
            "email_changed",
            "email_deleted",
        )
    ),
    ("account/email/account_already_exists", LINK, LINK["password_reset_url"]),
    ("account/email/unknown_account", LINK, LINK["signup_url"]),
    ("welcome", {"user": User(email="zoe@example.com")}, "zoe@example.com"),
]
every = pytest.mark.parametrize(("name", "context", "holds"), MAILS)


class Checker(HTMLParser):
    """Notes the tags left open and the pictures without words."""

    EMPTY = {"meta", "img", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.silent, self.outside = [], [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "img" and not ("alt" in attrs and attrs.get("width")):
            self.silent.append(attrs)
        if tag in ("script", "link", "style"):
            self.outside.append(tag)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def render(name, context):
    return mail(name, "zoe@example.com", {"email": "zoe@example.com"} | context)


@every
def test_both_twins_say_the_same_thing(name, context, holds):
    message = render(name, context)
    [html] = message.alternatives
    assert html.mimetype == "text/html"
    assert holds in message.body
    assert holds in html.content


@every
def test_the_subject_is_one_line_without_markup(name, context, holds):
    subject = render(name, context).subject
    assert subject == subject.strip()
    assert 10 < len(subject) <= 78
    assert not set("\n<>&") & set(subject)


@every
def test_the_text_keeps_to_72_columns_except_links(name, context, holds):
    for line in render(name, context).body.splitlines():
        assert len(line) <= 72 or line.startswith("http")
        assert "<" not in line
        assert "&#" not in line


@every
def test_links_stand_on_their_own_lines(name, context, holds):
    for line in render(name, context).body.splitlines():
        assert line.startswith("http") == ("http" in line)


@every
def test_the_page_is_whole_and_needs_nothing_from_outside(name, context, holds):
    checker = Checker()
    checker.feed(render(name, context).alternatives[0].content)
    assert checker.open == checker.silent == checker.outside == []


@every
def test_the_foot_says_why_it_came(name, context, holds):
    foot = render(name, context).body.split("\n-- \n")[1]
    assert len(foot.splitlines()) >= 3
    assert project.BASE_URL in foot


@every
def test_answering_machines_are_told_to_keep_quiet(name, context, holds):
    message = render(name, context)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.to == ["zoe@example.com"]
    assert message.from_email == project.DEFAULT_FROM_EMAIL


def test_what_people_typed_is_text_in_both_twins():
    message = render("account/email/unknown_account", LINK | {"email": "a&<b>@x.at"})
    assert "a&<b>@x.at" in message.body
    assert "a&amp;&lt;b&gt;@x.at" in message.alternatives[0].content


def test_a_subject_cannot_grow_headers():
    message = render("account/email/login_code", {"code": "A\r\nBcc: x@example.com"})
    assert "\n" not in message.subject


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_mail_to_a_person_speaks_their_language(language, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    user = User(email="zoe@example.com", language=language)
    html = mail_to(user, "welcome").alternatives[0].content
    assert f'<html lang="{language}"' in html


def test_links_lead_to_the_address_of_this_server(settings):
    settings.BASE_URL = "https://insula.example/"
    message = render("welcome", {"user": User(email="zoe@example.com")})
    assert "https://insula.example/\n" in message.body
    assert "https://insula.example/static/" in message.alternatives[0].content


def test_in_development_mail_goes_to_files(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    render("account/email/login_code", CODE).send()
    [file] = tmp_path.iterdir()
    assert "KMLK-MSQF" in file.read_text()


@pytest.mark.parametrize(
    ("name", "policy"),
    [("mail-mark.png", "cross-origin"), ("favicon.svg", "same-origin")],
)
def test_only_the_mark_may_be_drawn_on_pages_of_others(client, name, policy):
    answer = client.get(f"/static/img/{name}")
    assert answer.getvalue()
    assert answer["Cross-Origin-Resource-Policy"] == policy
