import type { CellJudged } from '../api';
import type { IMemory } from '../state';
import { printOf } from './print';
import type { CellNow } from './marks';

const WAIT_MILLISECONDS = 800;

export interface IKeptMark {
  judged: CellJudged;
  varies: number[];
}

type Kept = Record<string, { print: string; judged: CellJudged; varies: number[] }>;

/** What was judged in a notebook, so that a page that is loaded again still knows it. */
export class KeptMarks {
  constructor(
    private readonly _memory: IMemory,
    private readonly _key: string
  ) {}

  async begin(): Promise<void> {
    const kept = await this._memory.read<Kept & Record<string, never>>(this._key);
    this._kept = { ...kept, ...this._kept };
  }

  /** Return what was judged of a cell, if it still says and shows the same. */
  of(cell: CellNow): IKeptMark | null {
    const kept = Object.prototype.hasOwnProperty.call(this._kept, cell.id)
      ? this._kept[cell.id]
      : undefined;
    return kept && kept.print === printOfCell(cell) ? kept : null;
  }

  keep(cell: CellNow, { judged, varies }: IKeptMark): void {
    this._kept[cell.id] = { print: printOfCell(cell), judged, varies };
    this._write();
  }

  forget(id: string): void {
    if (delete this._kept[id]) {
      this._write();
    }
  }

  /** Many cells are judged in a run: written once for all of them. */
  private _write(): void {
    this._timer ??= setTimeout(() => {
      this._timer = undefined;
      this._memory.keep(this._key, JSON.parse(JSON.stringify(this._kept)));
    }, WAIT_MILLISECONDS);
  }

  private _kept: Kept = {};
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/** Return a print of what a cell says and shows. */
export function printOfCell(cell: Pick<CellNow, 'source' | 'outputs'>): string {
  return printOf([cell.source, cell.outputs]);
}
