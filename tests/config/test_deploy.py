"""The files that a server is set up with name what there is, and no secret."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml

from tests.contracts.house import ROOT, name_of

COMPOSE = ROOT / "compose.yaml"
IMAGES = [ROOT / "Dockerfile", ROOT / "deploy/pgbouncer/Dockerfile"]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SCRIPTS = [ROOT / "deploy/pgbouncer/start.sh"]
NEVER_A_SETTING = {"MAINPID"}


def text(path):
    return path.read_text(encoding="utf-8")


def steps(path):
    """Return an image's instructions with their words, continued lines joined."""
    joined = text(path).replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and line[0] != "#"]
    return [(line.split()[0], line.split(None, 1)[1]) for line in lines]


def services():
    return yaml.safe_load(text(COMPOSE))["services"]


def documented():
    """Return the names of settings that the operator's page tells of."""
    return set(re.findall(r"`([A-Z][A-Z_]+)`", text(ROOT / "docs/operating.md")))


@pytest.mark.parametrize("path", IMAGES, ids=name_of)
def test_an_image_copies_what_there_is_and_runs_as_nobody_special(path):
    folder = ROOT if path.parent == ROOT else path.parent
    copied = [
        word
        for step, words in steps(path)
        if step == "COPY" and not words.startswith("--from")
        for word in words.split()[:-1]
    ]
    assert copied
    assert [word for word in copied if not (folder / word).exists()] == []
    names = [step for step, _ in steps(path)]
    user = dict(steps(path))["USER"]
    assert user not in {"root", "0"}
    assert "USER" in names[names.index("COPY") :]
    assert names[-1] == "CMD"


def test_every_package_of_the_house_is_in_the_image():
    said = text(IMAGES[0])
    folders = [p.name for p in ROOT.iterdir() if (p / "__init__.py").exists()]
    assert len(folders) >= 5
    missing = [one for one in folders if f"COPY {one} {one}\n" not in said]
    assert missing == ["tests"]
    for shown in ("templates", "static", "locale"):
        assert f"COPY {shown} {shown}\n" in said


def test_nothing_of_a_developer_gets_into_the_image():
    ignored = text(ROOT / ".dockerignore").split()
    assert {".git", ".venv", ".devdb", "media", "tests"} <= set(ignored)
    assert not (set(ignored) & {"config", "templates", "static", "requirements"})


def test_the_services_stand_in_the_order_they_need():
    found = services()
    assert set(found) == {"db", "setup", "pooler", "web", "worker"}
    for name in ("web", "worker"):
        waits = found[name]["depends_on"]["setup"]["condition"]
        assert waits == "service_completed_successfully"
        assert found[name]["restart"] == "unless-stopped"
    assert found["setup"]["restart"] == "no"
    (command,) = found["setup"]["command"][2:]
    parts = [part.strip() for part in command.split("&&")]
    assert parts == [
        "python manage.py create_roles",
        "python manage.py migrate",
        "python manage.py check_isolation",
    ]


