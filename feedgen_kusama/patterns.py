"""Regular expressions compiled once: their code is kept in `__pycache__`, as Python keeps that of modules.

Python compiles every expression of the program and its libraries anew in each process, which takes a fifth of a build
that has little to do. What is kept is only ever what Python's own compiler made of the same expression and flags for
the same matching engine; where that cannot be told, nothing is kept.
"""

from __future__ import annotations

import atexit
import marshal
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, Literal

Key = tuple[str | bytes, int]
"""An expression and its flags."""
Code = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""What the matching engine takes beside the expression: all flags, the code, the number of groups, their names both ways."""
MOST = 512
"""Expressions that are kept, as many as Python keeps in a process: beyond it they are gathered anew."""
_WORD: Literal["I"] = "I"
"""A word of the engine's code, as arrays name its type."""
_SEAL = 16
"""Bytes of the digest before what is kept: the engine trusts its code."""


def default_place() -> Path | None:
    """Where Python keeps this module's code, under another ending; None where it keeps none."""
    cached = __spec__.cached if __spec__ else None
    return Path(cached).with_suffix(".patterns") if cached else None


def keep_patterns(place: Path) -> None:
    """From now on, compile no expression that an earlier process compiled; what this one does is kept at its end, unless
    Python was told to write no code.

    What is kept is believed only where the same Python wrote it by the same code of this module.
    """
    compiler: Any = getattr(re, "_compiler", None)
    engine: Any = sys.modules.get("_sre")
    if engine is None or not all(hasattr(compiler, name) for name in ("compile", "_code", "_parser", "MAGIC")):
        return  # another Python, whose compiler is built otherwise
    try:
        head = f"{sys.version} {compiler.MAGIC} {engine.CODESIZE}\n".encode() + Path(__file__).read_bytes()
    except OSError:  # in an archive
        return
    known = _read(place, head)
    new: dict[Key, re.Pattern[Any]] = {}
    if not sys.dont_write_bytecode:
        atexit.register(_keep, place, head, known, new, compiler, engine)
    compiler.compile = _remembering(compiler.compile, engine, known, new)


def _remembering(
    compile: Callable[..., re.Pattern[Any]], engine: Any, known: Mapping[Key, Code], new: dict[Key, re.Pattern[Any]]
) -> Callable[..., re.Pattern[Any]]:
    def compile_once(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        if not isinstance(pattern, (str, bytes)) or flags & re.DEBUG:
            return compile(pattern, flags)
        if found := known.get((pattern, flags)):
            return _load(engine, pattern, found)
        compiled = new[pattern, flags] = compile(pattern, flags)
        return compiled

    return compile_once


def _load(engine: Any, pattern: str | bytes, kept: Code) -> re.Pattern[Any]:
    flags, code, *groups = kept
    found: re.Pattern[Any] = engine.compile(pattern, flags, memoryview(code).cast(_WORD).tolist(), *groups)
    return found


def _read(place: Path, head: bytes) -> dict[Key, Code]:
    try:
        kept = place.read_bytes()
    except OSError:
        return {}
    data = kept[_SEAL:]
    if kept[:_SEAL] != _seal(head, data):  # of another Python, or damaged
        return {}
    found: dict[Key, Code] = marshal.loads(data)  # noqa: S302
    return found


def _seal(head: bytes, data: bytes) -> bytes:
    return blake2b(head + data, digest_size=_SEAL).digest()


def _keep(
    place: Path, head: bytes, known: Mapping[Key, Code], new: Mapping[Key, re.Pattern[Any]], compiler: Any, engine: Any
) -> None:
    if not new:
        return
    aside = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            kept = {} if len(known) + len(new) > MOST else dict(known)
            for (pattern, flags), compiled in islice(new.items(), MOST):
                code = _code(compiler, pattern, flags)
                if _load(engine, pattern, code) == compiled:  # which compares what they do
                    kept[pattern, flags] = code
            data = marshal.dumps(kept)
            file.write(_seal(head, data) + data)
        aside.replace(place)
    except OSError:  # where nothing can be written nothing is kept
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _code(compiler: Any, pattern: str | bytes, flags: int) -> Code:
    """What `compile` of Python's compiler hands to the engine."""
    from array import array  # needed where something new was compiled

    parsed = compiler._parser.parse(pattern, flags)  # noqa: SLF001
    state = parsed.state
    names: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        names[number] = name
    code = array(_WORD, compiler._code(parsed, flags)).tobytes()  # noqa: SLF001
    return flags | state.flags, code, state.groups - 1, dict(state.groupdict), tuple(names)
