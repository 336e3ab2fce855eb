import type { CellJudged } from '../api';
import type { CellNow } from './marks';
import { printsOf } from './print';

const KEPT_RUNS = 3;

interface IPrints {
  source: string;
  outputs: string[];
}

/**
 * What whole runs of a notebook gave, each from its top in a fresh kernel. Only these are told apart
 * from one another: a cell that is run twice in one kernel may rightly give something else.
 */
export class WholeRuns {
  get isUnderWay(): boolean {
    return this._current !== null;
  }

  begin(): void {
    this._current = new Map();
  }

  /** Note what a cell gave in the run under way. */
  note(cell: CellNow): void {
    this._current?.set(cell.id, { source: cell.source, outputs: printsOf(cell.outputs) });
  }

  end(): void {
    if (this._current) {
      this._runs = [...this._runs, this._current].slice(-KEPT_RUNS);
      this._current = null;
    }
  }

  /** Return which differing recorded outputs came out otherwise in an earlier run of the same code. */
  varying(cell: CellNow, judged: CellJudged): number[] {
    if (!this._current) {
      return [];
    }
    const now = printsOf(cell.outputs);
    const earlier = this._runs
      .map(run => run.get(cell.id))
      .filter(one => one?.source === cell.source && one.outputs.length === now.length);
    return judged.outputs
      .filter(({ verdict }) => verdict === 'different')
      .map(({ index }) => index)
      .filter(index => earlier.some(one => one?.outputs[index] !== now[index]));
  }

  private _current: Map<string, IPrints> | null = null;
  private _runs: Map<string, IPrints>[] = [];
}
