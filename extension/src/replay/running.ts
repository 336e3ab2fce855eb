/** Notebooks while they run, read off a job's progress. Pure. */
import type { Progress } from '../api';

export interface ILiveNotebook {
  path: string;
  state: 'waiting' | 'running' | 'done';
  /** The cell that runs, from 1, of how many; 0 of 0 while not known. */
  cell: number;
  cells: number;
}

/**
 * Return how far each notebook is; empty while none runs yet.
 *
 * paths: the notebooks in the order in which they run
 * The message of the stage "replay" is a path, then `, cell 3 of 10` once a cell runs; what is
 * before that notebook has run.
 */
export function liveNotebooks(
  paths: readonly string[],
  progress: Progress | null | undefined
): ILiveNotebook[] {
  if (progress?.stage !== 'replay') {
    return [];
  }
  const said = /^(.*), cell (\d+) of (\d+)$/.exec(progress.message);
  const path = said?.[1] ?? progress.message;
  const found = paths.indexOf(path);
  const isOver = progress.total > 0 && progress.done >= progress.total;
  const current = isOver ? paths.length : found;
  return paths.map((one, at) => ({
    path: one,
    state: at < current ? 'done' : at === current ? 'running' : 'waiting',
    cell: at === current ? Number(said?.[2] ?? 0) : 0,
    cells: at === current ? Number(said?.[3] ?? 0) : 0
  }));
}
