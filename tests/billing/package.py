"""Reading the stripe package: its addresses, their parameters, its objects."""

import ast
import importlib
import re
import typing
from functools import cache
from pathlib import Path
from typing import Any

import stripe
from stripe._object_classes import get_object_class
from stripe._stripe_object import UntypedStripeObject

FOLDER = Path(stripe.__file__).parent
Address = tuple[str, str]


def plain(path: str) -> str:
    """Return an address whatever its ids are called."""
    return re.sub(r"\{\w+\}", "{}", path)


@cache
def addresses() -> dict[Address, type | None]:
    """Return every address of the package with the class of its parameters."""
    found: dict[Address, type | None] = {}
    for path in FOLDER.rglob("*_service.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {
            alias.name: node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found |= address_of(node, modules)
    return found


def address_of(node: ast.FunctionDef, modules: dict[str, str | None]) -> dict:
    """Return the address a method of a service asks, if it is one."""
    for call in ast.walk(node):
        if not (
            isinstance(call, ast.Call)
            and getattr(call.func, "attr", "") == "_request"
            and isinstance(call.args[0], ast.Constant)
        ):
            continue
        address = call.args[1]
        if isinstance(address, ast.Call):
            address = address.func.value
        if isinstance(address, ast.Constant):
            key = (call.args[0].value.upper(), plain(address.value))
            return {key: params_of(node, modules)}
    return {}


def params_of(node: ast.FunctionDef, modules: dict[str, str | None]) -> type | None:
    for argument in node.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            (name,) = re.findall(r"\w+Params\b", ast.unparse(argument.annotation))
            return getattr(importlib.import_module(modules[name]), name)
    return None


def words(annotation: Any) -> set[str]:
    """Return the words that an annotation of a parameter lists."""
    return set(re.findall(r"'(\w+)'", text_of(annotation).replace('"', "'")))


def text_of(annotation: Any) -> str:
    return getattr(annotation, "__forward_arg__", None) or str(annotation)


def inner(params: type, name: str) -> type | None:
    """Return the class of a structure inside parameters."""
    module = importlib.import_module(params.__module__)
    for named in re.findall(r"\w+", text_of(params.__annotations__[name])):
        one = getattr(module, named, None)
        if isinstance(one, type) and one.__module__ == params.__module__:
            return one
    return None


def parts(hint: Any) -> list[Any]:
    """Return what an annotation of an object allows, taken apart."""
    arguments, origin = typing.get_args(hint), typing.get_origin(hint)
    whole = {typing.Literal, UntypedStripeObject}
    if not arguments or origin in whole:
        return [hint]
    return [one for argument in arguments for one in parts(argument)]


def class_of(thing: dict, hint: Any = None) -> type | None:
    """Return the package's class of an object, or of a part of one."""
    if isinstance(thing.get("object"), str):
        return get_object_class("V1", thing["object"])
    for one in parts(hint):
        if isinstance(one, type) and issubclass(one, stripe.StripeObject):
            return one
    return None


def complaints(thing: Any, hint: Any = None, way: str = "") -> list[str]:
    """Return what an answer says that the package does not know, or leaves out."""
    if isinstance(thing, list):
        return [c for one in thing for c in complaints(one, hint, f"{way}[]")]
    if not isinstance(thing, dict):
        return of_value(thing, hint, way)
    if thing.get("object") == "list":
        known = {"object", "url", "has_more", "data"}
        odd = [f"{way}.{name}" for name in thing.keys() - known]
        return odd + complaints(thing["data"], hint, way)
    one = class_of(thing, hint)
    if one is None:
        return []
    hints = one.__annotations__
    found = [f"{way}.{name} is unknown" for name in thing.keys() - hints.keys()]
    if not thing.get("deleted"):
        found += left_out(thing, hints, way)
    for name in thing.keys() & hints.keys():
        found += complaints(thing[name], hints[name], f"{way}.{name}")
    return found


def left_out(thing: dict, hints: dict, way: str) -> list[str]:
    """Return the attributes that are always there, and are not."""
    return [
        f"{way}.{name} is missing"
        for name, hint in hints.items()
        if name not in thing
        and type(None) not in parts(hint)
        and "ClassVar" not in str(hint)
        and not name.startswith("_")
    ]


def of_value(value: Any, hint: Any, way: str) -> list[str]:
    allowed = parts(hint)
    listed = {
        word
        for one in allowed
        if typing.get_origin(one) is typing.Literal
        for word in typing.get_args(one)
    }
    if isinstance(value, str) and listed and value not in listed:
        return [f"{way} may not be {value!r}"]
    if value is None and hint is not None and type(None) not in allowed:
        return [f"{way} may not be null"]
    return []
