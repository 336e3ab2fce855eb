import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { Problem, type Api, type Job, type Jobs, type JobsWanted } from '../api';

/** What the list is narrowed to; an empty string is no narrowing. */
export interface IRunsFilter {
  [key: string]: string;
  query: string;
  kind: string;
  status: string;
  verdict: string;
}

export const NO_FILTER: IRunsFilter = { query: '', kind: '', status: '', verdict: '' };

/** The first page comes at once; those that a far scroll asks for come in as few as can be. */
const FIRST_PAGE = 50;
const PAGE = 200;
const RELOAD_AFTER = 400;

/**
 * The list of jobs as the server keeps it, fetched page by page as far as somebody looks, and kept
 * up to date by what `Jobs` hears.
 */
export class RunsModel implements IDisposable {
  constructor(
    private readonly _api: Pick<Api, 'listJobs'>,
    private readonly _jobs: Pick<Jobs, 'changed' | 'removed'>
  ) {
    _jobs.changed.connect(this._onChanged, this);
    _jobs.removed.connect(this._onRemoved, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get filter(): IRunsFilter {
    return this._filter;
  }

  get isFiltered(): boolean {
    return Object.values(this._filter).some(Boolean);
  }

  /** How many the filter lets through, fetched or not; null until the first answer. */
  get total(): number | null {
    return this._total;
  }

  get problem(): Problem | null {
    return this._problem;
  }

  get busy(): boolean {
    return this._busy;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Return a job, or undefined while its page is not fetched. */
  readonly itemAt = (index: number): Job | undefined => this._items[index];

  /** Return a job by its id, if it has been fetched. */
  find(id: string): Job | undefined {
    return this._items.find(job => job.id === id);
  }

  /** Narrow the list, or fetch it for the first time; what is there stays until the answer. */
  narrow(filter: Partial<IRunsFilter>): void {
    const next = { ...this._filter, ...filter } as IRunsFilter;
    if (this._total === null || JSON.stringify(next) !== JSON.stringify(this._filter)) {
      this._filter = next;
      this._needed = 0;
      this.reload();
    }
  }

  /** Fetch from the top again. */
  reload(): void {
    clearTimeout(this._reloading);
    this._stop?.abort();
    this._stop = null;
    this._next = undefined;
    this._problem = null;
    void this._fetch();
  }

  /** Somebody looks at this row: fetch as far as it. */
  readonly need = (index: number): void => {
    this._needed = index;
    if (!this._problem) {
      void this._fetch();
    }
  };

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._reloading);
      this._stop?.abort();
      this._jobs.changed.disconnect(this._onChanged, this);
      this._jobs.removed.disconnect(this._onRemoved, this);
      Signal.clearData(this);
    }
  }

  private async _fetch(): Promise<void> {
    if (this._stop || this._isDisposed) {
      return;
    }
    const stop = new AbortController();
    this._stop = stop;
    this._busy = true;
    this._changed.emit();
    try {
      while (this._wantsMore()) {
        const page = await this._api.listJobs(this._question(), { signal: stop.signal });
        if (stop.signal.aborted) {
          return;
        }
        this._items = this._next === undefined ? page.jobs : joined(this._items, page.jobs);
        this._next = page.next;
        this._total = Math.max(page.total, this._items.length);
        this._problem = null;
        this._changed.emit();
      }
    } catch (error) {
      if (!stop.signal.aborted) {
        this._problem = Problem.from(error);
      }
    } finally {
      if (this._stop === stop) {
        this._stop = null;
        this._busy = false;
        if (!this._isDisposed) {
          this._changed.emit();
        }
      }
    }
  }

  private _wantsMore(): boolean {
    return (
      this._next === undefined || (this._next !== null && this._items.length <= this._needed + 1)
    );
  }

  private _question(): JobsWanted {
    const { query, kind, status, verdict } = this._filter;
    return {
      limit: this._next ? PAGE : FIRST_PAGE,
      query: query || undefined,
      kind: (kind || undefined) as JobsWanted['kind'],
      status: (status || undefined) as JobsWanted['status'],
      verdict: verdict || undefined,
      after: this._next ?? undefined
    };
  }

  private _onChanged(_: unknown, job: Job): void {
    const at = this._items.findIndex(other => other.id === job.id);
    const before = this._items[at];
    if (before) {
      this._items = this._items.slice();
      this._items[at] = job;
      this._changed.emit();
      if (this.isFiltered && before.status !== job.status) {
        this._reloadSoon();
      }
      return;
    }
    const oldest = this._items[this._items.length - 1];
    if (this._next && oldest && job.created < oldest.created) {
      return; // on a page that nobody has looked at
    }
    this._reloadSoon();
  }

  private _onRemoved(_: unknown, id: string): void {
    if (this.find(id)) {
      this._items = this._items.filter(job => job.id !== id);
      this._total = Math.max(0, (this._total ?? 1) - 1);
      this._changed.emit();
    }
  }

  /** Many changes may come at once: fetch once for all of them. */
  private _reloadSoon(): void {
    if (this._total === null) {
      return; // nobody has looked yet
    }
    clearTimeout(this._reloading);
    this._reloading = setTimeout(() => void this._refreshTop(), RELOAD_AFTER);
  }

  /** Fetch the first page and put it over what is there; what lies below it stays. */
  private async _refreshTop(): Promise<void> {
    if (this._stop) {
      this._reloadSoon(); // after the fetch under way
      return;
    }
    const filter = this._filter;
    try {
      const page = await this._api.listJobs({ ...this._question(), after: undefined });
      if (this._isDisposed || this._stop || filter !== this._filter) {
        return;
      }
      const last = page.jobs[page.jobs.length - 1];
      const meets = last && this._items.some(job => job.id === last.id);
      const below = meets ? this._items.filter(job => job.created < last.created) : [];
      this._items = joined(page.jobs, below);
      this._next = below.length > 0 ? this._next : page.next;
      this._total = Math.max(page.total, this._items.length);
      this._changed.emit();
      void this._fetch();
    } catch {
      // The shared poll tells of a server that is gone; the list stays as it is.
    }
  }

  private _filter: IRunsFilter = NO_FILTER;
  private _items: Job[] = [];
  private _next: string | null | undefined = undefined;
  private _total: number | null = null;
  private _needed = 0;
  private _problem: Problem | null = null;
  private _busy = false;
  private _stop: AbortController | null = null;
  private _reloading: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}

function joined(before: readonly Job[], more: readonly Job[]): Job[] {
  const known = new Set(before.map(job => job.id));
  return [...before, ...more.filter(job => !known.has(job.id))];
}
