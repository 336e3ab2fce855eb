import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookPanel, type Notebook } from '@jupyterlab/notebook';

import type { Job } from '../api';

const SUFFIX = '.crate.zip';
const TURNS = 20;
const TURN_MILLISECONDS = 150;

/**
 * Return where the recorded notebook of a run can lie among the person's files: in the study that
 * was checked, in the crate's folder, or in the folder of the crate's name beside its file.
 *
 * Undefined when the notebook's path leads out of there: its name comes from a stranger.
 */
export function notebookPath(
  job: Pick<Job, 'kind' | 'subject'>,
  notebook: string
): string | undefined {
  const { subject } = job;
  const folder = subject.endsWith(SUFFIX) ? subject.slice(0, -SUFFIX.length) : subject;
  const parts = notebook.split('/');
  if (notebook.startsWith('/') || parts.includes('..') || notebook.includes(':')) {
    return undefined;
  }
  return PathExt.join(folder, notebook);
}

/** Opens a run's notebook at a cell, where it can. */
export interface IJumper {
  /** Return false when the notebook is not among the person's files. */
  jump(job: Pick<Job, 'kind' | 'subject'>, notebook: string, cell: number): Promise<boolean>;
}

export class Jumper implements IJumper {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _documents: IDocumentManager
  ) {}

  async jump(job: Pick<Job, 'kind' | 'subject'>, notebook: string, cell: number): Promise<boolean> {
    const path = notebookPath(job, notebook);
    if (path === undefined || !(await this._exists(path))) {
      return false;
    }
    const widget = this._documents.openOrReveal(path);
    if (!widget) {
      return false;
    }
    await widget.context.ready;
    await widget.revealed;
    if (widget instanceof NotebookPanel) {
      await bring(widget.content, Math.min(cell, widget.content.widgets.length - 1));
    }
    return true;
  }

  private async _exists(path: string): Promise<boolean> {
    const { contents } = this._app.serviceManager;
    const found = await contents.get(path, { content: false }).catch(() => null);
    return found?.type === 'notebook';
  }
}

/** Make a cell the active one and scroll to it; a notebook that has just opened is laid out bit by bit. */
async function bring(notebook: Notebook, cell: number): Promise<void> {
  notebook.activeCellIndex = cell;
  notebook.deselectAll();
  for (let turn = 0; turn < TURNS && !notebook.isDisposed; turn += 1) {
    await notebook.scrollToItem(cell, 'center').catch(() => undefined);
    await new Promise(resolve => setTimeout(resolve, TURN_MILLISECONDS));
    if (isSeen(notebook.widgets[cell]?.node, notebook.node) && turn > 0) {
      return;
    }
  }
}

function isSeen(cell: HTMLElement | undefined, around: HTMLElement): boolean {
  const inner = cell?.getBoundingClientRect();
  const outer = around.getBoundingClientRect();
  return !!inner && inner.height > 0 && inner.top < outer.bottom && inner.bottom > outer.top;
}
