"""Parts of a template that a flag shows: {% flag "key" %}…{% else %}…{% endflag %}."""

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from organizations.flags.asking import is_enabled

register = template.Library()


class FlagNode(Node):
    """One part for organizations that have a flag, and one for the others."""

    child_nodelists = ("shown", "otherwise")

    def __init__(self, key: str, shown: NodeList, otherwise: NodeList) -> None:
        self.key, self.shown, self.otherwise = key, shown, otherwise

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        organization = getattr(request, "organization", None)
        part = self.shown if is_enabled(self.key, organization) else self.otherwise
        return part.render(context)


@register.tag
def flag(parser: Parser, token: Token) -> FlagNode:
    """Show what follows where a flag is on; its key is a word in quotes."""
    words = token.split_contents()
    if len(words) != 2 or words[1][0] != words[1][-1] or words[1][0] not in "\"'":
        raise template.TemplateSyntaxError("flag takes one key in quotes")
    shown, otherwise = parser.parse(("else", "endflag")), NodeList()
    if parser.next_token().contents == "else":
        otherwise = parser.parse(("endflag",))
        parser.delete_first_token()
    return FlagNode(words[1][1:-1], shown, otherwise)
