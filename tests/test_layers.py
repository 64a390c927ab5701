"""Modules import downwards only, and only the edge touches clock, disk and network."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "feedgen_kusama"
LAYERS = """
    words errors characters media patterns kept_code
    extras web
    reach
    model
    settings month_names html memory problems
    folders
    output
    config_checks start
    config
    documents formats
    ledger sources
    stages
    readings feeds check
    links
    entries
    works
    site
    assembly explain
    jobs
    executors cache guards orders
    intake
    making
    building
    pipeline
    watch serve publish doctor hub
    commands
    cli
    __main__
"""
"""From below: a module imports from the lines above its own. A folder stands for all its modules."""
LAYER = {name: number for number, line in enumerate(LAYERS.strip().splitlines()) for name in line.split()}

EDGE = frozenset(
    """
    cache cli commands config executors folders output patterns sources watch serve publish hub
    check.fetch doctor.observe web.client web.connection web.failures web.resolve
    """.split()
)
EFFECTS = frozenset("io os shutil socket subprocess tempfile threading time urllib.request http random secrets locale".split())
"""What a pure module has no use for."""

MODULES = {
    path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path != PACKAGE / "__init__.py"
}


def imports(path: Path, *, for_types: bool) -> Iterator[str]:
    """The full names that a module imports, those for type checking alone too if `for_types`."""
    tree = ast.parse(path.read_text("utf-8"))
    guarded = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test).endswith("TYPE_CHECKING")]
    skipped = {id(n) for guard in (() if for_types else guarded) for n in ast.walk(guard)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inner_imports(path: Path, *, for_types: bool) -> Iterator[str]:
    """The modules of this package that a module imports."""
    for name in imports(path, for_types=for_types):
        inner = name.removeprefix("feedgen_kusama.")
        if inner != name:
            while inner and inner not in MODULES:
                inner = inner.rpartition(".")[0]
            if inner:
                yield inner


def test_every_module_has_a_layer() -> None:
    assert {name.partition(".")[0] for name in MODULES} <= LAYER.keys()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_from_lower_layers_only(module: str) -> None:
    mine = module.partition(".")[0]
    for name in inner_imports(MODULES[module], for_types=True):
        other = name.partition(".")[0]
        assert other == mine or LAYER[other] < LAYER[mine], f"{module} imports {name}"


def test_no_module_imports_itself_through_others() -> None:
    graph = {name: set(inner_imports(path, for_types=False)) - {name} for name, path in MODULES.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_the_package_itself_loads_nothing() -> None:
    assert not list(inner_imports(PACKAGE / "__init__.py", for_types=False))


@pytest.mark.parametrize("module", [name for name in MODULES if not {name, name.partition(".")[0]} & EDGE])
def test_a_pure_module_has_no_use_for_clock_and_disk(module: str) -> None:
    used = set(imports(MODULES[module], for_types=True))
    roots = used | {name.rpartition(".")[0] for name in used} | {name.partition(".")[0] for name in used}
    assert not roots & EFFECTS


@pytest.mark.parametrize(
    "module", [name for name in MODULES if not {name, name.partition(".")[0]} & {*EDGE, "__main__", "pipeline"}]
)
def test_only_the_edge_knows_the_command_line_and_the_lock(module: str) -> None:
    used = {name.partition(".")[0] for name in imports(MODULES[module], for_types=True)}
    assert not used & ({"filelock"} if module in ("explain", "problems") else {"click", "filelock"})


def test_standard_output_is_written_by_the_command_line_alone() -> None:
    for name, path in MODULES.items():
        calls = [ast.unparse(n.func) for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        assert name.partition(".")[0] in {"cli", "commands"} or not {"print", "click.echo", "sys.exit"} & set(calls), name
