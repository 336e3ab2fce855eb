import type { ReadonlyPartialJSONValue as Value } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';

import type { PublishOrder, PublishResult } from '../api';
import { Work } from '../pack/work';
import type { IRecrate } from '../tokens';
import { FRESH, reduce, restored, type Action, type IPublishState } from './model';

/**
 * One crate, or one verdict, on its way to repositories: what was chosen and the job in hand. It
 * outlives the views that show it, and is remembered over a reload. Tokens never come here.
 */
export class PublishSession {
  constructor(
    readonly recrate: IRecrate,
    /** Under which it is remembered. */
    readonly key: string
  ) {
    this.work = new Work<PublishResult>(recrate.jobs);
    this.work.changed.connect(() => this._workChanged());
  }

  readonly work: Work<PublishResult>;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): IPublishState {
    return this._state;
  }

  /** Whether what was remembered has been taken up. */
  get isReady(): boolean {
    return this._isReady;
  }

  /** Take up what was remembered, and the job in hand. */
  async open(): Promise<void> {
    const kept = await this.recrate.memory.read<Value & object>(this.key).catch(() => null);
    this._state = restored(kept);
    await this.work.takeUp({ id: this._state.job, shown: null });
    this._isReady = true;
    this._changed.emit();
  }

  /** Change the state, and remember it. */
  do(action: Action): void {
    const next = reduce(this._state, action);
    if (next !== this._state) {
      this._state = next;
      this.recrate.memory.keep(this.key, next as unknown as Value);
      this._changed.emit();
    }
  }

  /** Start publishing; the job goes on without this page. */
  async publish(order: PublishOrder): Promise<void> {
    await this.work.begin(order);
  }

  /** Something was changed in a repository by another way than the job: what was asked is old. */
  changedThere(): void {
    this._changes += 1;
    this._changed.emit();
  }

  /** How often something was changed so. */
  get changes(): number {
    return this._changes;
  }

  dispose(): void {
    this.work.dispose();
    Signal.clearData(this);
  }

  private _workChanged(): void {
    const { id } = this.work.ids;
    if (this._isReady && id !== this._state.job) {
      this.do({ type: 'job', job: id });
    }
    this._changed.emit();
  }

  private _state = FRESH;
  private _isReady = false;
  private _changes = 0;
  private readonly _changed = new Signal<this, void>(this);
}
