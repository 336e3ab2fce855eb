import { ISignal, Signal } from '@lumino/signaling';

import { Problem } from '../api';
import type { SessionModel } from './model';

/** How a cell's run ended: `lost` when its kernel is gone, or somebody interrupted it. */
export type Ending = 'ok' | 'error' | 'lost';

/** An open notebook that can be run cell by cell. */
export interface IPlayer {
  /** The ids of the code cells that have code, in order. */
  ids(): string[];
  /** Take all outputs away and start a fresh kernel; rejects when there is none. */
  begin(): Promise<void>;
  run(id: string): Promise<Ending>;
  interrupt(): Promise<void>;
  save(): Promise<void>;
}

/** Opens notebooks. */
export interface IStage {
  open(path: string): Promise<IPlayer>;
}

/** Where a run is. */
export interface IRunning {
  paths: readonly string[];
  /** Which of the paths, from 0. */
  at: number;
  /** How many of its cells have run, of how many. */
  done: number;
  cells: number;
  isStopping: boolean;
}

/** Why a notebook did not come to its end. */
export interface IHalt {
  path: string;
  id: string | null;
  why: Exclude<Ending, 'ok'> | 'stopped';
}

/** How the last run ended. */
export interface IOutcome {
  paths: readonly string[];
  halts: IHalt[];
  problem: Problem | null;
}

/** Runs notebooks from their top in fresh kernels, until all that they give is compared. */
export class Runner {
  constructor(
    private readonly _model: SessionModel,
    private readonly _stage: IStage
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A run has ended, and everything is compared. */
  get ended(): ISignal<this, IOutcome> {
    return this._ended;
  }

  /** Where it is; null while nothing is run. */
  get running(): IRunning | null {
    return this._running;
  }

  get outcome(): IOutcome | null {
    return this._outcome;
  }

  /** Run notebooks one after the other; the next one also when one fails. Never rejects. */
  async run(paths: readonly string[], { save = false } = {}): Promise<void> {
    if (this._running || paths.length === 0) {
      return;
    }
    const outcome: IOutcome = { paths, halts: [], problem: null };
    this._outcome = null;
    this._step({ paths, at: 0, done: 0, cells: 0, isStopping: false });
    try {
      for (const [at, path] of paths.entries()) {
        this._step({ at, done: 0, cells: 0 });
        const halt = await this._play(path, save);
        if (halt) {
          outcome.halts.push(halt);
        }
        if (this._isStopping) {
          break;
        }
      }
    } catch (error) {
      outcome.problem = Problem.from(error);
    }
    this._player = null;
    this._running = null;
    this._outcome = outcome;
    this._changed.emit();
    this._ended.emit(outcome);
  }

  /** Interrupt the cell that runs; what has run stays. */
  async stop(): Promise<void> {
    if (this._running && !this._running.isStopping) {
      this._step({ isStopping: true });
      await this._player?.interrupt();
    }
  }

  private get _isStopping(): boolean {
    return this._running?.isStopping ?? false;
  }

  private async _play(path: string, save: boolean): Promise<IHalt | null> {
    const player = await this._stage.open(path);
    this._player = player;
    const marks = this._model.marksOf(path);
    await player.begin();
    marks?.beginWhole();
    const halt = this._isStopping
      ? ({ path, id: null, why: 'stopped' } as const)
      : await this._runCells(path, player);
    await this._model.idle;
    marks?.endWhole();
    if (save) {
      await player.save();
    }
    return halt;
  }

  private async _runCells(path: string, player: IPlayer): Promise<IHalt | null> {
    const ids = player.ids();
    for (const [done, id] of ids.entries()) {
      this._step({ done, cells: ids.length });
      const ending = await player.run(id);
      if (this._isStopping) {
        return { path, id, why: 'stopped' };
      }
      if (ending !== 'ok') {
        return { path, id, why: ending };
      }
    }
    this._step({ done: ids.length, cells: ids.length });
    return null;
  }

  private _step(part: Partial<IRunning>): void {
    this._running = { ...(this._running ?? NOWHERE), ...part };
    this._changed.emit();
  }

  private _running: IRunning | null = null;
  private _outcome: IOutcome | null = null;
  private _player: IPlayer | null = null;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _ended = new Signal<this, IOutcome>(this);
}

const NOWHERE: IRunning = { paths: [], at: 0, done: 0, cells: 0, isStopping: false };
