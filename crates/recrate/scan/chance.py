"""Calls that give another value each time: random draws, the clock, the machine.

Names are dotted and complete (`numpy.random.normal`), as imports say.
"""

import ast
import re
from collections.abc import Mapping

from recrate.model.code import Chance

_FAMILIES: tuple[tuple[Chance, re.Pattern[str]], ...] = (
    (
        Chance.PYTHON,
        re.compile(
            r"random\.(?:random|randint|choice|choices|sample|shuffle|uniform|gauss|normalvariate"
            r"|randrange|triangular|betavariate|expovariate|gammavariate|lognormvariate"
            r"|vonmisesvariate|paretovariate|weibullvariate|getrandbits)"
        ),
    ),
    (
        Chance.NUMPY,
        re.compile(
            r"(?:numpy\.random|pylab|numpy\.random\.mtrand)\.(?!seed$|default_rng$|RandomState$"
            r"|Generator$|SeedSequence$|PCG64$|MT19937$|get_state$|set_state$)"
            r"(?:rand\w*|normal|uniform|choice|shuffle|permutation|standard_\w+|binomial|poisson"
            r"|exponential|beta|gamma|multivariate_normal|lognormal|laplace|logistic|geometric"
            r"|multinomial|dirichlet|chisquare|f|pareto|weibull|rayleigh|triangular|vonmises|sample"
            r"|gumbel|hypergeometric|negative_binomial|power|wald|zipf|bytes|ranf|random)"
        ),
    ),
    (
        Chance.TORCH,
        re.compile(
            r"torch\.(?:rand|randn|randint|randperm|normal|bernoulli|multinomial|rand_like"
            r"|randn_like|randint_like|poisson|nn\.(?:Linear|Conv\w+|LSTM|GRU|RNN|Embedding"
            r"|Transformer\w*|MultiheadAttention)|utils\.data\.random_split)"
        ),
    ),
    (
        Chance.TENSORFLOW,
        re.compile(
            r"(?:tensorflow|tf)\.(?:random\.(?!set_seed|get_|Generator)\w+|random_\w+)"
            r"|(?:tensorflow\.)?keras\.(?:layers\.\w+|models\.\w+|Sequential|Model)"
        ),
    ),
)
_METHODS = re.compile(r".+\.(?:rvs|resample|sample_posterior)")
_SAMPLED = re.compile(r".+\.sample")
_LEARNERS = re.compile(
    r"(?:sklearn\..+\.|umap\.|hdbscan\.|xgboost\.|lightgbm\.|imblearn\..+\.)?(?:train_test_split"
    r"|KFold|StratifiedKFold|ShuffleSplit|StratifiedShuffleSplit|RandomForest\w+|ExtraTree\w*"
    r"|GradientBoosting\w+|DecisionTree\w+|MLP\w+|KMeans|MiniBatchKMeans|GaussianMixture|TSNE"
    r"|UMAP|NMF|LatentDirichletAllocation|SGD\w+|BaggingClassifier|BaggingRegressor|AdaBoost\w+"
    r"|IsolationForest|SpectralClustering|TruncatedSVD|FastICA|RandomizedSearchCV|Perceptron"
    r"|SMOTE|RandomOverSampler|RandomUnderSampler|make_(?:blobs|moons|circles|classification"
    r"|regression|swiss_roll)|resample|permutation_importance)"
)
_SHUFFLED = re.compile(r".*\b(?:KFold|StratifiedKFold)")
_OWN = re.compile(
    r"uuid\.uuid[14]|os\.urandom|secrets\.\w+|random\.SystemRandom\(\)\.\w+"
    r"|numpy\.random\.(?:default_rng|RandomState)|random\.Random|torch\.seed"
    r"|numpy\.random\.(?:PCG64|MT19937|SeedSequence)"
)
_SEEDS: dict[str, Chance] = {
    "random.seed": Chance.PYTHON,
    "numpy.random.seed": Chance.NUMPY,
    "numpy.random.set_state": Chance.NUMPY,
    "numpy.random.mtrand.seed": Chance.NUMPY,
    "pylab.seed": Chance.NUMPY,
    "scipy.random.seed": Chance.NUMPY,
    "torch.manual_seed": Chance.TORCH,
    "tensorflow.random.set_seed": Chance.TENSORFLOW,
    "tensorflow.set_random_seed": Chance.TENSORFLOW,
    "tensorflow.random.set_random_seed": Chance.TENSORFLOW,
    "tensorflow.compat.v1.set_random_seed": Chance.TENSORFLOW,
    "keras.utils.set_random_seed": Chance.TENSORFLOW,
    "tensorflow.keras.utils.set_random_seed": Chance.TENSORFLOW,
}
_CLOCK = re.compile(
    r"(?:datetime\.)?(?:datetime|date)\.(?:now|today|utcnow)|time\.(?:time|time_ns|perf_counter"
    r"|perf_counter_ns|process_time|monotonic|ctime|strftime|localtime|gmtime|asctime|clock)"
    r"|pandas\.(?:Timestamp\.(?:now|today|utcnow)|to_datetime\('now'\))"
    r"|timeit\.(?:timeit|repeat|default_timer)|arrow\.(?:now|utcnow)|pendulum\.now"
)
_MACHINE = re.compile(
    r"os\.(?:getpid|getppid|uname|cpu_count|getcwd|getlogin|times|getloadavg|stat|sysconf)"
    r"|platform\.\w+|getpass\.getuser|socket\.(?:gethostname|getfqdn)|multiprocessing\.cpu_count"
    r"|psutil\.\w+|tempfile\.\w+|shutil\.disk_usage|sys\.getsizeof|id"
)
_UNORDERED = re.compile(
    r"set|frozenset|hash|glob\.i?glob|os\.(?:listdir|walk|scandir)|.+\.(?:iterdir|rglob)"
)


