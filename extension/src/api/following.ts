import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import type { Api } from './client';
import { Problem } from './problem';
import { isUnderWay, type Job, type JobEvent } from './types';

/** How news arrive: `away` means that the server does not answer just now and is asked again. */
export type Connection = 'connecting' | 'live' | 'polling' | 'away' | 'ended';

/** A sentence that a job said to the person. */
export interface INote {
  at: string;
  message: string;
}

/** One job as it goes on. `changed` comes at most some ten times a second. */
export interface IFollowing extends IDisposable {
  readonly id: string;
  /** Null until the server has answered for the first time. */
  readonly job: Job | null;
  readonly notes: readonly INote[];
  /** Why nothing is known, or nothing new: the job is unknown, not allowed, or the server is gone. */
  readonly problem: Problem | null;
  readonly connection: Connection;
  readonly changed: ISignal<IFollowing, void>;
}

export interface IFollowingOptions {
  /** What is known of the job already. */
  job?: Job;
  /** Milliseconds before each new attempt; the last one repeats. */
  delays?: readonly number[];
  /** Milliseconds between two questions where no websocket comes through. */
  interval?: number;
  /** Milliseconds of polling after which the websocket is tried again. */
  socketAgainAfter?: number;
}

const DELAYS = [500, 1000, 2000, 5000, 10000, 30000];
const FAILURES_UNTIL_POLLING = 2;
const NOTES_KEPT = 500;
const EMIT_EVERY = 100;

/**
 * Follows one job: recorded events first, then live over its websocket; where that breaks, again
 * with growing pauses, and after two failures in a row by polling. It outlives a restart of the
 * server, never counts an event twice, and ends by itself when the job has ended.
 */
export class JobFollower implements IFollowing {
  constructor(
    private readonly _api: Api,
    readonly id: string,
    private readonly _options: IFollowingOptions = {}
  ) {
    this._job = _options.job ?? null;
    void this._begin();
  }

  get job(): Job | null {
    return this._job;
  }

  get notes(): readonly INote[] {
    return this._notes;
  }

  get problem(): Problem | null {
    return this._problem;
  }

  get connection(): Connection {
    return this._connection;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._stop();
    clearTimeout(this._emitting);
    Signal.clearData(this);
  }

  /** Take what somebody else learned of the job: go on where it was resumed, look where it ended. */
  told(job: Job): void {
    const before = this._job;
    if (this._isDisposed || (before && before.status === job.status)) {
      return;
    }
    if (isUnderWay(job) && this._connection === 'ended') {
      this._job = job;
      this._emit(true);
      void this._begin();
    } else if (!isUnderWay(job)) {
      void this._catchUp().catch(() => undefined);
    }
  }

  /** Ask for the events not yet known; then listen, unless the job has ended. */
  private async _begin(): Promise<void> {
    this._turn('connecting');
    try {
      await this._catchUp();
    } catch (error) {
      this._failed(Problem.from(error));
      return;
    }
    if (!this._isDisposed && this._connection !== 'ended') {
      this._listen();
    }
  }

  private async _catchUp(): Promise<void> {
    const { job, events } = await this._api.readEvents(this.id, this._last);
    if (this._isDisposed) {
      return;
    }
    events.forEach(event => this._take(event));
    this._job = job;
    this._problem = null;
    if (!isUnderWay(job)) {
      this._stop();
      this._turn('ended');
    }
    this._emit(true);
  }

  private _listen(): void {
    let socket: WebSocket;
    try {
      socket = new this._api.settings.WebSocket(this._api.streamUrl(this.id, this._last));
    } catch {
      this._failures += 1; // a policy of the page forbids it
      this._again();
      return;
    }
    this._socket = socket;
    socket.onmessage = message => {
      if (this._socket !== socket) {
        return;
      }
      this._failures = 0;
      this._stopPolling();
      this._turn('live');
      this._take(JSON.parse(String(message.data)) as JobEvent);
      if (this._job && !isUnderWay(this._job)) {
        this._settle();
      }
    };
    socket.onclose = closed => {
      if (this._socket !== socket) {
        return;
      }
      this._socket = null;
      if (closed.code === 1000) {
        this._settle();
      } else {
        this._failures += 1;
        this._again();
      }
    };
  }

