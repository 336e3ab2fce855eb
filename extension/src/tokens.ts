/** What other extensions can ask for and add to. Stable: see docs for developers. */
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';
import type { ReactElement } from 'react';

import type { Api, Jobs } from './api';
import type { IMemory } from './state';

/** The way into recrate for other extensions. */
export const IRecrate = new Token<IRecrate>(
  'recrate:IRecrate',
  'Packs, replays and reviews studies: asks the server, follows its jobs, opens its documents.'
);

export interface IRecrate {
  /** Every question of the server's contract. */
  readonly api: Api;
  /** Long work: start it, follow it, list it. */
  readonly jobs: Jobs;
  /** What is remembered over reloads. */
  readonly memory: IMemory;
  /** Open "Package & publish" for a study, by its contents path. */
  openStudy(path: string): Promise<void>;
  /** Open a crate (`.crate.zip` or folder), by its contents path. */
  openCrate(path: string): Promise<void>;
  /** Open the report of a run, by the id of its job. */
  openRun(id: string): Promise<void>;
  /** Open the review of a run, by the id of its job. */
  openReview(id: string): Promise<void>;
  /** Open where the verdict of a run is published, by the id of its job. */
  publishVerdict(id: string): Promise<void>;
}

/** Repositories that take a crate and give a DOI, beside those that the server offers. */
export const IDepositors = new Token<IDepositors>(
  'recrate:IDepositors',
  'Takes depositors: repositories that a crate can be published in.'
);

export interface IDepositor {
  /** Stable and unique, e.g. `our-institute`. */
  readonly name: string;
  /** As people see it, already translated. */
  readonly title: string;
  /** A sentence below the title. */
  readonly description?: string;
  readonly icon?: LabIcon;
  /** Return why it cannot be used now; null when it can. */
  unavailable?(): Promise<string | null>;
  /** Take over: open whatever asks the person for more, and deposit. Rejects with a sentence. */
  publish(crate: IDeposit): Promise<void>;
}

/** What a depositor is handed. */
export interface IDeposit {
  /** Contents path of the crate's file. */
  readonly path: string;
  /** SHA-256 of its sorted payload manifest. */
  readonly identity: string;
  readonly name: string;
}

export interface IDepositors {
  readonly all: readonly IDepositor[];
  readonly changed: ISignal<IDepositors, void>;
  /** Add a depositor; dispose what comes back to take it away. Throws when the name is taken. */
  register(depositor: IDepositor): IDisposable;
}

/** Sections of the side panel; recrate's own Runs section stands there by the same door. */
export const IPanelSections = new Token<IPanelSections>(
  'recrate:IPanelSections',
  'Takes sections for the side panel of recrate.'
);

export interface IPanelSection {
  /** Stable and unique, e.g. `our-institute:queue`. */
  readonly id: string;
  /** As people see it, already translated. */
  readonly title: string;
  /** Lower stands higher; Runs has 100. */
  readonly rank: number;
  /** A React element, drawn inside recrate's `Room`, or a widget. */
  create(): ReactElement | Widget;
}

export interface IPanelSections {
  readonly all: readonly IPanelSection[];
  readonly changed: ISignal<IPanelSections, void>;
  /** Add a section; dispose what comes back to take it away. Throws when the id is taken. */
  register(section: IPanelSection): IDisposable;
}
