"""By what staff find people and organizations, beyond the columns of their tables."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.domains.models import OrganizationDomain
from organizations.models import FormerAddress, Membership


class SearchedPage(admin.ModelAdmin):
    """A list that is also searched by id and in tables that belong to its rows."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        rows, doubled = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if not term:
            return rows, doubled
        also = self.known_by(term) | id_of(term)
        return queryset.filter(Q(pk__in=rows.values("pk")) | also), False

    def known_by(self, term: str) -> Q:
        """Return the condition of the rows that something of theirs is found by."""
        raise NotImplementedError


class PeopleSearch(SearchedPage):
    """People by any of their addresses, confirmed or not, or a part of one."""

    search_help_text = _("Name, any e-mail address or its domain, or id")

    def known_by(self, term: str) -> Q:
        return Q(Exists(addresses_like(term, OuterRef("pk"))))


class OrganizationSearch(SearchedPage):
    """Organizations by what they are called, and by who belongs to them."""

    search_help_text = _("Name, address, mail domain, a member's e-mail address, or id")

    def known_by(self, term: str) -> Q:
        own: Any = {"organization_id": OuterRef("pk")}
        if "@" not in term:
            called = FormerAddress.objects.filter(slug__iexact=term, **own)
            domains = OrganizationDomain.objects.filter(domain__icontains=term, **own)
            return Q(Exists(called)) | Q(Exists(domains))
        member = Q(user__email__icontains=term) | Q(
            Exists(addresses_like(term, OuterRef("user_id")))
        )
        return Q(Exists(Membership.objects.filter(member, **own)))


def addresses_like(term: str, person: OuterRef) -> QuerySet:
    """Return the addresses of a person that hold a text."""
    return EmailAddress.objects.filter(user_id=person, email__icontains=term)


def id_of(term: str) -> Q:
    """Return the condition of the row with an id; of none where it is no id."""
    try:
        return Q(pk=UUID(term))
    except ValueError:
        return Q(pk__in=())
