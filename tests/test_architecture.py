"""Who may import whom, and what is imported when."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("sqlmodel", "sqlalchemy", "sklearn", "scipy", "telegram", "httpx", "alembic", "numpy", "arxiv", "feedparser",
         "pydantic", "babel", "apscheduler")  # fmt: skip


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.defpath, "HOME": "/nonexistent", **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60)


def test_the_houses_rules_of_importing_are_kept(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--cache-dir", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_command_imports_nothing_heavy_before_a_verb_needs_it() -> None:
    ran = python(f"import bot.cli, sys; print(*[name for name in {HEAVY} if name in sys.modules])")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == []


def test_showing_help_imports_nothing_heavy() -> None:
    code = f"""
import sys, bot.cli
sys.argv = ["qiaojin", "--help"]
try: bot.cli.main()
except SystemExit: pass
print(*[name for name in {HEAVY} if name in sys.modules and name != "babel"], file=sys.stderr)"""
    ran = python(code)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.split() == []


@pytest.mark.parametrize("module", ["bot.app", "bot.pipeline", "bot.store.engine", "bot.settings"])
def test_importing_reads_no_setting_and_connects_to_nothing(module: str) -> None:
    """A wrong setting, a home that is no folder: nothing that an import would notice."""
    code = f"""
import socket
def refuse(*_, **__): raise AssertionError("connected at import")
socket.socket.connect = refuse
import {module}"""
    ran = python(code, QIAOJIN_NONSENSE="1", QIAOJIN_DATA_DIR="/dev/null/x", QIAOJIN_CONFIG_DIR="/dev/null/y")
    assert ran.returncode == 0, ran.stderr


def test_nothing_reads_the_environment_at_import() -> None:
    """``os.environ`` may be a parameter's default, for that is the mapping itself; nothing is taken out of it."""
    reading = []
    for path in (ROOT / "bot").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = [node for statement in tree.body for node in walk_outside_functions(statement)]
        reading += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in top
            if isinstance(node, ast.Attribute) and node.attr in {"getenv", "environ"}
        ]
    assert reading == []


def walk_outside_functions(node: ast.AST):
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from walk_outside_functions(child)


def test_the_story_is_told_where_a_newcomer_starts() -> None:
    assert "pipeline" in (ROOT / "bot" / "__init__.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse((ROOT / "bot" / "pipeline.py").read_text(encoding="utf-8"))) or ""
    assert "sources | ingest | classify | store | choose" in docstring
