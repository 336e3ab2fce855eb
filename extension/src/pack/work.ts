import { ISignal, Signal } from '@lumino/signaling';

import {
  isUnderWay,
  Problem,
  type Connection,
  type IFollowing,
  type Job,
  type JobResult,
  type Jobs,
  type Order
} from '../api';
import type { IWorkIds } from './model';

/**
 * One kind of work on a study: the job in hand and the result of the last one that was done, which
 * stays until there is a newer.
 */
export class Work<Result extends JobResult> {
  constructor(private readonly _jobs: Jobs) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What to remember over a reload. */
  get ids(): IWorkIds {
    return { id: this._id, shown: this._shown };
  }

  get job(): Job | null {
    return this._following?.job ?? this._job;
  }

  get connection(): Connection | undefined {
    return this._following?.connection;
  }

  get result(): Result | null {
    return this._result;
  }

  /** Whether a job is waited for or under way. */
  get isBusy(): boolean {
    return this._isAsking || (this.job !== null && isUnderWay(this.job));
  }

  /** Whether a job is known whose result has not come yet. */
  get isAwaited(): boolean {
    return this._isReading || this.isBusy;
  }

  /** Why nothing could be begun, cancelled, resumed or read. */
  get problem(): Problem | null {
    return this._problem ?? this._following?.problem ?? null;
  }

  /** Start a job; false when it was refused. */
  async begin(order: Order): Promise<boolean> {
    return this._ask(() => this._jobs.start(order));
  }

  /** End the job and every process of it. */
  async cancel(): Promise<boolean> {
    const id = this._id;
    return id !== null && this._ask(() => this._jobs.cancel(id));
  }

  /** Go on where the job stopped. */
  async resume(): Promise<boolean> {
    const id = this._id;
    return id !== null && this._ask(() => this._jobs.resume(id));
  }

  /** Take up what was remembered; false when neither job is known any more. */
  async takeUp({ id, shown }: IWorkIds): Promise<boolean> {
    if (shown && shown !== id) {
      await this._read(shown);
    }
    if (!id) {
      return this._result !== null;
    }
    try {
      this._take(await this._jobs.api.readJob(id));
      return true;
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.reason !== 'not-found') {
        this._id = id;
        this._problem = problem;
        this._follow(id);
      }
      this._changed.emit();
      return problem.reason !== 'not-found' || this._result !== null;
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this._following?.dispose();
    Signal.clearData(this);
  }

  private async _ask(ask: () => Promise<Job>): Promise<boolean> {
    if (this._isAsking) {
      return false;
    }
    this._isAsking = true;
    this._problem = null;
    this._changed.emit();
    try {
      const job = await ask();
      this._isAsking = false;
      this._take(job);
      return true;
    } catch (error) {
      this._isAsking = false;
      this._problem = Problem.from(error);
      this._changed.emit();
      return false;
    }
  }

  private _take(job: Job): void {
    if (this._isDisposed) {
      return;
    }
    this._id = job.id;
    this._job = job;
    this._problem = null;
    this._follow(job.id, job);
    this._look();
  }

  private _follow(id: string, job?: Job): void {
    if (this._following?.id === id && this._following.connection !== 'ended') {
      return;
    }
    this._following?.dispose();
    this._following = this._jobs.follow(id, job);
    this._following.changed.connect(() => this._look());
  }

  /** See whether the job is done, and fetch its result once. */
  private _look(): void {
    const job = this.job;
    if (job?.status === 'done' && this._shown !== job.id && !this._isReading) {
      void this._read(job.id);
    }
    this._changed.emit();
  }

  private async _read(id: string): Promise<void> {
    this._isReading = true;
    try {
      this._result = (await this._jobs.api.readResult(id)) as Result;
      this._shown = id;
    } catch (error) {
      this._problem = Problem.from(error);
    } finally {
      this._isReading = false;
      if (!this._isDisposed) {
        this._changed.emit();
      }
    }
  }

  /** Fetch the result of the job that is done once more. */
  async readAgain(): Promise<void> {
    this._problem = null;
    if (this._id) {
      await this._read(this._id);
    }
  }

  private _id: string | null = null;
  private _shown: string | null = null;
  private _job: Job | null = null;
  private _result: Result | null = null;
  private _problem: Problem | null = null;
  private _isAsking = false;
  private _isReading = false;
  private _isDisposed = false;
  private _following: IFollowing | null = null;
  private readonly _changed = new Signal<this, void>(this);
}
