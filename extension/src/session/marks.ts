import { ISignal, Signal } from '@lumino/signaling';

import { Problem, type Api, type BesideWanted, type CellJudged, type FreshCell } from '../api';
import type { IMemory } from '../state';
import { KeptMarks, printOfCell } from './kept';
import type { AskingQueue } from './queue';
import { WholeRuns } from './whole';

/** What is known of a code cell beside what was recorded in it. */
export interface IMark {
  /**
   * `recorded`: not run here; `running`: waits for its kernel or runs; `comparing`: the server is
   * asked; `judged`: it answered; `problem`: it did not.
   */
  readonly state: 'recorded' | 'running' | 'comparing' | 'judged' | 'problem';
  /** The last answer; of an earlier run while the cell runs again. */
  readonly judged: CellJudged | null;
  readonly problem: Problem | null;
  /** How many outputs are recorded; 0 where that is not known. */
  readonly recorded: number;
  /** Recorded outputs that two whole runs of the person's own gave differently. */
  readonly varies: readonly number[];
  /** Expected is shown beside yours. */
  readonly open: boolean;
  /** How often it was run here. */
  readonly run: number;
  /** Its code was changed since it ran. */
  readonly edited: boolean;
}

/** A code cell as it stands in the notebook. */
export type CellNow = FreshCell['cell'] & { id: string };

/** The code cells of an open notebook as they stand. */
export interface ICells {
  /** Return their ids, in order. */
  ids(): string[];
  cell(id: string): CellNow | null;
  /** Return all of them without their outputs. */
  around(): NonNullable<FreshCell['around']>;
}

type Asked = Pick<Api, 'judgeCell' | 'showBeside' | 'readRecorded'>;

const EMPTY: IMark = {
  state: 'recorded',
  judged: null,
  problem: null,
  recorded: 0,
  varies: [],
  open: false,
  run: 0,
  edited: false
};

/** The marks of one notebook of the session, by the ids of its cells. */
export class NotebookMarks {
  constructor(
    /** Contents path of the notebook. */
    readonly path: string,
    private readonly _api: Asked,
    private readonly _queue: AskingQueue,
    memory: IMemory,
    key: string
  ) {
    this._kept = new KeptMarks(memory, key);
  }

  /** Says the id of the cell whose mark is another one now. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** Says the id of a cell that was judged just now. */
  get judged(): ISignal<this, string> {
    return this._judged;
  }

  /** The cells of the notebook; null while it is not open. */
  get cells(): ICells | null {
    return this._cells;
  }

  /** The ids of its code cells as they were last seen, in order. */
  get order(): readonly string[] {
    this._order = this._cells?.ids() ?? this._order;
    return this._order;
  }

  /** Whether cells were run by hand in the kernel as it is now. */
  get isTouched(): boolean {
    return this._isTouched;
  }

  get(id: string): IMark {
    return this._marks.get(id) ?? EMPTY;
  }

  /** The notebook is open: learn what is recorded, and take up what was judged on an earlier page. */
  async opened(cells: ICells): Promise<void> {
    this._cells = cells;
    const [recorded] = await Promise.all([
      this._api.readRecorded(this.path).catch(() => null),
      this._kept.begin()
    ]);
    const known = recorded?.cells ?? [];
    const hasIds = known.length > 0 && known.every(cell => cell.id !== null);
    this._ids = new Set(hasIds ? known.map(cell => cell.id ?? '') : []);
    const outputs = new Map(known.map(cell => [hasIds ? cell.id : cell.index, cell.outputs]));
    for (const id of this._cells === cells ? cells.ids() : []) {
      const cell = cells.cell(id);
      if (cell) {
        const counted = outputs.get(hasIds ? id : cell.index) ?? 0;
        const kept = this.get(id).state === 'recorded' ? this._kept.of(cell) : null;
        this._sources.set(id, kept ? cell.source : (this._sources.get(id) ?? cell.source));
        this._set(id, { recorded: counted, ...(kept && { ...kept, state: 'judged' }) });
      }
    }
  }

  closed(): void {
    this._order = this.order;
    this._cells = null;
  }

  /** The cell waits for its kernel, or runs. */
  began(id: string): void {
    this._queue.drop(this._question(id));
    this._isTouched ||= !this._whole.isUnderWay;
    this._sources.set(id, this._cells?.cell(id)?.source ?? '');
    this._set(id, { state: 'running', problem: null, edited: false, run: this.get(id).run + 1 });
  }

  /** The run of a cell came to its end, with whatever it gave. */
  ended(id: string): void {
    this._ask(id);
  }

