"""The files of the look, as the tests read them."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# A mail has no stylesheet and no policy; its looks stand on its elements.
MAILS = (ROOT / "templates" / "emails", ROOT / "templates" / "account" / "email")
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if not any(path.is_relative_to(folder) for folder in MAILS)
]
# These only name the others, which collectstatic puts in their place.
ENTRIES = {ROOT / "static/css/app.css", ROOT / "static/js/app.js"}
STYLES = sorted({*(ROOT / "static/css").rglob("*.css")} - ENTRIES)
SCRIPTS = sorted({*(ROOT / "static/js").rglob("*.js")} - ENTRIES)
SPRITE = ROOT / "static" / "img" / "icons.svg"
APPS = ("accounts", "billing", "config", "organizations", "tasks")
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def icons() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
