"""What BinderHub's own `RepoProvider` gives its subclasses, for where BinderHub is not installed.

The interface alone, so that our provider can be imported, configured and tested without a hub.
Source: https://binderhub.readthedocs.io/en/latest/reference/repoproviders.html
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from traitlets import List, Unicode
from traitlets.config import LoggingConfigurable


class RepoProvider(LoggingConfigurable):
    """A provider of things to build, made anew for each request. Patterns know no case."""

    name = Unicode()
    spec = Unicode()
    unresolved_ref = Unicode()
    allowed_specs: List[str] = List(Unicode(), config=True)
    banned_specs: List[str] = List(Unicode(), config=True)
    high_quota_specs: List[str] = List(Unicode(), config=True)
    spec_config: List[dict[str, Any]] = List(config=True)
    git_credentials = Unicode(config=True)

    def is_banned(self) -> bool:
        """Say whether operators shut this out, or let in others only."""
        if self._fits(self.banned_specs):
            return True
        return bool(self.allowed_specs) and not self._fits(self.allowed_specs)

    def has_higher_quota(self) -> bool:
        """Say whether operators give this more sessions at a time."""
        return self._fits(self.high_quota_specs)

    def repo_config(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return what operators set for this, its quota of sessions first."""
        higher = "per_repo_quota_higher" if self.has_higher_quota() else "per_repo_quota"
        found = {"quota": settings.get(higher)}
        for one in self.spec_config:
            if not isinstance(one.get("pattern"), str) or not isinstance(one.get("config"), dict):
                raise ValueError("spec_config is of {'pattern': …, 'config': …}")  # noqa: TRY004 - as the hub's own
            if self._fits([one["pattern"]]):
                found |= one["config"]
        return found

    def _fits(self, patterns: Iterable[str]) -> bool:
        return any(re.match(one, self.spec, re.IGNORECASE) for one in patterns)
