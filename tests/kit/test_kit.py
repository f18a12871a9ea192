"""What people outside begin with: the image, compose.yaml, the workflow, the hooks. Whatever needs no Docker is tried."""

import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from apiflask import APIFlask
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from fairapp.config import ROOT
from scripts.lock import PYTHONS
from tests.kit.commands import is_flask_command, make_targets
from tests.kit.container import copied, dockerfile, environment, ignore_patterns, is_left_out, last_stage

FOLDER_OF_THE_PROGRAM = re.compile(r'ROOT / "(\w+)"(?: / "(\w+)")?')
INTERPOLATED = re.compile(r"\$\{([A-Z_]+)")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def read_yaml(path: str) -> Any:
    return yaml.safe_load(read(path))


def requires_python() -> SpecifierSet:
    return SpecifierSet(tomllib.loads(read("pyproject.toml"))["project"]["requires-python"])


def settings() -> set[str]:
    """The names that .env.example explains."""
    return set(re.findall(r"^#([A-Z_]+)=", read(".env.example"), re.MULTILINE))


@pytest.fixture
def server_settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """gunicorn.conf.py as it is where nothing is set."""
    for name in settings():
        monkeypatch.delenv(name, raising=False)
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


# --- the image --------------------------------------------------------------------------------


def test_everything_that_is_copied_exists_and_reaches_the_builder() -> None:
    sources = [source for _step, source in copied(dockerfile())]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if is_left_out(source, ignore_patterns())] == []


def test_no_secret_no_data_and_no_history_reaches_the_builder() -> None:
    kept_out = [
        ".env",
        ".git/config",
        ".venv/bin/python",
        "build/stamps/npm",
        "fairapp/core/__pycache__/db.cpython-311.pyc",
        "fairapp/translations/zh_Hans/LC_MESSAGES/deals.mo",
        "instance/secret.key",
        "node_modules/echarts/index.js",
        "static/vendor/echarts/echarts.min.js",
        "tests/conftest.py",
    ]
    assert [path for path in kept_out if not is_left_out(path, ignore_patterns())] == []


def test_what_the_program_is_made_of_reaches_the_builder() -> None:
    folders = [
        (ROOT / "fairapp").rglob("*.py"),
        (ROOT / "templates").rglob("*.*"),
        (ROOT / "static" / "js").rglob("*.js"),
    ]
    files = [path.relative_to(ROOT).as_posix() for folder in folders for path in folder]
    assert len(files) > 300
    assert [path for path in files if is_left_out(path, ignore_patterns())] == []


def test_a_step_uses_only_what_was_copied_before_it() -> None:
    there: dict[int, set[str]] = {}
    missing = []
    for step in dockerfile():
        files = there.setdefault(step.stage, set())
        files |= {source for _step, source in copied([step])}
        if step.word != "RUN":
            continue
        modules = re.findall(r"-m scripts\.(\w+)", step.text)
        used = {f"scripts/{name}.py" for name in modules} | set(re.findall(r"-r (\S+)", step.text))
        used |= {"package.json", "package-lock.json", ".npmrc"} if "npm" in modules else set()
        used |= {"fairapp"} if "catalogues" in modules or "compileall" in step.text else set()
        missing += sorted(used - files)
    assert missing == []


def test_the_image_has_every_folder_that_the_program_reads() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "fairapp").rglob("*.py")]
    read_there = {match.groups(default="") for text in texts for match in FOLDER_OF_THE_PROGRAM.finditer(text)}
    wanted = {first if second != "vendor" else f"{first}/{second}" for first, second in read_there} - {"instance"}
    targets = {step.arguments[-1] for step in last_stage() if step.word == "COPY"}
    assert wanted and wanted <= targets
    served = {source for _step, source in copied(last_stage())}
    assert {"wsgi.py", "gunicorn.conf.py"} <= served


def test_packages_are_installed_by_the_hashes_of_the_lock() -> None:
    installs = [step.text for step in dockerfile() if step.word == "RUN" and "pip install" in step.text]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0] and "-r requirements.txt" in installs[0]


def test_the_image_is_run_by_a_user_of_its_own_that_owns_the_instance_alone() -> None:
    steps = last_stage()
    (user,) = [step.text for step in steps if step.word == "USER"]
    (volume,) = [step.text for step in steps if step.word == "VOLUME"]
    made = next(step.text for step in steps if step.word == "RUN")
    assert user not in {"root", "0"} and f"useradd --system --uid 10001 --gid {user}" in made
    assert f"-o {user} -g {user} {volume}" in made and environment(steps)["INSTANCE_PATH"] == volume
    assert [step.text for step in steps if step.word == "COPY" and "chown" in step.flags] == []


