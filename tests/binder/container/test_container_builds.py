"""Builds that go wrong: killed, impossible, without room. Nothing half made is left."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psutil
import pytest

from containers import Podman
from launching import Launchable
from recrate.launch.target import Workshop
from recrate.model.errors import OutsideFailed
from recrate.model.progress import silent
from recrate_binder.container.builds import BuildOrder, build_image
from recrate_binder.container.engine import Engine, find_engine
from recrate_binder.container.images import write_configuration
from recrate_binder.container.kept import (
    BUILD_VARIABLE,
    Kept,
    reap_folders,
    take_away,
    working_containers,
)
from recrate.model.wire import to_json

# A crate of one notebook whose environment takes long, or cannot be had: only the lock differs.