  /** It did not run after all: cancelled, or aborted behind a cell that failed. */
  gaveUp(id: string): void {
    if (this.get(id).state === 'running') {
      this._forget(id);
    }
  }

  /** The kernel is gone: nothing runs any more. */
  kernelGone(): void {
    [...this._marks.keys()].forEach(id => this.gaveUp(id));
  }

  /** What the cell shows is not what was judged: another cell wrote into it, or it was late. */
  shown(id: string): void {
    if (!['running', 'recorded'].includes(this.get(id).state)) {
      this._ask(id);
    }
  }

  /** Somebody types in it: what was judged is of other code, until it is as it was or runs again. */
  typed(id: string, source: string): void {
    const edited = this.get(id).state !== 'recorded' && this._sources.get(id) !== source;
    if (edited !== this.get(id).edited) {
      this._set(id, { edited });
    }
  }

  /** Its outputs were taken away: it is as if it had not run. */
  cleared(id: string): void {
    if (!['running', 'recorded'].includes(this.get(id).state)) {
      this._forget(id);
    }
  }

  /** Ask once more after a problem. */
  again(id: string): void {
    this._ask(id, 0);
  }

  toggle(id: string, open = !this.get(id).open): void {
    this._set(id, { open });
  }

  /** A run of the whole notebook begins in a fresh kernel. */
  beginWhole(): void {
    this._isTouched = false;
    this._whole.begin();
  }

  /** It has ended, and every cell of it is judged. */
  endWhole(): void {
    this._whole.end();
  }

  /** Return the page of expected beside yours, by what the cell shows now; asked for once for each run of the cell. */
  beside(id: string, query: BesideWanted): Promise<string> {
    const fresh = this._fresh(id);
    const key = [query.theme, query.language, fresh && printOfCell(fresh.cell)].join();
    const kept = this._pages.get(id);
    if (kept?.key === key || !fresh) {
      return kept?.page ?? Promise.resolve('');
    }
    const page = this._api.showBeside(fresh, query);
    page.catch(() => this._pages.delete(id));
    this._pages.set(id, { key, page });
    return page;
  }

  private _ask(id: string, wait?: number): void {
    this._set(id, { state: 'comparing', problem: null });
    this._queue.put(this._question(id), () => this._judge(id), wait);
  }

  private async _judge(id: string): Promise<void> {
    const { run } = this.get(id);
    const isStill = (): boolean => this.get(id).state === 'comparing' && this.get(id).run === run;
    const fresh = this._fresh(id);
    if (!fresh) {
      this._forget(id);
      return;
    }
    const cell = { ...fresh.cell, id };
    try {
      const judged = await this._api.judgeCell(fresh);
      if (isStill()) {
        const varies = this._whole.varying(cell, judged);
        this._whole.note(cell);
        this._kept.keep(cell, { judged, varies });
        this._set(id, { state: 'judged', judged, varies, recorded: judged.recorded_outputs });
        this._judged.emit(id);
      }
    } catch (error) {
      if (isStill()) {
        this._set(id, { state: 'problem', problem: Problem.from(error) });
      }
    }
  }

  private _fresh(id: string): FreshCell | null {
    const cell = this._cells?.cell(id);
    if (!cell) {
      return null;
    }
    const ran = { ...cell, source: this._sources.get(id) ?? cell.source };
    // Where the published notebook knows the id, the server needs no neighbours to find the cell.
    const around = this._ids.has(id) ? {} : { around: this._cells?.around() ?? [] };
    return { notebook: this.path, cell: ran, whole: this._whole.isUnderWay, ...around };
  }

  private _forget(id: string): void {
    this._queue.drop(this._question(id));
    const { recorded, run } = this.get(id);
    this._kept.forget(id);
    this._set(id, { ...EMPTY, recorded, run });
  }

  private _question(id: string): string {
    return `${this.path}#${id}`;
  }

  private _set(id: string, part: Partial<IMark>): void {
    this._marks.set(id, { ...this.get(id), ...part });
    this._changed.emit(id);
  }

  private _cells: ICells | null = null;
  private _order: readonly string[] = [];
  private _ids: ReadonlySet<string> = new Set();
  private _isTouched = false;
  private readonly _kept: KeptMarks;
  private readonly _whole = new WholeRuns();
  private readonly _marks = new Map<string, IMark>();
  /** The code that was run, which may be typed over meanwhile. */
  private readonly _sources = new Map<string, string>();
  private readonly _pages = new Map<string, { key: string; page: Promise<string> }>();
  private readonly _changed = new Signal<this, string>(this);
  private readonly _judged = new Signal<this, string>(this);
}
