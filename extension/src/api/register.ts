import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

/** Holds what other extensions add, each under a name of its own. */
export class Register<Entry> {
  constructor(
    private readonly _nameOf: (entry: Entry) => string,
    private readonly _order: (one: Entry, other: Entry) => number = () => 0
  ) {}

  get all(): readonly Entry[] {
    return [...this._entries.values()].sort(this._order);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Add an entry; dispose what comes back to take it away. Throws when its name is taken. */
  register(entry: Entry): IDisposable {
    const name = this._nameOf(entry);
    if (this._entries.has(name)) {
      throw new Error(`"${name}" is registered already`);
    }
    this._entries.set(name, entry);
    this._changed.emit();
    return new DisposableDelegate(() => {
      this._entries.delete(name);
      this._changed.emit();
    });
  }

  private readonly _entries = new Map<string, Entry>();
  private readonly _changed = new Signal<this, void>(this);
}