  /** The job has ended: its last word (summary, error) comes with one more question. */
  private _settle(): void {
    this._closeSocket();
    this._catchUp().then(
      () => this._connection !== 'ended' && this._again(),
      error => this._failed(Problem.from(error))
    );
  }

  private _failed(problem: Problem): void {
    if (this._isDisposed) {
      return;
    }
    this._problem = problem;
    if (!problem.passes) {
      this._stop();
      this._turn('ended');
      this._emit(true);
      return;
    }
    this._failures += 1;
    this._turn('away');
    this._emit(true);
    this._again();
  }

  /** Try once more after a pause; by polling when the websocket has failed too often. */
  private _again(): void {
    if (this._isDisposed || this._poll || this._connection === 'ended') {
      return;
    }
    clearTimeout(this._waiting);
    if (this._failures >= FAILURES_UNTIL_POLLING) {
      this._startPolling();
      return;
    }
    const delays = this._options.delays ?? DELAYS;
    const delay = delays[Math.min(this._failures, delays.length - 1)] ?? 1000;
    this._waiting = setTimeout(() => void this._begin(), delay);
  }

  private _startPolling(): void {
    const interval = this._options.interval ?? 2000;
    const socketAgainAfter = this._options.socketAgainAfter ?? 30000;
    let tried = Date.now();
    this._poll = new Poll({
      name: `recrate:job-${this.id}`,
      frequency: { interval, backoff: true, max: 5 * interval },
      standby: 'never',
      factory: async () => {
        await this._catchUpWhilePolling();
        if (this._poll && !this._socket && Date.now() - tried > socketAgainAfter) {
          tried = Date.now();
          this._listen();
        }
      }
    });
  }

  private async _catchUpWhilePolling(): Promise<void> {
    try {
      await this._catchUp();
      this._turn(this._connection === 'ended' ? 'ended' : this._socket ? 'live' : 'polling');
    } catch (error) {
      const problem = Problem.from(error);
      this._problem = problem;
      this._turn(problem.passes ? 'away' : 'ended');
      this._emit(true);
      if (!problem.passes) {
        this._stop();
      }
      throw problem;
    }
  }

  private _take(event: JobEvent): void {
    if (event.number <= this._last) {
      return;
    }
    this._last = event.number;
    if (event.type === 'note' && event.message) {
      this._notes = [...this._notes, { at: event.at, message: event.message }].slice(-NOTES_KEPT);
    }
    const before = this._job?.status;
    if (event.job) {
      this._job = event.job;
    } else if (this._job) {
      const { status, progress, error } = this._job;
      this._job = {
        ...this._job,
        status: event.status ?? status,
        progress: event.progress ?? progress,
        error: event.error ?? error
      };
    }
    this._emit(before !== this._job?.status);
  }

  private _turn(connection: Connection): void {
    if (this._connection !== connection) {
      this._connection = connection;
      this._emit(false);
    }
  }

  private _emit(now: boolean): void {
    if (this._isDisposed) {
      return;
    }
    if (now) {
      clearTimeout(this._emitting);
      this._emitting = undefined;
      this._changed.emit();
    } else {
      this._emitting ??= setTimeout(() => {
        this._emitting = undefined;
        this._changed.emit();
      }, EMIT_EVERY);
    }
  }

  private _stop(): void {
    clearTimeout(this._waiting);
    this._failures = 0;
    this._stopPolling();
    this._closeSocket();
  }

  private _stopPolling(): void {
    const poll = this._poll;
    this._poll = null;
    poll?.dispose();
  }

  private _closeSocket(): void {
    const socket = this._socket;
    this._socket = null;
    socket?.close();
  }

  private _job: Job | null;
  private _notes: readonly INote[] = [];
  private _problem: Problem | null = null;
  private _connection: Connection = 'connecting';
  private _last = -1;
  private _failures = 0;
  private _socket: WebSocket | null = null;
  private _poll: Poll | null = null;
  private _waiting: ReturnType<typeof setTimeout> | undefined;
  private _emitting: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
