import type { ISessionContextDialogs } from '@jupyterlab/apputils';
import type { CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import type { ITranslator } from '@jupyterlab/translation';

import { Problem } from '../api';
import type { Ending, IPlayer, IStage } from './runner';

/** Opens the session's notebooks in JupyterLab. */
export class LabStage implements IStage {
  constructor(
    private readonly _documents: IDocumentManager,
    private readonly _dialogs: ISessionContextDialogs | null,
    private readonly _translator: ITranslator
  ) {}

  async open(path: string): Promise<IPlayer> {
    const panel = this._documents.openOrReveal(path);
    if (!(panel instanceof NotebookPanel)) {
      throw new Problem({
        message: 'this notebook cannot be opened',
        reason: 'bad-input',
        where: path
      });
    }
    await panel.context.ready;
    await panel.revealed;
    return new LabPlayer(panel, this._dialogs, this._translator);
  }
}

/** Runs the cells of a notebook in JupyterLab, as the person would. */
export class LabPlayer implements IPlayer {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _dialogs: ISessionContextDialogs | null,
    private readonly _translator: ITranslator
  ) {}

  ids(): string[] {
    return this._panel.content.widgets
      .map(cell => cell.model)
      .filter(model => model.type === 'code' && model.sharedModel.getSource().trim() !== '')
      .map(model => model.id);
  }

  async begin(): Promise<void> {
    const { sessionContext, content } = this._panel;
    await sessionContext.ready;
    if (sessionContext.hasNoKernel) {
      const isUnclear = await sessionContext.startKernel();
      if (isUnclear && this._dialogs) {
        await this._dialogs.selectKernel(sessionContext);
      }
    } else {
      await sessionContext.restartKernel();
    }
    if (sessionContext.hasNoKernel) {
      throw new Problem({
        message: 'no kernel was started for this notebook',
        reason: 'not-found',
        where: sessionContext.path,
        hint: 'choose a kernel at the top right of the notebook'
      });
    }
    NotebookActions.clearAllOutputs(content);
  }

  async run(id: string): Promise<Ending> {
    const { content, sessionContext } = this._panel;
    const cell = content.widgets.find(one => one.model.id === id);
    if (!cell || content.isDisposed) {
      return 'lost';
    }
    const isDone = await NotebookActions.runCells(
      content,
      [cell],
      sessionContext,
      this._dialogs ?? undefined,
      this._translator
    );
    if (isDone) {
      return 'ok';
    }
    return !cell.isDisposed && hasError(cell as CodeCell) ? 'error' : 'lost';
  }

  async interrupt(): Promise<void> {
    await this._panel.sessionContext.session?.kernel?.interrupt();
  }

  async save(): Promise<void> {
    if (!this._panel.isDisposed) {
      await this._panel.context.save();
    }
  }
}

function hasError(cell: CodeCell): boolean {
  const { outputs } = cell.model as ICodeCellModel;
  return Array.from({ length: outputs.length }, (_, at) => outputs.get(at).type).includes('error');
}
