"""Identities of other providers belong to one person, and their tokens to nobody."""

from datetime import UTC, datetime

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import IntegrityError, transaction

from organizations.tenancy import as_user, identity, no_context, tenant


@pytest.fixture
def linked(cast):
    """Link Bob to an identity at a provider, with its tokens."""
    with no_context(), identity():
        account = SocialAccount.objects.create(
            user=cast.bob, provider="google", uid="1047", extra_data={"locale": "en"}
        )
        SocialToken.objects.create(
            account=account,
            token="access",
            token_secret="refresh",
            expires_at=datetime(2027, 1, 1, tzinfo=UTC),
        )
    return account


# cap 10
def test_identity_keeps_provider_account_and_tokens(cast, linked):
    with no_context(), identity():
        token = SocialToken.objects.select_related("account__user").get()
        assert token.account.user == cast.bob
        assert (token.account.provider, token.account.uid) == ("google", "1047")
        assert (token.token, token.token_secret) == ("access", "refresh")
        assert token.expires_at.year == 2027


# cap 10
def test_identity_of_a_provider_belongs_to_one_person(cast, linked):
    with no_context(), identity(), pytest.raises(IntegrityError), transaction.atomic():
        SocialAccount.objects.create(user=cast.vera, provider="google", uid="1047")


# cap 10
def test_identity_goes_with_its_person(linked):
    assert SocialAccount._meta.get_field("user").remote_field.on_delete.__name__ == (
        "CASCADE"
    )


def test_nobody_sees_the_identity_of_another(cast, linked):
    with no_context(), as_user(cast.bob):
        assert SocialAccount.objects.count() == 1
    with no_context(), as_user(cast.vera):
        assert SocialAccount.objects.count() == 0


def test_colleagues_see_neither_identity_nor_token(cast, linked):
    with no_context(), tenant(cast.acme, cast.alice):
        assert SocialAccount.objects.count() == 0
        assert SocialToken.objects.count() == 0


def test_even_their_person_sees_no_token(cast, linked):
    with no_context(), as_user(cast.bob):
        assert SocialToken.objects.count() == 0
