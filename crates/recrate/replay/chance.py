"""Draws by chance that no code shows: whether a cell moved a generator on, seen in the kernel.

A library that draws inside (a learner without `random_state`, a bootstrap, a sampler) leaves its
trace in the state of the generator it shares with all, or asks the system for a fresh seed.
"""

from recrate.model.observation import Drew, Generator

_HOOK = """
def watch():
    import os, random, sys
    fresh = [0]
    try:
        import linecache, re, secrets
        bits = secrets.randbits
        makes = "default_rng|SeedSequence[(]|PCG64[(]|Philox[(]|SFC64[(]|RandomState[(][)]"
        asks = re.compile(makes)
        def randbits(k):
            frame = sys._getframe(1)
            line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
            fresh[0] += bool(asks.search(line))
            return bits(k)
        secrets.randbits = randbits
    except ImportError:
        pass
    def of_numpy():
        rand = getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None)
        if rand is None:
            return None
        try:
            state = rand.get_state(legacy=False)
        except TypeError:
            name, key, place, left, gauss = rand.get_state()
            return place, key.tobytes(), left, gauss
        inner = state["state"]
        if "key" not in inner:
            return None, repr(state)
        return inner["pos"], inner["key"].tobytes(), state["has_gauss"], state["gauss"]
    def of_torch():
        torch = sys.modules.get("torch")
        if hasattr(torch, "get_rng_state"):
            return torch.get_rng_state().numpy().tobytes()
    def of_numba():
        helper = sys.modules.get("numba._helperlib")
        if helper is not None and "numba.core" in sys.modules:
            index, numbers = helper.rnd_get_state(helper.rnd_get_np_state_ptr())
            return index, tuple(numbers)
    def of_python():
        return random.getstate()
    kinds = {"numpy": of_numpy, "torch": of_torch, "numba": of_numba, "python": of_python}
    def look():
        seen = {"fresh": fresh[0], "modules": len(sys.modules)}
        for name, kind in kinds.items():
            try:
                seen[name] = kind()
            except Exception:
                seen[name] = None
        return seen
    before = look()
    def note(*given):
        now = look()
        moved = [name for name in kinds if None not in (before[name], now[name])]
        moved = [name for name in moved if before[name] != now[name]]
        if before["numpy"] is None and now["numpy"] and now["numpy"][0] not in (None, 623, 624):
            moved.append("numpy")
        if before["modules"] != now["modules"] and "python" in moved:
            moved.remove("python")
        if before["fresh"] != now["fresh"]:
            moved.append("fresh")
        before.update(now)
        try:
            if moved:
                out = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.write(out, "".join(name + "\\n" for name in moved).encode("ascii"))
                os.close(out)
        except Exception:
            pass
    get_ipython().events.register("post_run_cell", lambda result=None: note())
try:
    watch()
except Exception:
    pass
"""
"""A module may draw for itself while it is imported: of Python's own generator that says nothing.
NumPy's own may be made by the first call that draws: then the place in its state tells of that.
It asks for a seed whenever it makes a generator, also one that is given another seed or state at
once (`RandomState(3)`, a copy): only lines count that make one without."""

DRAWN = "drawn"
"""The file with the notes, in the folder of a kernel's sockets."""


def watch_of(place: str) -> str:
    """Return code that lets a Python kernel note in the file `place` what each cell drew from."""
    return f"exec({_HOOK!r}, {{'place': {place!r}, 'get_ipython': get_ipython}})"


def drew_in(cell: int, lines: tuple[str, ...]) -> tuple[Drew, ...]:
    """Return the generators among the lines that a kernel noted in one cell, each once."""
    known = {one.value: one for one in Generator}
    return tuple(
        Drew(cell=cell, generator=known[line]) for line in dict.fromkeys(lines) if line in known
    )
