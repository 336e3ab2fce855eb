import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import {
  Problem,
  type Api,
  type NotebookError,
  type OutputJudgement,
  type OutputPage,
  type OutputShown
} from '../api';

/** Rows of one question. */
export const PAGE = 100;

/** What the list is narrowed to; nothing chosen is everything. */
export interface IReviewFilter {
  verdicts: OutputJudgement[];
  notebook: string;
}

export const EVERYTHING: IReviewFilter = { verdicts: [], notebook: '' };

/** Return what names an output of a run; an output that only the rerun has is counted apart. */
export function keyOf(row: OutputShown): string {
  return JSON.stringify([row.notebook, row.cell, row.output, row.verdict === 'added']);
}

/** Whether an output lowers the verdict of its run, and so waits to be looked at. */
export function isDifference(verdict: OutputJudgement): boolean {
  return verdict === 'different' || verdict === 'missing';
}

/** Return how many differences nobody has taken on. */
export function differencesLeft(counts: Partial<Record<string, number>>): number {
  return (counts['different'] ?? 0) + (counts['missing'] ?? 0);
}

/** Return what a person can say to an output of this verdict, the likelier first. */
export function decisionsFor(verdict: OutputJudgement): readonly ('accept' | 'waive')[] {
  switch (verdict) {
    case 'different':
    case 'missing':
    case 'unstable':
      return ['accept', 'waive'];
    case 'identical':
    case 'equivalent':
      return ['waive'];
    default:
      return [];
  }
}

/**
 * The outputs of a run as far as somebody looks, and which one is looked at. What is looked at stays
 * when it falls out of the list, because it was just accepted.
 */
