"""What every page loads is joined to one file of each kind when files are collected."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders

from config.storage import JOINED, StaticStorage
from tests.design.sources import ROOT

SCRIPTS_OF_EVERY_PAGE = re.findall(
    r'^import "', (ROOT / "static/js/app.js").read_text(), re.MULTILINE
)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Return where the files went and, by name, what each is called there."""
    folder = tmp_path_factory.mktemp("static")
    storage = StaticStorage(location=folder, base_url="/static/")
    paths = {
        path: (source, path)
        for finder in get_finders()
        for path, source in finder.list([])
        if path.startswith(("css/", "js/", "fonts/", "img/"))
    }
    for name, (source, path) in paths.items():
        with source.open(path) as file:
            storage.save(name, file)
    for _done in storage.post_process(paths):
        pass
    return folder, storage.hashed_files


@pytest.mark.parametrize("name", JOINED)
def test_a_page_loads_one_file_of_each_kind(collected, name):
    folder, told = collected
    text = (folder / told[name]).read_text()
    assert not re.search(r"^(@)?import ", text, re.MULTILINE)
    assert len(text) > 5_000
    assert re.fullmatch(r"(css|js)/app\.[0-9a-f]{12}\.(css|js)", told[name])


def test_joined_styles_stand_in_their_order_and_find_their_files(collected):
    folder, told = collected
    text = (folder / told["css/app.css"]).read_text()
    assert text.index("@layer tokens, base") < text.index("@layer base {")
    found = re.findall(r'url\("(?!data:)([^"]+)"\)', text)
    assert found
    for target in found:
        assert (folder / "css" / Path(target)).resolve().is_file(), target


def test_joined_scripts_keep_their_names_to_themselves(collected):
    folder, told = collected
    text = (folder / told["js/app.js"]).read_text()
    assert text.count("\n{\n") == len(SCRIPTS_OF_EVERY_PAGE)