def test_the_image_serves_and_changes_no_tables_by_itself() -> None:
    (command,) = [step.arguments for step in last_stage() if step.word == "CMD"]
    assert command == ["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    assert [step for step in last_stage() if step.word == "ENTRYPOINT" or "upgrade" in step.text] == []


def test_the_exposed_port_is_the_one_gunicorn_takes_by_itself(server_settings: dict[str, Any]) -> None:
    default = server_settings["bind"].rpartition(":")[2]
    (exposed,) = [step.text for step in last_stage() if step.word == "EXPOSE"]
    assert exposed == default
    assert environment(last_stage())["BIND"] == f"0.0.0.0:{default}"
    assert f"'127.0.0.1', {default}," in healthcheck()[-1]


def test_settings_of_the_image_are_settings_of_the_program() -> None:
    ours = {name for name in environment(last_stage()) if name != "PATH" and not name.startswith("PYTHON")}
    assert ours <= settings()


def healthcheck() -> list[str]:
    (check,) = [step for step in last_stage() if step.word == "HEALTHCHECK"]
    word, _, command = re.sub(r"^(?:--\S+\s+)*", "", check.text).partition(" ")
    assert word == "CMD"
    return yaml.safe_load(command)


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server that answers /healthz with `status` and everything else with 404; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def exit_of_healthcheck(port: int) -> int:
    python, flag, code = healthcheck()
    assert (python, flag) == ("python", "-c")
    environment = {"http_proxy": "http://127.0.0.1:1"}  # a proxy is not asked
    command = [sys.executable, "-c", code.replace("8000", str(port))]
    return subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, timeout=20, check=False).returncode


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1), (404, 1)])
def test_the_healthcheck_believes_a_good_answer_alone(status: int, exit_code: int) -> None:
    with answering(status) as port:
        assert exit_of_healthcheck(port) == exit_code


def test_the_healthcheck_fails_where_nobody_listens() -> None:
    with answering(200) as port:
        pass
    assert exit_of_healthcheck(port) == 1


# --- compose ----------------------------------------------------------------------------------


def services() -> dict[str, dict[str, Any]]:
    return read_yaml("compose.yaml")["services"]


def ours() -> dict[str, dict[str, Any]]:
    """The services that run our image."""
    return {name: service for name, service in services().items() if "build" in service}


def command_of(service: dict[str, Any]) -> list[str]:
    default = next(step.arguments for step in last_stage() if step.word == "CMD")
    return service.get("command", default)


def test_every_setting_in_compose_is_explained() -> None:
    named = {name for service in ours().values() for name in service["environment"]}
    assert named | set(INTERPOLATED.findall(read("compose.yaml"))) <= settings()


def test_secrets_come_from_the_env_file_and_have_no_default() -> None:
    assert {service["env_file"] for service in ours().values()} == {".env"}
    assert ".env" in read(".gitignore").splitlines()
    assert "POSTGRES_PASSWORD" in INTERPOLATED.findall(read("compose.yaml"))
    assert re.findall(r"\$\{\w*(?:PASSWORD|SECRET|KEY)\w*(?!\w|:\?)", read("compose.yaml")) == []


def test_the_web_server_starts_no_jobs_and_one_service_works_the_queue() -> None:
    commands = {name: command_of(service) for name, service in ours().items()}
    assert {service["environment"]["FAIRAPP_JOBS"] for service in ours().values()} == {"0"}
    assert commands["web"][0] == "gunicorn"
    assert [name for name, command in commands.items() if command[-2:] == ["jobs", "work"]] == ["jobs"]
    databases = {service["environment"][key] for service in ours().values() for key in ("DATABASE_URL", "JOBS_URL")}
    assert len(databases) == 1 and databases.pop().partition("://")[0] == "postgresql"


