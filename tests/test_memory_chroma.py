import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from characters.embedders import Hashing
from characters.memory import Memory
from characters.memory.chroma import BATCH, _sessions
from characters.minds import Decision
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from tests.stagecraft import CAST, Anything, begin, play
from worlds.errors import ModelError, UsageError
from worlds.events import Draft, Intervened, Link
from worlds.store import write_line
from worlds.trajectory import Trajectory, extend
from worlds.view import Recollection, View

NEAR = 128
PLACES = ("hall", "loft", "")
ASKED = (
    ("ada", "the grey goose of the miller"),
    ("ben", "a letter about the red barn"),
    ("cy", "who sang of the wolf?"),
)


@pytest.fixture(scope="module")
def log() -> Trajectory:
    """A run in which more happens than is searched exactly, some of it to Ada and Ben alone, some to Cy alone."""
    what = [f"The {a} {b} of the {c} was seen {d}." for a in A for b in B for c in C for d in D]
    assert len(what) > NEAR + BATCH
    return extend(begin(), [Draft(Intervened(text=text, place=PLACES[n % 3])) for n, text in enumerate(what)])


A = "red grey old lame wild blind".split()
B = "goose barn mule letter wolf coat bell".split()
C = "miller smith priest widow tailor judge".split()
D = "at dawn|by the ford|in the rain|at the fair|on the hill|near the chapel".split("|")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run a Chroma server on loopback, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    command = [str(Path(sys.executable).parent / "chroma"), *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                if process.poll() is not None or _answers(port):
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server for all tests of this module."""
    with serving(tmp_path_factory.mktemp("chroma")) as url:
        yield url


def _answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def asked(memory: Memory, log: Trajectory) -> list[object]:
    """All answers to what is asked, as of now and as of two earlier moments."""
    return [memory.recall(log, *one, before=before) for one in ASKED for before in (None, len(log) // 2, 300)]


def test_exact_chroma_and_a_chroma_server_agree(log: Trajectory, server: str) -> None:
    """All in this process, mostly in embedded Chroma, mostly on a server: the recollections are the same."""
    exact = asked(Memory("run", Hashing()), log)
    embedded, remote = Memory("run", Hashing(), near=NEAR), Memory("run", Hashing(), server=server, near=NEAR)

    assert exact == asked(embedded, log)
    assert exact == asked(remote, log)
    assert embedded._far.count == remote._far.count == BATCH
    for memory in (embedded, remote):
        memory.close()


class Mindful(Anything):
    """A mind that tries anything, and names each recollection it is given as what its act rests on."""

    async def decide(self, view: View) -> Decision:
        """Try anything."""
        decision = await super().decide(view)
        return decision._replace(links=tuple(Link(memory.seq, "recalls") for memory in view.recollections))


def played(log: Trajectory, memory: Memory, *, forgetful: bool = False) -> list[str]:
    """The lines of a run in which recollections leave their mark; if `forgetful`, memory is emptied now and then."""

    async def recall(log: Trajectory, view: View) -> tuple[Recollection, ...]:
        if forgetful and log.state.turn % 8 == 0:
            memory.close()
        return await memory.for_view(log, view)

    minds = {character.id: Mindful() for character in CAST}
    return [write_line(event) for event in play(log, Stage(minds, ImprovNarrator(), recall=recall))]


def test_a_run_is_the_same_whatever_keeps_its_memories(log: Trajectory, server: str) -> None:
    """All in this process, mostly in embedded Chroma, mostly on a server, or deleted between turns: the same log."""
    exact, embedded = Memory("run", Hashing()), Memory("run", Hashing(), near=NEAR)
    remote, forgotten = (Memory("other", Hashing(), near=NEAR, server=where) for where in (server, ""))
    lines = played(log, exact)
    recalled = {int(seq) for line in lines for seq in re.findall(r'\[(\d+),"recalls"\]', line)}

    assert len([seq for seq in recalled if seq < BATCH]) > 20, "what Chroma holds is what comes back"
    assert played(log, embedded) == lines
    assert played(log, remote) == lines
    assert played(log, forgotten, forgetful=True) == lines
    assert [memory._far.count for memory in (exact, embedded, remote)] == [0, BATCH, BATCH]
    for memory in (exact, embedded, remote, forgotten):
        memory.close()


@pytest.mark.parametrize("before", [None, 500])
def test_the_index_keeps_people_and_times_apart(log: Trajectory, before: int | None) -> None:
    """The index proposes only what the one who asks knew then, and of the ten nearest, found exactly, at least nine."""
    memory = Memory("run", Hashing(), near=0)
    memory.recall(log, "ada", "goose")
    library, far = memory._library, memory._far
    assert library is not None
    held = list(enumerate(library.bank.records[: far.count]))
    for who, text in ASKED:
        vector = Hashing().embed([text])[0]
        cosines = library.bank.vectors @ vector
        known = [n for n, one in held if who in one.owners and one.seq < (before or len(log))]
        found = far.nearest(library, vector, who, before, 64)
        assert set(found) <= set(known)
        assert len({*found} & {*sorted(known, key=lambda n: -cosines[n])[:10]}) >= 9
    memory.close()


def test_growing_and_building_at_once_agree(log: Trajectory) -> None:
    """Memory that grew with the run, and memory built at its end, hold and answer the same."""
    grown, built = Memory("run", Hashing(), near=NEAR), Memory("run", Hashing(), near=NEAR)
    for length in range(100, len(log), 100):
        grown.recall(log.upto(length), "ada", "goose")

    assert asked(grown, log) == asked(built, log)
    assert grown._far.count == built._far.count == BATCH
    for memory in (grown, built):
        memory.close()


def test_a_lost_collection_is_made_anew(log: Trajectory) -> None:
    """If Chroma lost what it held, as after a restart, memory gives it back and answers as before."""
    memory = Memory("run", Hashing(), near=NEAR)
    before = asked(memory, log)
    client = memory._far._client
    assert client is not None
    client.delete_collection(memory._far._name)

    assert asked(memory, log) == before
    memory.close()
    assert asked(memory, log) == before
    memory.close()


def test_a_memory_that_is_dropped_leaves_nothing_behind(log: Trajectory, server: str) -> None:
    """Closed or just let go of, it takes its collection from the server and its connections with it."""
    url = f"{server}/api/v2/tenants/default_tenant/databases/default_database/collections"
    memory = Memory("dropped", Hashing(), server=server, near=NEAR)
    memory.recall(log, "ada", "goose")
    name, sessions = memory._far._name, _sessions(memory._far._client)
    assert name in httpx.get(url).text
    assert sessions
    del memory

    assert name not in httpx.get(url).text
    assert all(session.is_closed for session in sessions)


def test_chroma_is_told_no_more_than_it_needs(log: Trajectory) -> None:
    """A legal name whatever the run is called, our vectors, no text, no telemetry."""
    memory = Memory("läufe/∅ „1“", Hashing(), near=NEAR)
    asked(memory, log)
    client, collection = memory._far._client, memory._far._collection
    assert client is not None
    assert collection is not None
    held = collection.get(ids=["0"], include=["embeddings", "documents", "metadatas"])

    assert not client.get_settings().anonymized_telemetry
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,510}[A-Za-z0-9]", collection.name)
    assert held["metadatas"] == [{"owners": ["ada", "ben"], "seq": 1}]
    assert not any(held["documents"] or ())
    assert held["embeddings"] is not None
    assert list(held["embeddings"][0][: Hashing().size]) == list(
        Hashing().embed([log.percepts("ada")[0].text])[0]
    )
    memory.close()


def test_a_short_run_never_loads_chroma() -> None:
    """Importing memory, and asking it about little, does not import chromadb."""
    code = (
        "import sys; from characters.memory import Memory; from tests.talk import memory, opened, said\n"
        "assert memory().recall(said(opened(), 'ada', 'I keep bees.'), 'ben', 'bees')\n"
        "sys.exit('chromadb' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent.parent, check=True, timeout=60)


@pytest.mark.parametrize("url", ["localhost:8000", "http://", "ftp://a:1", "http://a:1/path"])
def test_a_url_that_is_none_is_refused(url: str) -> None:
    """What is no address of a server is refused with the form it should have."""
    with pytest.raises(UsageError, match=r"http://HOST:PORT"):
        Memory("run", Hashing(), server=url)


def test_a_server_that_is_not_there(log: Trajectory, tmp_path: Path) -> None:
    """No server to begin with is a matter of usage; one that goes away is a failure that says so."""
    with serving(tmp_path) as url:
        memory = Memory("run", Hashing(), server=url, near=NEAR)
        assert memory.recall(log, "ada", "goose")
    with pytest.raises(ModelError, match=f"Chroma {url} failed"):
        memory.recall(log, "ada", "goose")
    memory.close()
    with pytest.raises(UsageError, match="no Chroma server answers"):
        Memory("run", Hashing(), server=url)
