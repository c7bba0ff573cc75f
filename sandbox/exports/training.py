"""Records that TRL trains on: SFT, prompts, preferences, KTO, rewards.

Shapes are those of TRL's dataset formats, conversational: `messages`; `prompt`; `prompt, completion`; `prompt, chosen,
rejected`; `prompt, completion, label`. What is beside them (run, character, turn, scores, seqs) TRL leaves alone.
Scores are of one turn, or of a stretch from a fork on; a turn that no judge speaks about has none and is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sandbox.exports.branches import Contest, contests
from sandbox.exports.chats import parts
from sandbox.exports.pov import Message, Part, answered, conversation, prompt
from sandbox.exports.scoring import Beside, Scored, beside, of_stretch
from sandbox.exports.source import Options, Played, write_lines

__all__ = ["best_of", "kto", "preferences", "prompts", "rewards", "sft"]


def sft(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write TRL conversations to imitate: `messages`, one a character, from its own point of view."""
    return write_lines(
        out,
        (
            {
                "messages": _records(conversation(part, thoughts=options.thoughts)),
                "run": run.name,
                "character": part.who,
            }
            for run, part in parts(runs, options)
        ),
    )


def prompts(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write TRL prompts: everything before each own turn of a character, for training that samples its own replies."""
    return write_lines(
        out, (_turn(run, part, turn, options) for run, part in parts(runs, options) for turn in _turns(part))
    )


def rewards(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write prompt and completion of each own turn with its score, whole and by dimension."""
    return write_lines(
        out,
        (
            {
                **_turn(run, part, turn, options),
                "completion": _records([answered(part.exchanges[turn], thoughts=options.thoughts)]),
                "reward": round(scored.value, 6),
                "dimensions": [
                    {"dimension": name, "value": round(value, 6)} for name, value in scored.parts.items()
                ],
                "evidence": list(scored.evidence),
            }
            for run, part, turn, scored in _scored(runs, options)
        ),
    )


def kto(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write TRL's unpaired preferences: each own turn, labelled good from --threshold on."""
    return write_lines(
        out,
        (
            {
                **_turn(run, part, turn, options),
                "completion": _records([answered(part.exchanges[turn], thoughts=options.thoughts)]),
                "label": scored.value >= options.threshold,
                "score": round(scored.value, 6),
                "evidence": list(scored.evidence),
            }
            for run, part, turn, scored in _scored(runs, options)
        ),
    )


def preferences(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write TRL's preferences: a better and a worse way to go on from one prompt, at least --margin apart."""
    return write_lines(out, (_pair(*each) for each in _apart(runs, options)))


def best_of(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write each prompt with the best of the completions there are for it, where they are at least --margin apart."""
    return write_lines(out, (_best(contest) for contest, _ in _apart(runs, options)))


def _apart(runs: Sequence[Played], options: Options) -> Iterator[tuple[Contest, Beside]]:
    """Give the contests that make a difference, each with how its furthest pair compares."""
    for contest in contests(runs, options):
        better, worse = contest.pair
        compared = beside(better.scored, worse.scored)
        if compared.margin >= options.margin and compared.dimension:
            yield contest, compared


def _scored(runs: Sequence[Played], options: Options) -> Iterator[tuple[Played, Part, int, Scored]]:
    for run, part in parts(runs, options):
        for turn in _turns(part):
            seq = part.exchanges[turn].seq
            scored = of_stretch(run.verdicts(options.judges), part.who, seq, seq)
            if scored is not None:
                yield run, part, turn, scored


def _turns(part: Part) -> range:
    return range(len(part.exchanges))


def _turn(run: Played, part: Part, turn: int, options: Options) -> dict[str, object]:
    return {
        "prompt": _records(prompt(part, turn, options.past)),
        "run": run.name,
        "character": part.who,
        "seq": part.exchanges[turn].seq,
    }


def _pair(contest: Contest, compared: Beside) -> Mapping[str, object]:
    better, worse = contest.pair
    return {
        "prompt": _records(contest.prompt),
        "chosen": _records([better.reply]),
        "rejected": _records([worse.reply]),
        "score_chosen": round(compared.one, 6),
        "score_rejected": round(compared.other, 6),
        "margin": round(compared.margin, 6),
        "dimension": compared.dimension,
        "character": contest.who,
        "runs": [better.run, worse.run],
        "seqs": [better.seq, worse.seq],
        "evidence": [list(better.scored.evidence), list(worse.scored.evidence)],
    }


def _best(contest: Contest) -> Mapping[str, object]:
    best = contest.entries[0]
    return {
        "prompt": _records(contest.prompt),
        "completion": _records([best.reply]),
        "score": round(best.scored.value, 6),
        "of": len(contest.entries),
        "run": best.run,
        "character": contest.who,
        "seq": best.seq,
        "evidence": list(best.scored.evidence),
    }


def _records(said: Sequence[Message]) -> list[dict[str, str]]:
    return [message.record() for message in said]
