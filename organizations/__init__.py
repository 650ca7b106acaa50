"""The tenant: organizations, their members, and what every tenant has."""

from pkgutil import extend_path

# Ours first, then the parts of django-organizations we build on (ADR 0001).
__path__ = extend_path(__path__, __name__)
