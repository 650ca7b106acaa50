"""Markdown in templates of rooms below the one that knows how to draw it."""

from django import template
from django.utils.safestring import SafeString

from tasks.markdown import render

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """Return a text in Markdown as markup that can do no harm."""
    return render(str(text))
