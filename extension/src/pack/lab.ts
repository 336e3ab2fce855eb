import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry, IDocumentWidget } from '@jupyterlab/docregistry';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { NotebookPanel } from '@jupyterlab/notebook';

import { bring } from '../cells';
import { isInside } from './places';

/** A kernel that runs a notebook of the study. */
export interface IRunningKernel {
  name: string;
  title: string;
  /** Contents path of the notebook. */
  notebook: string;
}

/** What the document needs of the rest of JupyterLab. */
export interface ILab {
  /** The language of the page. */
  readonly language: 'en' | 'ja';
  /** Contents paths of open documents of the study with changes that are not saved. */
  unsaved(study: string): string[];
  /** Save open documents; rejects with the first that cannot be. */
  save(paths: readonly string[]): Promise<void>;
  /** Kernels that run notebooks of the study, one for each name. */
  kernels(study: string): IRunningKernel[];
  /** Show open documents as they are on disk now; those with unsaved changes are left alone. */
  reload(paths: readonly string[]): Promise<void>;
  /** Open a notebook at a cell, or a file at a line (from 1). */
  goTo(path: string, cell: number | null, line: number | null): Promise<void>;
  /** Show a file in the file browser. */
  show(path: string): Promise<void>;
  /** Save a file through the browser. */
  download(path: string): Promise<void>;
  run(command: string, args: Record<string, string>): void;
}

export class Lab implements ILab {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _documents: IDocumentManager,
    private readonly _browser: IDefaultFileBrowser | null,
    private readonly _languageCode: string
  ) {}

  get language(): 'en' | 'ja' {
    return this._languageCode.startsWith('ja') ? 'ja' : 'en';
  }

  unsaved(study: string): string[] {
    return this._open()
      .filter(context => context.model.dirty && isInside(this._local(context.path), study))
      .map(context => this._local(context.path));
  }

  async save(paths: readonly string[]): Promise<void> {
    for (const context of this._openAt(paths)) {
      await context.save();
    }
  }

  kernels(study: string): IRunningKernel[] {
    const found = new Map<string, IRunningKernel>();
    const specs = this._app.serviceManager.kernelspecs.specs?.kernelspecs ?? {};
    for (const session of this._app.serviceManager.sessions.running()) {
      const name = session.kernel?.name;
      const notebook = this._local(session.path);
      if (name && !found.has(name) && isInside(notebook, study)) {
        found.set(name, { name, title: specs[name]?.display_name ?? name, notebook });
      }
    }
    return [...found.values()];
  }

  async reload(paths: readonly string[]): Promise<void> {
    for (const context of this._openAt(paths)) {
      if (!context.model.dirty) {
        await context.revert();
      }
    }
  }

  async goTo(path: string, cell: number | null, line: number | null): Promise<void> {
    const widget = this._documents.openOrReveal(path);
    if (!widget) {
      return;
    }
    await widget.context.ready;
    await widget.revealed;
    if (widget instanceof NotebookPanel && cell !== null) {
      await bring(widget.content, Math.min(cell, widget.content.widgets.length - 1));
    } else if (line !== null) {
      goToLine(widget, line);
    }
  }

  async show(path: string): Promise<void> {
    if (!this._browser) {
      return;
    }
    await this._browser.model.cd(`/${PathExt.dirname(path)}`);
    await this._browser.model.refresh();
    this._app.shell.activateById(this._browser.id);
    await this._browser.selectItemByName(PathExt.basename(path));
  }

  async download(path: string): Promise<void> {
    const link = document.createElement('a');
    link.href = await this._app.serviceManager.contents.getDownloadUrl(path);
    link.download = PathExt.basename(path);
    link.rel = 'noopener';
    document.body.appendChild(link);
    link.click();
    link.remove();
  }

  run(command: string, args: Record<string, string>): void {
    void this._app.commands.execute(command, args).catch(error => console.warn(error));
  }

  private _openAt(paths: readonly string[]): DocumentRegistry.Context[] {
    return this._open().filter(context => paths.includes(this._local(context.path)));
  }

  /** Contexts of all open documents, each once. */
  private _open(): DocumentRegistry.Context[] {
    const contexts = new Set<DocumentRegistry.Context>();
    for (const area of ['main', 'left', 'right', 'down']) {
      for (const widget of this._app.shell.widgets(area)) {
        const context = this._documents.contextForWidget(widget);
        if (context) {
          contexts.add(context);
        }
      }
    }
    return [...contexts];
  }

  private _local(path: string): string {
    return this._app.serviceManager.contents.localPath(path);
  }
}

/** Put the cursor of a text editor at a line, where the document is one. */
function goToLine(widget: IDocumentWidget, line: number): void {
  const { editor } = widget.content as {
    editor?: { setCursorPosition: (at: { line: number; column: number }) => void };
  };
  editor?.setCursorPosition({ line: Math.max(0, line - 1), column: 0 });
}
