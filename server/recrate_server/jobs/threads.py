"""Threads of the jobs' own: the database has one to itself, files and processes a few."""

import asyncio
import functools
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from recrate.model.errors import OutsideFailed

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Threads:
    """Where work is done that would hold up the event loop."""

    def __init__(self) -> None:
        self._database = ThreadPoolExecutor(1, thread_name_prefix="recrate-database")
        self._files = ThreadPoolExecutor(4, thread_name_prefix="recrate-files")
        self._patient = ThreadPoolExecutor(8, thread_name_prefix="recrate-patient")

    async def ask(
        self, question: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
    ) -> Answer:
        """Call something of the database, one call at a time.

        Raises OutsideFailed when the database lets us down, besides what is raised by `question`.
        """
        try:
            return await self._run(self._database, functools.partial(question, *given, **named))
        except sqlite3.Error as error:
            raise OutsideFailed(
                f"the list of jobs cannot be used: {error}",
                hint="is the disk full, or another program using the file?",
            ) from error

    async def look(
        self, work: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
    ) -> Answer:
        """Call something that touches files or processes for a moment."""
        return await self._run(self._files, functools.partial(work, *given, **named))

    async def wait(
        self, work: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
    ) -> Answer:
        """Call something that may take seconds, such as the end of a process."""
        return await self._run(self._patient, functools.partial(work, *given, **named))

    async def _run(self, pool: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def close(self) -> None:
        """Let the threads go when they have done what they have begun."""
        for pool in (self._patient, self._files, self._database):
            pool.shutdown()
