import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { NotebookActions, type Notebook, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { PanelLayout, Widget } from '@lumino/widgets';

import type { FreshCell } from '../api';
import type { CellNow, ICells, NotebookMarks } from './marks';

/** The code cells of a notebook in JupyterLab. */
export class LabCells implements ICells {
  constructor(private readonly _notebook: Notebook) {}

  ids(): string[] {
    return this._notebook.widgets.filter(isCode).map(cell => cell.model.id);
  }

  cell(id: string): CellNow | null {
    const index = this._notebook.widgets.findIndex(cell => cell.model.id === id);
    const cell = this._notebook.widgets[index];
    if (!cell || !isCode(cell)) {
      return null;
    }
    const model = cell.model as ICodeCellModel;
    return {
      id,
      index,
      source: model.sharedModel.getSource(),
      execution_count: model.executionCount,
      outputs: model.outputs.toJSON() as unknown as CellNow['outputs']
    };
  }

  around(): NonNullable<FreshCell['around']> {
    return this._notebook.widgets.flatMap((cell, index) =>
      isCode(cell) ? [{ index, id: cell.model.id, source: cell.model.sharedModel.getSource() }] : []
    );
  }
}

/** Watches an open notebook of the session: what runs, ends, changes; every code cell has its mark. */
export class NotebookWatcher implements IDisposable {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _marks: NotebookMarks,
    private readonly _newMark: (id: string) => Widget
  ) {
    void _panel.context.ready.then(() => this._begin());
    _panel.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._marks.closed();
      Signal.clearData(this);
    }
  }

  private _begin(): void {
    const { content, sessionContext } = this._panel;
    if (this._isDisposed || !content.model) {
      return;
    }
    NotebookActions.executionScheduled.connect(this._onScheduled, this);
    NotebookActions.executed.connect(this._onExecuted, this);
    sessionContext.statusChanged.connect(this._onStatus, this);
    content.model.cells.changed.connect(this._sync, this);
    content.modelChanged.connect(this._sync, this);
    this._sync();
    void this._marks.opened(new LabCells(content));
  }

  private _onScheduled(_: unknown, { notebook, cell }: { notebook: Notebook; cell: Cell }): void {
    if (notebook === this._panel.content && isCode(cell)) {
      this._marks.began(cell.model.id);
    }
  }

  private _onExecuted(_: unknown, { notebook, cell }: { notebook: Notebook; cell: Cell }): void {
    if (notebook !== this._panel.content || !isCode(cell)) {
      return;
    }
    const { id, executionCount, outputs } = cell.model as ICodeCellModel;
    if (executionCount === null && outputs.length === 0) {
      this._marks.gaveUp(id); // empty, or aborted behind a cell that failed
    } else {
      this._marks.ended(id);
    }
  }

  private _onStatus(_: unknown, status: Kernel.Status): void {
    if (['restarting', 'autorestarting', 'dead', 'terminating'].includes(status)) {
      this._marks.kernelGone();
    }
  }

  /** Give a mark to each code cell that has none: cells come, go, and are made anew when moved. */
  private _sync(): void {
    for (const cell of this._panel.content.widgets) {
      if (isCode(cell) && !this._marked.has(cell)) {
        this._marked.add(cell);
        this._listen(cell.model as ICodeCellModel);
        // A cell that nobody has scrolled to is not made yet.
        void cell.ready.then(() => {
          if (!cell.isDisposed && !this._isDisposed) {
            (cell.layout as PanelLayout).addWidget(this._newMark(cell.model.id));
          }
        });
      }
    }
  }

  private _listen(model: ICodeCellModel): void {
    model.sharedModel.changed.connect((_, change) => {
      const isEmpty = (): boolean => model.executionCount === null && model.outputs.length === 0;
      if (this._isDisposed) {
        return;
      }
      if (change.outputsChange || change.executionCountChange) {
        // The shared model speaks first: the outputs follow within this turn.
        void Promise.resolve().then(() =>
          isEmpty() ? this._marks.cleared(model.id) : this._marks.shown(model.id)
        );
      } else if (change.sourceChange) {
        this._marks.typed(model.id, model.sharedModel.getSource());
      }
    });
  }

  private _isDisposed = false;
  private readonly _marked = new WeakSet<Cell>();
}

function isCode(cell: Cell): boolean {
  return cell.model.type === 'code';
}