def test_the_tables_are_made_before_anything_serves() -> None:
    assert command_of(ours()["migrate"])[-2:] == ["db", "upgrade"]
    assert ours()["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("web", "jobs"):
        assert ours()[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", ["migrate", "jobs"])
def test_commands_of_compose_are_commands_of_the_program(program: APIFlask, name: str) -> None:
    flask, *words = command_of(ours()[name])
    assert flask == "flask" and words[:2] == ["--app", "wsgi"]
    assert is_flask_command(program, words[2:])


def test_only_the_web_server_is_reached_and_only_from_this_machine(server_settings: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    default = server_settings["bind"].rpartition(":")[2]
    assert published == {"web": [f"127.0.0.1:${{PORT:-{default}}}:{default}"]}


def test_what_is_kept_lies_in_named_volumes() -> None:
    volumes = read_yaml("compose.yaml")["volumes"]
    mounts = {mount for service in services().values() for mount in service["volumes"]}
    assert {mount.partition(":")[0] for mount in mounts} == set(volumes)
    instance = environment(last_stage())["INSTANCE_PATH"]
    assert all(service["volumes"] == [f"instance:{instance}"] for service in ours().values())
    assert {service["environment"]["INSTANCE_PATH"] for service in ours().values()} == {instance}


def test_the_database_says_when_it_is_ready_and_nobody_else_pretends_to() -> None:
    database = services()["database"]
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert ours()["jobs"]["healthcheck"] == {"disable": True}
    assert "healthcheck" not in ours()["web"]  # that of the image


def test_stopping_waits_for_what_is_at_hand(server_settings: dict[str, Any]) -> None:
    grace = int(ours()["web"]["stop_grace_period"].removesuffix("s"))
    assert grace > 2 * server_settings["graceful_timeout"]  # requests, then the job worker
    assert ours()["jobs"]["stop_signal"] == "SIGINT"  # by which huey finishes its job


# --- versions of Python -----------------------------------------------------------------------


def matrix() -> list[str]:
    return read_yaml(".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]


def test_the_workflow_tries_the_oldest_python_and_none_that_is_refused() -> None:
    assert all(requires_python().contains(version) for version in matrix())
    assert f">={matrix()[0]}" == str(requires_python())
    assert set(matrix()) <= set(PYTHONS)


def test_the_image_has_a_python_that_the_workflow_tries() -> None:
    bases = {step.text.split()[0] for step in dockerfile() if step.word == "FROM"}
    (base,) = bases
    assert re.fullmatch(r"python:(\d\.\d+)-slim", base)[1] in matrix()


# --- the workflow, hooks and forms ------------------------------------------------------------


def test_the_workflow_calls_make_test_and_ends_in_time() -> None:
    workflow = read_yaml(".github/workflows/ci.yml")
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    runs = [step["run"] for step in steps if "run" in step]
    assert "make test" in runs
    assert {target for run in runs for target in re.findall(r"^make (\w+)", run)} <= make_targets()
    assert all(0 < job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())
    assert workflow["permissions"] == {"contents": "read"}


def test_the_workflow_keeps_packages_by_the_hash_of_the_locks() -> None:
    steps = read_yaml(".github/workflows/ci.yml")["jobs"]["test"]["steps"]
    (python,) = [step["with"] for step in steps if step.get("uses", "").startswith("actions/setup-python@")]
    assert (python["cache"], python["python-version"]) == ("pip", "${{ matrix.python }}")
    assert {path.name for path in ROOT.glob(python["cache-dependency-path"])} == {
        "requirements.txt",
        "requirements-dev.txt",
    }


def test_hooks_use_the_locked_tools() -> None:
    hooks = [hook for repo in read_yaml(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    dev = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]["dev"]
    tools = {Requirement(text).name for text in dev}
    assert [hook["id"] for hook in hooks] == ["ruff", "ruff-format", "djlint"]
    assert all(hook["language"] == "system" for hook in hooks)
    used = {Path(hook["entry"].split()[0]) for hook in hooks}
    assert {path.parent.as_posix() for path in used} == {".venv/bin"} and {path.name for path in used} <= tools


def test_each_hook_asks_what_make_check_asks() -> None:
    checks = re.findall(
        r"^\t\$\(VENV\)/bin/(.+)$", read("Makefile").partition("\ncheck:")[2].partition("\n\n")[0], re.M
    )
    asked = [set(check.split()) for check in checks]
    entries = re.findall(r"entry: \.venv/bin/(.+)", read(".pre-commit-config.yaml"))
    wanted = [set(entry.split()) - {"--force-exclude"} for entry in entries]
    assert len(wanted) == 3 and all(any(words <= check for check in asked) for words in wanted)


@pytest.mark.parametrize("name", ["bug", "feature"])
def test_a_form_for_issues_asks_for_something(name: str) -> None:
    form = read_yaml(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert form["name"] and form["description"] and form["labels"] == [name]
    fields = [part for part in form["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in fields}) == len(fields) > 3
    assert {part["type"] for part in fields} <= {"textarea", "input", "dropdown", "checkboxes"}
    assert all(part["attributes"]["label"] for part in fields)
    assert any(part.get("validations", {}).get("required") for part in fields)


def test_the_editor_is_told_the_widths_that_are_checked() -> None:
    text = read(".editorconfig")
    width = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]["line-length"]
    assert text.startswith("root = true\n")
    assert re.search(rf"\[\*\.py\]\nindent_size = 4\nmax_line_length = {width}\n", text)
    assert "[Makefile]\nindent_style = tab" in text
