import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import type { Api, Session } from '../api';
import type { IMemory } from '../state';
import { NotebookMarks } from './marks';
import { AskingQueue } from './queue';
import { tallyOf, type ITally } from './tally';

/** The session that this JupyterLab serves: what it is of, and what was seen of each notebook. */
export class SessionModel implements IDisposable {
  constructor(
    readonly session: Session,
    private readonly _api: Api,
    private readonly _memory: IMemory,
    private readonly _queue = new AskingQueue()
  ) {}

  /** Some mark is another one now. */
  get changed(): ISignal<this, NotebookMarks> {
    return this._changed;
  }

  /** A cell was judged just now. */
  get judged(): ISignal<this, { marks: NotebookMarks; id: string }> {
    return this._judged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Resolves once nothing waits to be compared. */
  get idle(): Promise<void> {
    return this._queue.idle;
  }

  /** Return the marks of a notebook; null for one that was not published. */
  marksOf(path: string): NotebookMarks | null {
    const known = this._marks.get(path);
    if (known || !this.session.notebooks.includes(path)) {
      return known ?? null;
    }
    const key = `session:${this.session.id}:${path}`;
    const marks = new NotebookMarks(path, this._api, this._queue, this._memory, key);
    marks.changed.connect(() => this._changed.emit(marks));
    marks.judged.connect((_, id) => this._judged.emit({ marks, id }));
    this._marks.set(path, marks);
    return marks;
  }

  /** Return what was seen of each notebook, in run order; null for one that was not opened yet. */
  tallies(): { path: string; tally: ITally | null }[] {
    return this.session.notebooks.map(path => {
      const marks = this._marks.get(path);
      return { path, tally: marks ? tallyOf(marks) : null };
    });
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._queue.dispose();
      Signal.clearData(this);
    }
  }

  private _isDisposed = false;
  private readonly _marks = new Map<string, NotebookMarks>();
  private readonly _changed = new Signal<this, NotebookMarks>(this);
  private readonly _judged = new Signal<this, { marks: NotebookMarks; id: string }>(this);
}
