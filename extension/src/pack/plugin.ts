import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import { recrateIcon } from '../icons';
import { CommandIDs, DOMAIN, PALETTE_CATEGORY } from '../names';
import { IDepositors, IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import type { Words } from '../words';
import { Lab } from './lab';
import { PackPanel } from './panel';
import { plain, studyOf } from './places';
import { StudySession } from './session';

const NAMESPACE = 'recrate-pack';

/** A study's document; closing it ends nothing that runs on the server. */
class StudyWidget extends MainAreaWidget<RoomWidget> {
  constructor(
    readonly session: StudySession,
    depositors: IDepositors | null,
    trans: Words
  ) {
    const draw = () => React.createElement(PackPanel, { session, depositors });
    const content = new RoomWidget(session.recrate, trans, draw);
    content.addClass('jp-recrate-PackRoom');
    super({ content });
    this.toolbar.hide();
    this.id = `${NAMESPACE}:${session.path}`;
    this.title.icon = recrateIcon;
    this.title.label = trans.__('Package & publish — %1', session.name);
    this.title.caption = session.path || '/';
    this.title.closable = true;
  }

  override dispose(): void {
    this.session.dispose();
    super.dispose();
  }
}

/**
 * Return a function that tells the item of the file browser whose context menu called a command;
 * null where it was called otherwise. A context menu closes just before its command is called.
 */
function contextPath(
  app: JupyterFrontEnd,
  browser: IDefaultFileBrowser | null
): () => string | null {
  let isCalling = false;
  app.contextMenu.menu.aboutToClose.connect(() => {
    isCalling = true;
    setTimeout(() => (isCalling = false));
  });
  return () => {
    const item = isCalling && app.contextMenuHitTest(node => !!node.closest('.jp-DirListing-item'));
    return item ? (browser?.selectedItems().next().value?.path ?? null) : null;
  };
}

/** "Package & publish": from a folder to a crate. */
export const packPlugin: JupyterFrontEndPlugin<void> = {
  id: 'recrate:pack',
  description:
    'Takes a study from a folder to a crate: scan, describe, check by running, pack, publish.',
  autoStart: true,
  requires: [IRecrate, IDocumentManager],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IDefaultFileBrowser,
    INotebookTracker,
    IDepositors
  ],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    documents: IDocumentManager,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    browser: IDefaultFileBrowser | null,
    notebooks: INotebookTracker | null,
    depositors: IDepositors | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const lab = new Lab(app, documents, browser, translator?.languageCode ?? 'en');
    const tracker = new WidgetTracker<StudyWidget>({ namespace: NAMESPACE });
    const local = (path: string): string => app.serviceManager.contents.localPath(path);

    const pointedAt = contextPath(app, browser);

    /**
     * What a person points at: the argument, the item whose context menu it was, the notebook in
     * front, or else the folder that the file browser shows.
     */
    const meant = (path: unknown): { study: string; kernel: string | null } => {
      const open = notebooks?.currentWidget ?? null;
      const isInFront = open !== null && app.shell.currentWidget === open;
      const said = typeof path === 'string' ? path : pointedAt();
      const pointed = plain(
        local(said ?? (isInFront ? open.context.path : (browser?.model.path ?? '')))
      );
      if (!pointed.endsWith('.ipynb')) {
        return { study: pointed, kernel: null };
      }
      const sessions = [...app.serviceManager.sessions.running()];
      const running = sessions.find(one => plain(local(one.path)) === pointed);
      return { study: studyOf(pointed, false), kernel: running?.kernel?.name ?? null };
    };

    const open = (study: string, kernel: string | null): StudyWidget => {
      const known = tracker.find(one => one.session.path === study);
      if (known) {
        app.shell.activateById(known.id);
        return known;
      }
      const session = new StudySession(study, recrate, lab);
      const widget = new StudyWidget(session, depositors, trans);
      void session.open(kernel);
      void tracker.add(widget);
      app.shell.add(widget, 'main');
      return widget;
    };

    app.commands.addCommand(CommandIDs.package, {
      label: trans.__('Package & Publish…'),
      caption: trans.__('Pack this study as a crate, check it by running, publish it'),
      icon: recrateIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            path: { type: 'string', description: 'Contents path of a folder or notebook' }
          }
        }
      },
      execute: args => {
        const { study, kernel } = meant(args['path']);
        const widget = open(study, kernel);
        app.shell.activateById(widget.id);
        return widget;
      }
    });

    palette?.addItem({ command: CommandIDs.package, category: PALETTE_CATEGORY });
    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.package,
        args: widget => ({ path: widget.session.path }),
        name: widget => widget.session.path || '/'
      });
    }
  }
};
