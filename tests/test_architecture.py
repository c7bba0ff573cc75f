"""The house rules that no linter knows."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("worlds", "characters", "judges", "sandbox")
HEAVY = ("langgraph", "chromadb", "textual", "langchain_core", "networkx")
TEXT = {"", ".cfg", ".ini", ".json", ".md", ".py", ".sh", ".tcss", ".toml", ".txt", ".yaml", ".yml"}
LEFT_BEHIND = {"build", "dist", "node_modules", "runs", "site", "__pycache__"}


def sources(*folders: str) -> list[Path]:
    """All Python files of these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def texts() -> Iterator[Path]:
    """All files a reader of the repository may open, caches and runs left out."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in LEFT_BEHIND and (name == ".ci" or name[0] != ".")]
        yield from (Path(folder, name) for name in names if Path(name).suffix in TEXT)


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function, method and inner function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, the docstring left out: the flags of a verb are no code."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def found(pattern: str, paths: list[Path]) -> list[str]:
    """Where a pattern stands, as `file:line: text`."""
    search = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if search.search(line)
    ]


def none_of(faults: Iterable[str]) -> None:
    """Fail with a line for each fault."""
    told = "\n".join(faults)
    assert not told, f"\n{told}"


def test_a_module_fits_in_the_head() -> None:
    """No module is longer than 250 lines."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*PACKAGES, "tests")
    }
    none_of(f"{path.relative_to(ROOT)}: {n} lines" for path, n in lengths.items() if n > 250)


def test_a_function_fits_on_a_screen() -> None:
    """No function is longer than 40 lines, its docstring not counted."""
    lengths = {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": length(function)
        for path in sources(*PACKAGES, "tests")
        for function in functions(parsed(path))
    }
    none_of(f"{place}: {n} lines" for place, n in lengths.items() if n > 40)


def test_a_test_says_what_it_claims() -> None:
    """Every test has a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in sources("tests")
        for function in functions(parsed(path))
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    none_of(silent)


def test_fakes_never_mocks() -> None:
    """No test imports a mock or puts something else in the place of our code."""
    names = "|".join(
        ("Magic" + "Mock", "AsyncMock", "unittest[.]mock", r"mocker\b", r"monkeypatch[.](set|del)attr")
    )
    none_of(found(names, [path for path in sources("tests") if path != Path(__file__)]))


def test_nothing_is_left_to_do() -> None:
    """The packages hold no stub and no note to self."""
    none_of(found(r"\bNotImplementedError\b|\b(TODO|FIXME|XXX|HACK)\b", sources(*PACKAGES)))


def test_what_is_imported_is_public() -> None:
    """What one module takes from another is in the other's `__all__`, so that what is private can be changed."""
    trees = {path: parsed(path) for path in sources(*PACKAGES)}
    public = {_dotted(path): told for path, tree in trees.items() if (told := _all_of(tree))}
    none_of(
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.module}.{alias.name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in public
        for alias in node.names
        if alias.name not in public[node.module] and f"{node.module}.{alias.name}" not in public
    )


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _all_of(tree: ast.Module) -> set[str]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple() as names):
                return {str(ast.literal_eval(name)) for name in names.elts}
    return set()


def test_one_word_one_meaning() -> None:
    """Our own names use the words of the glossary, not the ones it replaces."""
    replaced = {"agent", "persona", "brain", "policy", "observation", "probe", "gamemaster"}
    strange = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources(*PACKAGES)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and replaced & {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", node.name)}
    ]
    none_of(strange)


def test_the_repository_is_at_home_anywhere() -> None:
    """No file names a package index, or a folder of the machine it was written on."""
    hosts = (
        "py" + r"pi\.",
        "python" + r"hosted\.",
        r"index-" + r"url",
        "find-" + "links",
        "extra-" + "index",
    )
    folders = ("/" + r"work/", "/" + r"root/", "/home" + r"/[a-z]", r"file:" + "//")
    none_of(found("|".join((*hosts, *folders)), list(texts())))


def test_pins_are_pins() -> None:
    """Each line of constraints.txt is a name and one version, which any index can serve."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []


def test_what_is_imported_is_declared() -> None:
    """Each third-party module the packages import belongs to a dependency in pyproject.toml, not to one of theirs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        line for name, lines in project["optional-dependencies"].items() if name != "dev" for line in lines
    ]
    asked = [*project["dependencies"], *extras]
    declared = {re.split(r"[<>=\[ ]", line, maxsplit=1)[0].lower() for line in asked}
    modules = {name for path in sources(*PACKAGES) for name in _imported(parsed(path))}
    theirs = modules - set(PACKAGES) - sys.stdlib_module_names
    homes = {**packages_distributions(), "pydantic_core": ["pydantic"]}  # one is released with the other
    names = {
        module: {home.lower().replace("_", "-") for home in homes.get(module, [module])} for module in theirs
    }
    assert {module: home for module, home in names.items() if not home & declared} == {}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def helped(*options: str) -> "subprocess.Popen[str]":
    """Start `sandbox --help`, which ends by naming the heavy libraries it loaded."""
    code = (
        "import sys, runpy; sys.argv = ['sandbox', '--help']\n"
        "try: runpy.run_module('sandbox', run_name='__main__')\n"
        f"finally: print('loaded:', *sorted({HEAVY!r} & sys.modules.keys()))"
    ).replace(repr(HEAVY), f"set({HEAVY!r})")
    return subprocess.Popen(
        [sys.executable, *options, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )


def test_help_loads_nothing_heavy() -> None:
    """`sandbox --help` imports none of the big libraries."""
    said, _ = helped().communicate(timeout=60)
    assert said.splitlines()[-1].split() == ["loaded:"]
    assert "Usage" in said


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="the system does not tell what a process cost")
def test_help_answers_at_once() -> None:
    """`sandbox --help` costs less than 0.3 s of processor time, which a busy machine can measure too."""
    best = min(_cost() for _ in range(7))
    assert best < 0.3


def _cost() -> float:
    with helped() as process:
        assert process.stdout is not None
        process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime
