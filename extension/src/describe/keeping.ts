import { ISignal, Signal } from '@lumino/signaling';

import { Problem, type Description, type DescriptionForm } from '../api';
import { isSame, merge, opened, valueAt, withFields, type Draft, type IMet } from './model';

/** How what was typed stands to what is kept on disk. */
export type Keeping = 'reading' | 'unread' | 'kept' | 'typed' | 'keeping' | 'failed' | 'conflict';

/** What was typed and is not on disk yet; it outlives the page. */
export interface IStashed {
  /** What the file held when this began. */
  base: Description;
  draft: Draft;
}

/** Where the form is read and kept, and where what was typed waits until then. */
export interface IKeeperDoors {
  read: () => Promise<DescriptionForm>;
  keep: (description: Description) => Promise<DescriptionForm>;
  stashed: () => Promise<IStashed | null>;
  stash: (stashed: IStashed | null) => Promise<void>;
}

const QUIET_MILLISECONDS = 1200;
/** How long after a failure that may pass by itself it is tried again. */
const AGAIN_MILLISECONDS = 10000;

/**
 * Keeps the form in the study while a person types. What is typed is put aside at once and taken
 * away from there only when the server has it. Before each writing the file is read again: what
 * somebody else changed meanwhile is brought in, and where both changed the same field, nothing
 * is written until the person has chosen.
 */
export class Keeper {
  constructor(
    private readonly _doors: IKeeperDoors,
    private readonly _quiet = QUIET_MILLISECONDS,
    private readonly _again = AGAIN_MILLISECONDS
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): Keeping {
    return this._state;
  }

  /** The form as it was last read; null until then. */
  get form(): DescriptionForm | null {
    return this._form;
  }

  get draft(): Draft | null {
    return this._draft;
  }

  get problem(): Problem | null {
    return this._problem;
  }

  /** Fields that two people changed, and not alike; while there are any, nothing is written. */
  get clashing(): readonly string[] {
    return this._clashing;
  }

  /** Whether the form was taken up from what had not reached the disk when the page closed. */
  get isTakenUp(): boolean {
    return this._isTakenUp;
  }

  /** Whether nothing has been typed since the form was opened. */
  get isUntouched(): boolean {
    return this._edits === 0;
  }

  /** Whether what was typed is not on disk yet. */
  get isWaiting(): boolean {
    return this._edits !== this._keptEdits;
  }

  /** Read the form, and take up what was typed before and not kept. */
  async open(): Promise<void> {
    this._turn('reading');
    try {
      const [form, stashed] = await Promise.all([this._doors.read(), this._doors.stashed()]);
      this._meet(form);
      if (stashed && !isSame(opened(stashed.draft), opened(stashed.base))) {
        this._isTakenUp = true;
        this._edits += 1;
        this._met = { draft: opened(stashed.base), disk: stashed.base };
        this._draft = opened(stashed.draft);
        if (this._bringIn(form)) {
          this._turn('typed');
          this._wait();
        }
        return;
      }
      this._turn('kept');
    } catch (error) {
      this._problem = Problem.from(error);
      this._turn('unread');
    }
  }

  /** Read again what lies on disk, unless something typed is waiting. */
  async refresh(): Promise<void> {
    if (this.isWaiting || !this._draft || this._state !== 'kept') {
      return;
    }
    const edits = this._edits;
    const form = await this._doors.read().catch(() => null);
    if (form && edits === this._edits) {
      this._meet(form);
      this._turn('kept');
    }
  }

  /** Take what was typed; it is kept once the person pauses. */
  edit(draft: Draft): void {
    if (!this._draft || !this._form) {
      return;
    }
    this._draft = draft;
    this._edits += 1;
    void this._stash().catch(() => undefined);
    if (this._clashing.length) {
      this._changed.emit();
      return;
    }
    this._turn('typed');
    this._wait();
  }

  /** Keep now what was typed; resolves when it is kept, or with false when it could not be. */
  async flush(): Promise<boolean> {
    clearTimeout(this._timer);
    while (this.isWaiting && !this._clashing.length) {
      this._writing ??= this._write().finally(() => (this._writing = null));
      await this._writing;
      if (this._state === 'failed') {
        return false;
      }
    }
    return !this.isWaiting;
  }

  /** End a conflict: keep in the clashing fields what was typed here, or what lies on disk. */
  async settle(side: 'mine' | 'theirs'): Promise<void> {
    if (!this._draft || !this._form) {
      return;
    }
    const disk = this._form.description;
    if (side === 'theirs') {
      this._draft = withFields(this._draft, opened(disk), this._clashing);
    }
    this._met = { draft: opened(disk), disk };
    this._clashing = [];
    this._edits += 1;
    this._turn('typed');
    await this.flush();
  }

  /** Return what the server complains of, as far as those fields are still as it saw them. */
  get complaints(): DescriptionForm['complaints'] {
    return (this._form?.complaints ?? []).filter(({ field }) =>
      isSame(valueAt(this._draft, field), valueAt(this._met?.draft, field))
    );
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    Signal.clearData(this);
  }

  private _wait(milliseconds = this._quiet): void {
    clearTimeout(this._timer);
    if (!this._isDisposed) {
      this._timer = setTimeout(() => void this.flush(), milliseconds);
    }
  }

  private async _write(): Promise<void> {
    this._turn('keeping');
    try {
      if (!this._bringIn(await this._doors.read())) {
        return;
      }
      const [edits, sent] = [this._edits, this._draft!];
      const form = await this._doors.keep(sent);
      this._form = form;
      this._problem = null;
      this._met = { draft: sent, disk: form.description };
      this._keptEdits = edits;
      this._isTakenUp = false;
      await this._stash().catch(() => undefined);
      this._turn(this.isWaiting ? 'typed' : 'kept');
    } catch (error) {
      this._problem = Problem.from(error);
      this._turn('failed');
      if (this._problem.passes) {
        this._wait(this._again);
      }
    }
  }

  /** Bring in what lies on disk now; false when the person has to choose. */
  private _bringIn(form: DescriptionForm): boolean {
    this._form = form;
    const met = this._met!;
    if (isSame(form.description, met.disk)) {
      return true;
    }
    const { merged, clashing } = merge(met, this._draft!, form.description);
    this._draft = merged;
    this._clashing = clashing;
    if (clashing.length) {
      this._turn('conflict');
      return false;
    }
    this._met = { draft: opened(form.description), disk: form.description };
    return true;
  }

  private _meet(form: DescriptionForm): void {
    this._form = form;
    this._problem = null;
    this._draft = opened(form.description);
    this._met = { draft: this._draft, disk: form.description };
  }

  private async _stash(): Promise<void> {
    const base = this._met?.disk;
    await this._doors.stash(this.isWaiting && base ? { base, draft: this._draft! } : null);
  }

  private _turn(state: Keeping): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: Keeping = 'reading';
  private _form: DescriptionForm | null = null;
  private _draft: Draft | null = null;
  private _met: IMet | null = null;
  private _problem: Problem | null = null;
  private _clashing: readonly string[] = [];
  private _isTakenUp = false;
  private _isDisposed = false;
  private _edits = 0;
  private _keptEdits = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _writing: Promise<void> | null = null;
  private readonly _changed = new Signal<this, void>(this);
}
