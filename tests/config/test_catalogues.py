"""Every language says everything, with the same names in it; and faults are told."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import formats, translation
from django.utils.formats import date_format

from config.catalogues import catalogue, entry_of, faults, faults_of, read
from config.formats.de.formats import WRITTEN
from config.management.commands.messages import offered

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"'
NEEDS_GETTEXT = pytest.mark.skipif(
    not shutil.which("xgettext"), reason="gettext is not installed"
)
MOMENT = datetime(2026, 5, 3, 8, 4, 5, tzinfo=UTC)
# What reads the same in every language.
SAME_EVERYWHERE = {"c", "Y", "Y-m-d", "H:i"}


@pytest.fixture
def copy(tmp_path, settings):
    """The catalogues in a place where they may be spoilt."""
    shutil.copytree(settings.LOCALE_PATHS[0], tmp_path / "locale")
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return catalogue("de")


def spoil(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize("language", offered())
def test_every_language_says_everything(language):
    assert list(faults(language)) == []
    assert len(read(catalogue(language))) > 2_000


def test_german_and_english_are_offered_by_their_own_names():
    assert settings.LANGUAGES == [("en", "English"), ("de", "Deutsch")]
    assert offered() == ["de"]


@NEEDS_GETTEXT
def test_the_catalogues_are_what_the_sources_say(capsys):
    kept = catalogue("de").read_bytes()
    call_command("messages", check=True)
    assert capsys.readouterr().out == "de: 0 to do\n"
    assert catalogue("de").read_bytes() == kept


def test_without_gettext_the_check_says_what_it_left_out(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    call_command("messages", check=True)
    assert "skipped: gettext is not installed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="needs gettext"):
        call_command("messages")


def test_a_missing_translation_is_told(copy):
    spoil(copy, 'msgstr "Meine Aufgaben"', 'msgstr ""')
    assert "de: not translated: 'My tasks'" in list(faults("de"))


def test_a_compiled_catalogue_that_is_old_is_told(copy):
    spoil(copy, 'msgstr "Meine Aufgaben"', 'msgstr "Meins"')
    assert list(faults("de")) == [
        "de: django.mo is not what django.po says: run make messages"
    ]


def test_a_catalogue_that_was_never_compiled_is_told(copy):
    copy.with_suffix(".mo").unlink()
    assert any("django.mo" in fault for fault in faults("de"))


@NEEDS_GETTEXT
def test_a_sentence_the_catalogue_lacks_or_has_for_nothing_fails_the_check(copy):
    spoil(copy, 'msgid "My tasks"', 'msgid "My chores"')
    with pytest.raises(CommandError) as told:
        call_command("messages", check=True)
    assert "de: missing: 'My tasks'" in str(told.value)
    assert "de: unused: 'My chores'" in str(told.value)


@pytest.fixture
def small(tmp_path, settings, monkeypatch):
    """A product of two sentences, with a catalogue that knows an old one."""
    (tmp_path / "words.py").write_text('SAID = [_("My tasks"), _("Alone")]\n')
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    path = catalogue("de")
    path.parent.mkdir(parents=True)
    old = 'msgid "My chores"\nmsgstr "Meins"\n\nmsgid "Alone"\nmsgstr "Allein"'
    path.write_text(f"{HEAD}\n\n{old}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return path


@NEEDS_GETTEXT
def test_drawing_anew_finds_new_sentences_and_drops_old_ones(small, capsys):
    call_command("messages", "de")
    assert capsys.readouterr().out == "de: not translated: 'My tasks'\nde: 1 to do\n"
    assert {entry.parts["msgid"]: entry.said for entry in read(small)} == {
        "My tasks": [""],
        "Alone": ["Allein"],
    }
    assert small.with_suffix(".mo").exists()


@NEEDS_GETTEXT
def test_drawing_anew_twice_changes_nothing(small, capsys):
    call_command("messages", "de")
    once = small.read_bytes(), small.with_suffix(".mo").read_bytes()
    call_command("messages", "de")
    assert (small.read_bytes(), small.with_suffix(".mo").read_bytes()) == once


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ('msgid "%(n)s of %(all)s"\nmsgstr "%(n)s von %(al)s"', "names or tags differ"),
        ('msgid "{} of us"\nmsgstr "alle"', "names or tags differ"),
        ('msgid "<b>Yes</b>"\nmsgstr "<i>Ja</i>"', "names or tags differ"),
        ('msgid "Yes"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "Yes"\nmsgstr "Ja"', "fuzzy"),
        ('#~ msgid "Yes"\n#~ msgstr "Ja"', "obsolete"),
        ('msgid "\\nYes"\nmsgstr "Ja"', "begins with a new line in one language only"),
        (
            'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
            'msgstr[0] "%(n)s Tag"\nmsgstr[1] "Tage"',
            "names or tags differ",
        ),
    ],
)
def test_a_fault_is_told_by_its_name(block, fault):
    assert list(faults_of(entry_of(block))) == [fault]


@pytest.mark.parametrize(
    "block",
    [
        'msgid "%(n)s of %(all)s"\nmsgstr "von %(all)s %(n)s"',
        'msgid ""\n"Two "\n"lines"\nmsgstr "Zwei Zeilen"',
        # One form may do without its number where the sources do.
        'msgid "a day"\nmsgid_plural "%(n)s days"\n'
        'msgstr[0] "ein Tag"\nmsgstr[1] "%(n)s Tage"',
    ],
)
def test_what_is_right_is_let_be(block):
    assert list(faults_of(entry_of(block))) == []


def test_a_context_keeps_two_meanings_apart(tmp_path):
    path = tmp_path / "django.po"
    told = 'msgctxt "of a key"\nmsgid "May"\nmsgstr "Darf"'
    path.write_text(f"{HEAD}\n\n{told}\n", encoding="utf-8")
    [entry] = read(path)
    assert entry.key == "of a key\x04May"
    with translation.override("de"):
        assert translation.pgettext("of a key", "May") == "Darf"
        assert translation.gettext("May") == "Mai"


def test_every_format_of_a_date_that_we_write_has_its_german():
    written = set()
    for path in [*Path("templates").rglob("*.html"), *Path("templates").rglob("*.txt")]:
        text = path.read_text(encoding="utf-8")
        written |= set(re.findall(r'\|(?:date|time):"([^"]*)"', text))
    named = {name for name in written if name in formats.FORMAT_SETTINGS}
    assert written - named - SAME_EVERYWHERE - WRITTEN.keys() == set()
    assert named


@pytest.mark.parametrize("form", WRITTEN)
def test_a_german_date_has_a_point_behind_the_day(form):
    with translation.override("de"):
        assert date_format(MOMENT, form).startswith(
            "Mai" if form == "M Y" else "3. Mai"
        )
    with translation.override("en"):
        assert date_format(MOMENT, form).startswith("May" if form == "M Y" else "3 May")
