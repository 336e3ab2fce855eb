import type { ISignal } from '@lumino/signaling';
import { useCallback, useEffect, useId, useReducer, useRef, useState } from 'react';

import { Problem, type IFollowing, type Job, type Jobs } from '../api';

/** Draw again whenever the signal speaks. */
export function useSignal(signal: ISignal<unknown, unknown> | null | undefined): void {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!signal) {
      return;
    }
    const slot = (): void => again();
    signal.connect(slot);
    again(); // what was said between the first drawing and now
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}

/** What is known of a question: at first nothing, then a value or a problem. */
export interface IAsked<Value> {
  value: Value | null;
  problem: Problem | null;
  /** Whether an answer is awaited; an earlier value stays while it is. */
  busy: boolean;
  /** Ask once more. */
  again: () => void;
}

/** Ask whenever `deps` change; an earlier question that is still open is given up. */
export function useAsk<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  deps: readonly unknown[]
): IAsked<Value> {
  const [count, again] = useReducer((before: number) => before + 1, 0);
  const [state, setState] = useState<Omit<IAsked<Value>, 'again'>>({
    value: null,
    problem: null,
    busy: true
  });
  useEffect(() => {
    const stop = new AbortController();
    setState(before => (before.busy ? before : { ...before, busy: true }));
    ask(stop.signal).then(
      value => !stop.signal.aborted && setState({ value, problem: null, busy: false }),
      error =>
        !stop.signal.aborted &&
        setState(before => ({ ...before, problem: Problem.from(error), busy: false }))
    );
    return () => stop.abort();
    // The question is written anew at every drawing; `deps` say when it is another one.
  }, [count, ...deps]);
  return { ...state, again };
}

/** Do something when asked to: `run` never rejects, what failed is in `problem`. */
export function useDeed<Arguments extends unknown[], Value>(
  deed: (...given: Arguments) => Promise<Value>
): {
  run: (...given: Arguments) => Promise<Value | undefined>;
  busy: boolean;
  problem: Problem | null;
  clear: () => void;
} {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(deed);
  latest.current = deed;
  const run = useCallback(async (...given: Arguments): Promise<Value | undefined> => {
    setBusy(true);
    setProblem(null);
    try {
      return await latest.current(...given);
    } catch (error) {
      setProblem(Problem.from(error));
      return undefined;
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setProblem(null), []);
  return { run, busy, problem, clear };
}

/** Follow a job while the component is shown; null while there is none to follow. */
export function useFollowing(jobs: Jobs, id: string | null, job?: Job): IFollowing | null {
  const [following, setFollowing] = useState<IFollowing | null>(null);
  useEffect(() => {
    if (!id) {
      setFollowing(null);
      return;
    }
    const lease = jobs.follow(id, job);
    setFollowing(lease);
    return () => lease.dispose();
  }, [jobs, id]);
  useSignal(following?.changed);
  return following && following.id === id ? following : null;
}

/** Return ids for a label, a hint and a complaint that belong together. */
export function useIds(): { own: string; label: string; hint: string; complaint: string } {
  const own = `jp-recrate-${useId().replace(/:/g, '')}`;
  return { own, label: `${own}-label`, hint: `${own}-hint`, complaint: `${own}-complaint` };
}

/** Return the value as it was at most `seconds` ago: for what screen readers say aloud. */
export function useThrottled<Value>(value: Value, seconds: number): Value {
  const [shown, setShown] = useState(value);
  const since = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, since.current + seconds * 1000 - Date.now());
    const timer = setTimeout(() => {
      since.current = Date.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, seconds]);
  return shown;
}

/** Return how often the signal said something that `counts`, since the component is shown. */
export function useWatched<Said>(
  signal: ISignal<unknown, Said>,
  counts: (said: Said) => boolean
): number {
  const [count, more] = useReducer((before: number) => before + 1, 0);
  const latest = useRef(counts);
  latest.current = counts;
  useEffect(() => {
    const slot = (_: unknown, said: Said): void => {
      if (latest.current(said)) {
        more();
      }
    };
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
  return count;
}

/** Whether Lab's theme is a light one now. Lab writes it on the body. */
export function useLightness(): boolean {
  const read = (): boolean => document.body.dataset['jpThemeLight'] !== 'false';
  const [isLight, setLight] = useState(read);
  useEffect(() => {
    const watch = new MutationObserver(() => setLight(read()));
    watch.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light'] });
    return () => watch.disconnect();
  }, []);
  return isLight;
}
