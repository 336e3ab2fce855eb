import type { ILabShell } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { ISignal, Signal } from '@lumino/signaling';

/** Where the person is: the folder of the notebook in front, else the file browser's folder. */
export class Place {
  constructor(
    private readonly _browser: IDefaultFileBrowser | null,
    private readonly _notebooks: INotebookTracker | null,
    private readonly _shell: ILabShell | null
  ) {
    const moved = (): void => this._changed.emit();
    _browser?.model.pathChanged.connect(moved);
    _notebooks?.currentChanged.connect(moved);
    _shell?.currentChanged.connect(moved);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Contents path of the folder that would be packed; empty for the root. */
  get folder(): string {
    const notebook = this.notebook;
    return notebook === null ? (this._browser?.model.path ?? '') : PathExt.dirname(notebook);
  }

  /** Contents path of the notebook in front, or null. */
  get notebook(): string | null {
    const current = this._notebooks?.currentWidget ?? null;
    const inFront = this._shell === null || this._shell.currentWidget === current;
    return current && inFront ? withoutDrive(current.context.path) : null;
  }

  private readonly _changed = new Signal<this, void>(this);
}

/** The server knows its own files only: a drive of another extension stays as it is written. */
function withoutDrive(path: string): string {
  return path.startsWith('RTC:') ? path.slice('RTC:'.length) : path;
}