export class ReviewModel implements IDisposable {
  constructor(
    private readonly _api: Pick<Api, 'listOutputs'>,
    readonly id: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The head of the last answer; null before the first. */
  get page(): Omit<OutputPage, 'outputs'> | null {
    return this._page;
  }

  get filter(): IReviewFilter {
    return this._filter;
  }

  /** How many the filter lets through; 0 before the first answer. */
  get total(): number {
    return this._page?.total ?? 0;
  }

  /** How many differences of the whole run nobody has taken on. */
  get left(): number {
    return differencesLeft(this._page?.counts ?? {});
  }

  get failures(): readonly { notebook: string; error: NotebookError }[] {
    return this._page?.failures ?? [];
  }

  get problem(): Problem | null {
    return this._problem;
  }

  /** The output that is looked at. */
  get selected(): OutputShown | null {
    return this._selected;
  }

  /** Where it stands in the list; null when the filter does not let it through. */
  get index(): number | null {
    return this._inList ? this._at : null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Return an output, or undefined while its page is not fetched. */
  readonly itemAt = (index: number): OutputShown | undefined => this._rows[index];

  /** Somebody looks at the rows up to this one. */
  readonly need = (index: number): void => {
    void this._fetch(index);
    void this._fetch(Math.max(0, index - PAGE / 2));
  };

  /** Show the list for the first time: at the output of this key, or the first difference. */
  async begin(filter: IReviewFilter, key: string | null): Promise<void> {
    this._filter = filter;
    this._wanted = key;
    const isCurrent = await this._anew(0);
    if (key === null || !(await this._selectBy(key))) {
      const first = await this._search(0, row => isDifference(row.verdict));
      if (isCurrent()) {
        this._put(first ?? 0);
      }
    }
  }

  /** Narrow the list; what is looked at stays, if the filter lets it through. */
  async narrow(filter: Partial<IReviewFilter>): Promise<void> {
    this._filter = { ...this._filter, ...filter };
    const key = this._selected && keyOf(this._selected);
    const isCurrent = await this._anew(0);
    if ((key === null || !(await this._selectBy(key))) && isCurrent()) {
      this._put(0);
    }
  }

  /** The run was judged again: every verdict may be another one. */
  async again(): Promise<void> {
    const before = this._selected;
    if (!before) {
      return this.begin(this._filter, this._wanted); // it had not come so far
    }
    const isCurrent = await this._anew(this._at);
    if (!(await this._selectBy(keyOf(before)))) {
      const now = (await this._lookUp(before)) ?? before;
      if (isCurrent()) {
        this._inList = false;
        this._selected = now;
        this._changed.emit();
      }
    }
  }

  /** Look at the output at this place. */
  async select(index: number): Promise<void> {
    const wanted = Math.max(0, Math.min(this.total - 1, index));
    const turn = ++this._turn;
    await this._fetch(wanted);
    if (turn === this._turn) {
      this._put(wanted);
    }
  }

  /** Look at the next (1) or the one before (-1); at an end nothing happens. */
  step(by: 1 | -1): Promise<void> {
    // One that fell out of the list has left its place to the next.
    return this.select(this._inList || by < 0 ? this._at + by : this._at);
  }

  /** Look at the next difference, from the top again after the last; false when there is none. */
  async nextDifference(): Promise<boolean> {
    if (!differencesLeft(this._page?.filtered ?? this._page?.counts ?? {})) {
      return false;
    }
    const turn = ++this._turn;
    const isWanted = (row: OutputShown): boolean => isDifference(row.verdict);
    const from = this._inList ? this._at + 1 : this._at;
    const found = (await this._search(from, isWanted)) ?? (await this._search(0, isWanted));
    if (found !== null && turn === this._turn) {
      this._put(found);
    }
    return found !== null;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._generation += 1;
      this._stop.abort();
      Signal.clearData(this);
    }
  }

  private _put(index: number): void {
    const row = this._rows[index];
    this._at = index;
    this._inList = row !== undefined;
    this._selected = row ?? null;
    this._changed.emit();
  }

  /** Ask for everything anew; rows of before stay until the answer. Return whether nobody did since. */
  private async _anew(near: number): Promise<() => boolean> {
    const generation = ++this._generation;
    this._stop.abort();
    this._stop = new AbortController();
    this._pages.clear();
    this._isStale = true;
    this._turn += 1;
    await this._fetch(near);
    if (near >= this.total && this.total > 0) {
      await this._fetch(this.total - 1);
    }
    return () => generation === this._generation;
  }

  private _fetch(index: number): Promise<void> {
    const number = Math.floor(index / PAGE);
    let asked = this._pages.get(number);
    if (!asked) {
      asked = this._ask(number, this._generation);
      this._pages.set(number, asked);
    }
    return asked;
  }

  private async _ask(number: number, generation: number): Promise<void> {
    const { notebook, verdicts } = this._filter;
    const wanted = { notebook: notebook || undefined, verdict: verdicts };
    try {
      const { outputs, ...page } = await this._api.listOutputs(
        this.id,
        { ...wanted, offset: number * PAGE, limit: PAGE },
        { signal: this._stop.signal }
      );
      if (generation !== this._generation) {
        return;
      }
      if (this._isStale) {
        this._isStale = false;
        this._rows = [];
      }
      outputs.forEach((row, at) => (this._rows[number * PAGE + at] = row));
      this._page = page;
      this._problem = null;
    } catch (error) {
      if (generation !== this._generation) {
        return;
      }
      this._pages.delete(number);
      this._problem = Problem.from(error);
    }
    this._changed.emit();
  }

  /** Return the first place from `begin` on that fits, fetching as far as needed. */
  private async _search(
    begin: number,
    fits: (row: OutputShown) => boolean
  ): Promise<number | null> {
    const generation = this._generation;
    for (let index = begin; index < this.total; index += 1) {
      if (!this._rows[index]) {
        await this._fetch(index);
      }
      const row = this._rows[index];
      if (!row || generation !== this._generation) {
        return null;
      }
      if (fits(row)) {
        return index;
      }
    }
    return null;
  }

  private async _selectBy(key: string): Promise<boolean> {
    const found = await this._search(0, row => keyOf(row) === key);
    if (found !== null) {
      this._put(found);
    }
    return found !== null;
  }

  /** Return an output as it is judged now, whatever the filter. */
  private async _lookUp(before: OutputShown): Promise<OutputShown | undefined> {
    const key = keyOf(before);
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const asked = { notebook: before.notebook, offset, limit: PAGE };
      const found = await this._api.listOutputs(this.id, asked).catch(() => null);
      const row = found?.outputs.find(one => keyOf(one) === key);
      if (row || !found) {
        return row;
      }
      total = found.total;
    }
    return undefined;
  }

  private _filter = EVERYTHING;
  private _wanted: string | null = null;
  private _page: Omit<OutputPage, 'outputs'> | null = null;
  private _problem: Problem | null = null;
  private _rows: OutputShown[] = [];
  private _isStale = true;
  private _at = 0;
  private _inList = false;
  private _selected: OutputShown | null = null;
  private _turn = 0;
  private _generation = 0;
  private _isDisposed = false;
  private _stop = new AbortController();
  private readonly _pages = new Map<number, Promise<void>>();
  private readonly _changed = new Signal<this, void>(this);
}