def dotted(node: ast.AST, aliases: Mapping[str, str]) -> str:
    """Return `numpy.random.normal` for `np.random.normal`; a `?` stands for what is no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(aliases.get(node.id, node.id))
    elif isinstance(node, ast.Call):
        parts.append(f"{dotted(node.func, aliases)}()")
    else:
        parts.append("?")
    return ".".join(reversed(parts))


def drawn_by(name: str, call: ast.Call) -> Chance | None:
    """Return where a call's chance comes from, None for one that has none or brings its seed."""
    if _OWN.fullmatch(name):
        return None if _is_seeded(call, first=True) else Chance.OWN
    for source, pattern in _FAMILIES:
        if pattern.fullmatch(name):
            return None if _is_seeded(call) else source
    if _METHODS.fullmatch(name) or _SAMPLED.fullmatch(name):
        return None if _is_seeded(call) else Chance.NUMPY
    if _LEARNERS.fullmatch(name):
        if _SHUFFLED.fullmatch(name) and _keyword(call, "shuffle") is not True:
            return None
        return None if _is_seeded(call) else Chance.NUMPY
    return None


def seeded_by(name: str, call: ast.Call) -> Chance | None:
    """Return the source that a call gives a seed, None for a call that gives none."""
    source = _SEEDS.get(name)
    return source if source is not None and (call.args or call.keywords) else None


def asks_clock(name: str) -> bool:
    """Say whether a call asks for the time."""
    return _CLOCK.fullmatch(name) is not None


def asks_machine(name: str) -> bool:
    """Say whether a call asks for what another machine, folder or process has otherwise."""
    return _MACHINE.fullmatch(name) is not None


def is_unordered(name: str) -> bool:
    """Say whether a call's result has no order that is promised."""
    return _UNORDERED.fullmatch(name) is not None


def _is_seeded(call: ast.Call, *, first: bool = False) -> bool:
    """Say whether a call is given a seed; a seed that is None is none.

    first: its first argument is the seed
    """
    for name in ("random_state", "seed", "rng", "generator"):
        if any(one.arg == name for one in call.keywords):
            return _keyword(call, name) is not None
    if first and call.args:
        return not (isinstance(call.args[0], ast.Constant) and call.args[0].value is None)
    return False


def _keyword(call: ast.Call, name: str) -> object:
    """Return a keyword's literal value; for anything else than a literal the node itself."""
    for one in call.keywords:
        if one.arg == name:
            return one.value.value if isinstance(one.value, ast.Constant) else one.value
    return None