def test_only_the_set_up_has_the_keys_of_the_house():
    found = services()
    for name in ("web", "worker"):
        names = set(found[name]["environment"])
        assert not names & {"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "DEBUG"}
    assert "@pooler:6432/" in found["web"]["environment"]["DATABASE_URL"]
    assert "@db:5432/" in found["worker"]["environment"]["DATABASE_URL"]
    ports = [port for one in found.values() for port in one.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


def test_the_worker_makes_backups_with_programs_of_the_servers_line():
    found = services()
    worker = found["worker"]
    folder = worker["environment"]["BACKUP_DIR"]
    assert f"backups:{folder}" in worker["volumes"]
    assert set(found["web"]["volumes"]) < set(worker["volumes"])
    assert "backups" in yaml.safe_load(text(COMPOSE))["volumes"]
    made = [words for step, words in steps(IMAGES[0]) if step == "RUN"]
    assert any(folder in words and "insula" in words for words in made)
    address = worker["environment"]["DATABASE_BACKUP_URL"]
    assert address.startswith("postgres://insula_backup:${BACKUP_PASSWORD:?}@db:5432/")
    assert found["setup"]["environment"]["DATABASE_BACKUP_URL"] == address
    assert "DATABASE_BACKUP_URL" not in found["web"]["environment"]
    assert "DATABASE_OWNER_URL" not in worker["environment"]
    line = found["db"]["image"].partition(":")[2]
    assert ("ARG", f"POSTGRES={line}") in steps(IMAGES[0])
    assert any("postgresql-client-$POSTGRES" in words for words in made)


def test_every_secret_comes_from_outside():
    words = re.findall(r"^ *\w*(?:PASSWORD|KEY|TOKEN)\w*: +(.+)", text(COMPOSE), re.M)
    assert len(words) > 5
    assert [word for word in words if not word.startswith("${")] == []
    assert not re.search(r"://\w+:[^$]", text(COMPOSE))
    wanted = set(re.findall(r"\$\{(\w+)", text(COMPOSE)))
    example = dict(
        line.split("=", 1)
        for line in text(ROOT / "deploy/env.example").splitlines()
        if line[0] != "#"
    )
    assert wanted == set(example)
    secret = [name for name in example if re.search("PASSWORD|KEY|TOKEN", name)]
    assert [name for name in secret if example[name]] == []


def test_every_setting_they_give_is_known_and_told_of():
    given = {
        name
        for one in ("setup", "web", "worker")
        for name in services()[one]["environment"]
    }
    units = "".join(text(path) for path in UNITS)
    given |= set(re.findall(r"^Environment=(\w+)=", units, re.M))
    assert given - documented() == set()


def commands():
    """Return every command that one of the files runs on the house itself."""
    for line in text(ROOT / "Procfile").splitlines():
        yield from line.partition(": ")[2].split(" && ")
    for path in UNITS:
        yield from re.findall(r"^ExecStart=\S*?bin/(.+)$", text(path), re.M)
    for one in services().values():
        command = one.get("command", [])
        yield " ".join(command) if "-ec" not in command else ""
    yield " ".join(re.findall(r'"([^"]+)"', dict(steps(IMAGES[0]))["CMD"]))


def test_every_command_is_one_that_there_is():
    found = {command for command in commands() if command}
    assert found == {
        "gunicorn --config python:config.serving",
        "python manage.py worker",
        "python manage.py migrate",
        "python manage.py check_isolation",
    }
    for command in found:
        program, *words = shlex.split(command)
        run = [sys.executable, *words[:2], "--help"]
        if program == "gunicorn":
            run = [sys.executable, "-m", "gunicorn", *words, "--check-config"]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("path", UNITS, ids=name_of)
def test_a_unit_is_one_and_keeps_its_process_small(path, tmp_path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(text(path))
    assert unit["Unit"]["Description"].startswith("Insula")
    assert unit["Install"]["WantedBy"]
    if path.suffix == ".service":
        service = unit["Service"]
        assert service["User"] == "insula"
        assert service["Restart"] == "always"
        for wall in ("NoNewPrivileges", "PrivateTmp", "ProtectHome"):
            assert service[wall] == "yes"
        assert service["ProtectSystem"] == "strict"


def test_systemd_reads_the_units():
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed")
    done = subprocess.run(
        [program, "verify", "--man=no", *map(str, UNITS)],
        capture_output=True,
        check=False,
    )
    said = done.stderr.decode() + done.stdout.decode()
    # The programs are not where a server has them.
    faults = [
        line
        for line in said.splitlines()
        if "insula" in line and "not executable" not in line
    ]
    assert faults == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_is_one(path):
    done = subprocess.run(["sh", "-n", str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_pooler_keeps_nothing_between_transactions():
    pooler = configparser.ConfigParser()
    pooler.read_string(text(ROOT / "deploy/pgbouncer/pgbouncer.ini"))
    assert pooler["pgbouncer"]["pool_mode"] == "transaction"
    assert pooler["pgbouncer"]["auth_type"] == "scram-sha-256"
    assert "password" not in pooler["databases"]["insula"]
