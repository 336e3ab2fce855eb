import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookPanel } from '@jupyterlab/notebook';

import type { Job } from '../api';
import { bring } from '../cells';

const SUFFIX = '.crate.zip';

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
