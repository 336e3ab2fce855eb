import {
  ILabShell,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, ISessionContextDialogs, IThemeManager } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { DOMAIN } from '../names';
import { IRecrate } from '../tokens';
import { begin } from './begin';

/** The reviewer's view: where JupyterLab was opened in a crate; elsewhere it does nothing. */
export const session: JupyterFrontEndPlugin<void> = {
  id: 'recrate:session',
  description: 'Shows what a session is of, compares what is run with what was recorded.',
  autoStart: true,
  requires: [IRecrate, INotebookTracker, IDocumentManager],
  optional: [
    ITranslator,
    ILabShell,
    ICommandPalette,
    IMainMenu,
    IDefaultFileBrowser,
    IThemeManager,
    ISessionContextDialogs
  ],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    notebooks: INotebookTracker,
    documents: IDocumentManager,
    translator: ITranslator | null,
    shell: ILabShell | null,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
    browser: IDefaultFileBrowser | null,
    themes: IThemeManager | null,
    dialogs: ISessionContextDialogs | null
  ): void => {
    const words = translator ?? nullTranslator;
    const trans = words.load(DOMAIN);
    const tools = { app, recrate, notebooks, documents, trans, translator: words };
    // A server that is older, or gone, has no session to show; the other rooms tell of it.
    recrate.api.readSession().then(
      found => found && begin(found, { ...tools, shell, palette, menu, browser, themes, dialogs }),
      () => undefined
    );
  }
};
