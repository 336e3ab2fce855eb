"""Say what a study needs in order to run (a lock), and have it again (an environment).

A lock comes from the author's running kernel, from what the study declares, or from what its
imports let us infer, in this order of trust; `realise` rebuilds it from the configured indexes.
"""

from recrate.environment.card import read_card
from recrate.environment.current import use_current
from recrate.environment.locking import make_lock
from recrate.environment.realise import realise
from recrate.environment.settings import EnvironmentSettings

__all__ = ["EnvironmentSettings", "make_lock", "read_card", "realise", "use_current"]
