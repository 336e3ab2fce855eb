import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { useCallback, useEffect, useRef, useState } from 'react';

import { useRecrate } from './ui/room';

/** What the person had open or chosen, kept over reloads where Lab can keep it. */
export interface IMemory {
  /** Return what was kept under this key; undefined when nothing was. */
  read<Value extends ReadonlyPartialJSONValue>(key: string): Promise<Value | undefined>;
  keep(key: string, value: ReadonlyPartialJSONValue): void;
}

/** Keeps in Lab's workspace, and for the time of the page where there is none. */
export class Memory implements IMemory {
  constructor(private readonly _state: IStateDB | null) {}

  async read<Value extends ReadonlyPartialJSONValue>(key: string): Promise<Value | undefined> {
    const held = this._held.get(key);
    if (held !== undefined || !this._state) {
      return held as Value | undefined;
    }
    const kept = await this._state.fetch(`recrate:${key}`).catch(() => undefined);
    return kept as Value | undefined;
  }

  keep(key: string, value: ReadonlyPartialJSONValue): void {
    this._held.set(key, value);
    // What cannot be kept is only forgotten at the next reload.
    void this._state?.save(`recrate:${key}`, value).catch(() => undefined);
  }

  private readonly _held = new Map<string, ReadonlyPartialJSONValue>();
}

/** Like `useState`, and remembered over reloads; `ready` turns true once memory has answered. */
export function useRemembered<Value extends ReadonlyPartialJSONValue>(
  key: string,
  initial: Value
): [value: Value, set: (value: Value) => void, ready: boolean] {
  const { memory } = useRecrate();
  const [value, setValue] = useState(initial);
  const [ready, setReady] = useState(false);
  const touched = useRef(false);
  useEffect(() => {
    let current = true;
    void memory.read<Value>(key).then(kept => {
      if (current && kept !== undefined && !touched.current) {
        setValue(kept);
      }
      setReady(true);
    });
    return () => {
      current = false;
    };
  }, [memory, key]);
  const set = useCallback(
    (next: Value) => {
      touched.current = true;
      setValue(next);
      memory.keep(key, next);
    },
    [memory, key]
  );
  return [value, set, ready];
}
