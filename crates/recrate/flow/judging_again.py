"""One replay of a campaign judged again, in a process of its own: nothing is run."""

from dataclasses import dataclass
from pathlib import Path

from recrate.crate.signing import SIGNATURE
from recrate.flow.judging import judge_folder
from recrate.flow.tasks import with_verdict
from recrate.flow.work import ReplayFolder
from recrate.model.campaign import TaskResult
from recrate.model.errors import NotFound, RecrateError
from recrate.model.policy import Policy
from recrate.report.account import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is to be judged: a replay's folder, and what its campaign knows of it.

    configured, chosen: policies as `judge_folder` takes them
    """

    root: Path
    result: TaskResult
    configured: Policy
    chosen: Policy | None
    agent: str
    language: Language | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAgain:
    """What came of it.

    result: None where the folder could not be judged; message and hint then say why
    own:    the folder has a policy of its own, so that nothing like it is known elsewhere
    unsigned: the signature of the earlier verdict went
    """

    result: TaskResult | None
    own: bool = False
    unsigned: bool = False
    message: str = ""
    hint: str = ""


def judge_piece(piece: Piece) -> JudgedAgain:
    """Judge a replay's folder again and write what follows; what goes wrong is a value, too."""
    folder = ReplayFolder(root=piece.root)
    signed = (piece.root / SIGNATURE).is_file()
    try:
        if not piece.root.is_dir():
            raise NotFound("its replay is not there any more", where=str(piece.root))
        verdict = judge_folder(
            piece.root,
            policy=piece.configured,
            agent=piece.agent,
            language=piece.language,
            chosen=piece.chosen,
        )
        own = piece.chosen is None and folder.read_policy() is not None
    except RecrateError as error:
        return JudgedAgain(result=None, message=str(error), hint=error.hint)
    except MemoryError:
        return JudgedAgain(result=None, message="there is not enough memory", hint="--jobs 1")
    return JudgedAgain(
        result=with_verdict(piece.result, verdict),
        own=own,
        unsigned=signed and not (piece.root / SIGNATURE).is_file(),
    )
