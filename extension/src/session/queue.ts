import type { IDisposable } from '@lumino/disposable';

/** A cell's outputs may still change just after its run; what is asked twice is asked once. */
const WAIT_MILLISECONDS = 120;
/** A cell whose outputs never rest is asked about all the same. */
const LONGEST_WAIT_MILLISECONDS = 2500;

/** Asks one question at a time, in the order in which they came; the latest of a key counts. */
export class AskingQueue implements IDisposable {
  constructor(private readonly _wait = WAIT_MILLISECONDS) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask once nothing of this key has come for `wait` milliseconds; `ask` must not reject. */
  put(key: string, ask: () => Promise<void>, wait = this._wait): void {
    if (this._isDisposed) {
      return;
    }
    const now = Date.now();
    const since = this._since.get(key) ?? now;
    const longest = Math.max(0, since + Math.max(wait, LONGEST_WAIT_MILLISECONDS) - now);
    this.drop(key);
    this._since.set(key, since);
    this._waiting.set(
      key,
      setTimeout(
        () => {
          this._waiting.delete(key);
          this._since.delete(key);
          this._questions.set(key, ask);
          void this._work();
        },
        Math.min(wait, longest)
      )
    );
  }

  /** Take back what was not asked yet. */
  drop(key: string): void {
    clearTimeout(this._waiting.get(key));
    this._waiting.delete(key);
    this._since.delete(key);
    this._questions.delete(key);
    void Promise.resolve().then(() => this._tellWhenIdle());
  }

  /** Resolves once every question is answered. */
  get idle(): Promise<void> {
    return this._isIdle ? Promise.resolve() : new Promise(done => this._wanted.push(done));
  }

  dispose(): void {
    this._isDisposed = true;
    this._waiting.forEach(timer => clearTimeout(timer));
    this._waiting.clear();
    this._questions.clear();
    this._tellWhenIdle();
  }

  private get _isIdle(): boolean {
    return !this._isAsking && this._waiting.size === 0 && this._questions.size === 0;
  }

  private async _work(): Promise<void> {
    if (this._isAsking) {
      return;
    }
    this._isAsking = true;
    for (const [key, ask] of this._questions) {
      this._questions.delete(key);
      await ask();
    }
    this._isAsking = false;
    this._tellWhenIdle();
  }

  private _tellWhenIdle(): void {
    if (this._isIdle) {
      this._wanted.splice(0).forEach(done => done());
    }
  }

  private _isAsking = false;
  private _isDisposed = false;
  private readonly _waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly _since = new Map<string, number>();
  private readonly _questions = new Map<string, () => Promise<void>>();
  private readonly _wanted: (() => void)[] = [];
}
