import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import type { Api } from './client';
import { JobFollower, type Connection, type IFollowing, type IFollowingOptions } from './following';
import { Problem } from './problem';
import { isUnderWay, type Job, type Order } from './types';

const RECENT = 50;

export interface IJobsOptions {
  /** Milliseconds between two looks at the newest jobs. */
  interval?: number;
  following?: Omit<IFollowingOptions, 'job'>;
}

/**
 * The jobs of this person, as far as the page has met them: what is under way is followed live, and
 * one poll finds what began elsewhere (another tab, another page).
 */
export class Jobs implements IDisposable {
  constructor(
    readonly api: Api,
    private readonly _options: IJobsOptions = {}
  ) {
    const interval = _options.interval ?? 15000;
    this._poll = new Poll({
      auto: false,
      name: 'recrate:jobs',
      frequency: { interval, backoff: true, max: 8 * interval },
      standby: 'when-hidden',
      factory: () => this._look()
    });
  }

  /** A job is new or has changed; every step of those under way, too. */
  get changed(): ISignal<this, Job> {
    return this._changed;
  }

  /** A job was forgotten; its id. */
  get removed(): ISignal<this, string> {
    return this._removed;
  }

  /** The last look at the server succeeded or failed; see `problem`. */
  get looked(): ISignal<this, void> {
    return this._looked;
  }

  /** What is queued or running, the newest first. */
  get underWay(): readonly Job[] {
    return [...this._known.values()]
      .filter(isUnderWay)
      .sort((one, other) => other.created.localeCompare(one.created));
  }

  /** Why the last look at the server failed; null when it did not. */
  get problem(): Problem | null {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Begin to look at the server; safe to call again. */
  watch(): void {
    if (!this._watching) {
      this._watching = true;
      void this._poll.start();
    }
  }

  /** Look now. */
  async refresh(): Promise<void> {
    this._watching = true;
    await this._poll.refresh();
    await this._poll.tick.catch(() => undefined);
  }

  async start(order: Order): Promise<Job> {
    return this._met(await this.api.startJob(order));
  }

  async cancel(id: string): Promise<Job> {
    return this._met(await this.api.cancelJob(id));
  }

  async resume(id: string): Promise<Job> {
    return this._met(await this.api.resumeJob(id));
  }

  /** Forget a job that has ended, with all it saw. */
  async remove(id: string): Promise<void> {
    await this.api.deleteJob(id);
    this._known.delete(id);
    this._letGo(id);
    this._removed.emit(id);
  }

  /** Tell everybody of a job that was learned by another way (a list, a waiver). */
  meet(job: Job): void {
    this._met(job);
  }

  /** Follow a job; followers of the same job share one connection. Dispose it when done. */
  follow(id: string, job?: Job): IFollowing {
    let shared = this._followers.get(id);
    if (!shared) {
      shared = { follower: this._newFollower(id, job), leases: 0 };
      this._followers.set(id, shared);
    }
    shared.leases += 1;
    return new Lease(shared.follower, () => this._giveBack(id));
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._poll.dispose();
    this._followers.forEach(({ follower }) => follower.dispose());
    this._followers.clear();
    Signal.clearData(this);
  }

  private async _look(): Promise<void> {
    try {
      const { jobs } = await this.api.listJobs({ limit: RECENT });
      this._problem = null;
      // The oldest first, so that lists put them in order.
      [...jobs].reverse().forEach(job => this._met(job));
      const listed = new Set(jobs.map(job => job.id));
      this.underWay.filter(job => !listed.has(job.id)).forEach(job => this._hold(job));
    } catch (error) {
      this._problem = Problem.from(error);
      throw error;
    } finally {
      this._looked.emit();
    }
  }

  private _met(job: Job): Job {
    const before = this._known.get(job.id);
    this._known.set(job.id, job);
    if (!before || JSON.stringify(before) !== JSON.stringify(job)) {
      this._changed.emit(job);
    }
    this._followers.get(job.id)?.follower.told(job);
    this._hold(job);
    return job;
  }

  /** Keep a follower of our own on what is under way, and give it back at its end. */
  private _hold(job: Job): void {
    const held = this._held.get(job.id);
    if (isUnderWay(job) && !held) {
      this._held.set(job.id, this.follow(job.id, job));
    } else if (!isUnderWay(job) && held && held.connection === 'ended') {
      this._letGo(job.id);
    }
  }

  /** Another tab has forgotten it. */
  private _lost(id: string): void {
    this._letGo(id);
    if (this._known.delete(id)) {
      this._removed.emit(id);
    }
  }

  private _letGo(id: string): void {
    this._held.get(id)?.dispose();
    this._held.delete(id);
  }

  private _newFollower(id: string, job?: Job): JobFollower {
    const follower = new JobFollower(this.api, id, { ...this._options.following, job });
    follower.changed.connect(() => {
      if (follower.problem?.reason === 'not-found') {
        void Promise.resolve().then(() => this._lost(id));
        return;
      }
      if (!follower.job) {
        return;
      }
      const before = this._known.get(id);
      this._known.set(id, follower.job);
      if (before !== follower.job) {
        this._changed.emit(follower.job);
      }
      if (follower.connection === 'ended') {
        // Not from within its own signal.
        void Promise.resolve().then(() => this._letGo(id));
      }
    });
    return follower;
  }

  private _giveBack(id: string): void {
    const shared = this._followers.get(id);
    if (shared && --shared.leases === 0) {
      this._followers.delete(id);
      shared.follower.dispose();
    }
  }

  private _problem: Problem | null = null;
  private _watching = false;
  private _isDisposed = false;
  private readonly _poll: Poll;
  private readonly _known = new Map<string, Job>();
  private readonly _held = new Map<string, IFollowing>();
  private readonly _followers = new Map<string, { follower: JobFollower; leases: number }>();
  private readonly _changed = new Signal<this, Job>(this);
  private readonly _removed = new Signal<this, string>(this);
  private readonly _looked = new Signal<this, void>(this);
}

/** One view's hold on a shared follower. */
class Lease implements IFollowing {
  constructor(
    private readonly _follower: JobFollower,
    private readonly _done: () => void
  ) {
    _follower.changed.connect(this._pass, this);
  }

  get id(): string {
    return this._follower.id;
  }

  get job(): Job | null {
    return this._follower.job;
  }

  get notes(): IFollowing['notes'] {
    return this._follower.notes;
  }

  get problem(): Problem | null {
    return this._follower.problem;
  }

  get connection(): Connection {
    return this._follower.connection;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._follower.changed.disconnect(this._pass, this);
      Signal.clearData(this);
      this._done();
    }
  }

  private _pass(): void {
    this._changed.emit();
  }

  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
