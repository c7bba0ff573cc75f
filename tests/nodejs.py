"""Compilers and parsers of games from npm, found where `NODE_PATH` says: inkjs, yarn-bound, extwee."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

__all__ = ["INK", "TWEE", "YARN", "node"]

INK = """
const {Compiler, CompilerOptions} = require('inkjs/full');
const wrong = [];
const story = new Compiler(text, new CompilerOptions(null, [], false, m => wrong.push(m))).Compile();
const told = [];
const walk = knot => {
  story.ResetState();
  story.ChoosePathString(knot);
  while (story.canContinue) told.push([knot, story.Continue().trim(), story.currentTags]);
  for (const choice of story.currentChoices) told.push([knot, '* ' + choice.text, []]);
};
for (const knot of asked) walk(knot);
console.log(JSON.stringify({wrong, told}));
"""

YARN = """
const bound = require('yarn-bound');
const YarnBound = bound.default || bound;
const told = [], wrong = [];
for (const startAt of asked) {
  try {
    const run = new YarnBound({
      dialogue: text, startAt, combineTextAndOptionsResults: false, functions: {dice: n => n}});
    for (let n = 0; n < 2000 && run.currentResult; n++) {
      const now = run.currentResult;
      if (now.options) { for (const one of now.options) told.push([startAt, '* ' + one.text, '']); break; }
      const who = (now.markup || []).find(mark => mark.name === 'character');
      told.push([startAt, now.text, who ? who.properties.name : '']);
      if (now.isDialogueEnd || now.metadata.title !== startAt) break;
      run.advance();
    }
  } catch (error) { wrong.push(startAt + ': ' + error.message); }
}
console.log(JSON.stringify({wrong, told}));
"""

TWEE = """
import(require.resolve('extwee')).then(({parseTwee}) => {
  const story = parseTwee(text);
  const told = story.passages.map(one => [one.name, one.text, one.tags]);
  console.log(JSON.stringify({wrong: [], told, name: story.name, ifid: story.IFID, start: story.start}));
});
"""


def node(script: str, package: str, text: str, asked: list[str], folder: Path) -> dict[str, Any]:
    """Run a script on a text; skips where node or the package is not there."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    there = subprocess.run(["node", "-e", f"require.resolve({package!r})"], capture_output=True, check=False)
    if there.returncode:
        pytest.skip(
            f"{package} is not where NODE_PATH points: {os.environ.get('NODE_PATH', 'it is not set')}"
        )
    given = folder / "given.json"
    given.write_text(json.dumps({"text": text, "asked": asked}), encoding="utf-8")
    head = "const {text, asked} = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'));"
    done = subprocess.run(
        ["node", "-e", head + script, str(given)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
