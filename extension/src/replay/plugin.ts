import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import { recrateIcon } from '../icons';
import { CommandIDs, DOMAIN, PALETTE_CATEGORY } from '../names';
import { IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import { ReplayForm } from './form';
import { RunView } from './run';

const FORM = 'recrate-replay:';
const RUN = 'recrate-run:';

/** Replay a crate, watch it, and see its verdict. */
export const replay: JupyterFrontEndPlugin<void> = {
  id: 'recrate:replay',
  description: 'Replays crates: choose where and how, watch each cell, get the verdict.',
  autoStart: true,
  requires: [IRecrate],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    browser: IDefaultFileBrowser | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const rooms = new Rooms(app, 'recrate-replays');
    const openForm = (path: string) =>
      rooms.open(
        FORM + path,
        trans.__('Replay — %1', nameOf(path)),
        widget =>
          new RoomWidget(recrate, trans, () =>
            React.createElement(ReplayForm, {
              path,
              onStarted: job => {
                void app.commands.execute(CommandIDs.openJob, { id: job.id });
                widget().dispose();
              }
            })
          )
      );
    const openRun = (id: string): Room =>
      rooms.open(
        RUN + id,
        trans.__('Run'),
        widget =>
          new RoomWidget(recrate, trans, () =>
            React.createElement(RunView, {
              id,
              onNamed: name => (widget().title.label = trans.__('Run — %1', nameOf(name))),
              onAgain: path => void openForm(path),
              onStarted: job => void openRun(job.id),
              onShow: path => void show(app, browser, path)
            })
          )
      );
    app.commands.addCommand(CommandIDs.replay, {
      label: trans.__('Replay a Crate…'),
      caption: trans.__('Run the notebooks of a crate again and compare every output'),
      icon: recrateIcon,
      describedBy: { args: { type: 'object', properties: { path: { type: 'string' } } } },
      execute: args => {
        const selected = browser?.selectedItems().next().value;
        const path = typeof args['path'] === 'string' ? args['path'] : selected?.path;
        return path?.endsWith('.crate.zip') || args['path'] || selected?.type === 'directory'
          ? openForm(path ?? '')
          : app.commands.execute(CommandIDs.openCrate);
      }
    });
    app.commands.addCommand(CommandIDs.openJob, {
      label: trans.__('Open Run'),
      icon: recrateIcon,
      describedBy: {
        args: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
      },
      execute: args => openRun(String(args['id'] ?? ''))
    });
    palette?.addItem({ command: CommandIDs.replay, category: PALETTE_CATEGORY });
    void restorer?.restore(rooms.tracker, {
      command: CommandIDs.reopen,
      args: widget => ({ id: widget.id }),
      name: widget => widget.id
    });
    app.commands.addCommand(CommandIDs.reopen, {
      label: trans.__('Open Again'),
      isVisible: () => false,
      describedBy: {
        args: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
      },
      execute: args => {
        const id = String(args['id'] ?? '');
        return id.startsWith(RUN) ? openRun(id.slice(RUN.length)) : openForm(id.slice(FORM.length));
      }
    });
  }
};

type Room = MainAreaWidget<RoomWidget>;

/** Documents of this room: one for each id, shown again where it is open already. */
class Rooms {
  readonly tracker: WidgetTracker<Room>;

  constructor(
    private readonly _app: JupyterFrontEnd,
    namespace: string
  ) {
    this.tracker = new WidgetTracker<Room>({ namespace });
  }

  open(id: string, title: string, make: (widget: () => Room) => RoomWidget): Room {
    let widget = this.tracker.find(open => open.id === id);
    if (!widget) {
      const made: Room = new MainAreaWidget({ content: make(() => made) });
      made.id = id;
      made.title.label = title;
      made.title.icon = recrateIcon;
      made.title.closable = true;
      void this.tracker.add(made);
      this._app.shell.add(made, 'main');
      widget = made;
    }
    this._app.shell.activateById(widget.id);
    return widget;
  }
}

async function show(
  app: JupyterFrontEnd,
  browser: IDefaultFileBrowser | null,
  path: string
): Promise<void> {
  if (browser) {
    const at = path.lastIndexOf('/');
    await browser.model.cd(`/${path.slice(0, Math.max(0, at))}`);
    await browser.model.refresh();
    app.shell.activateById(browser.id);
    await browser.selectItemByName(path.slice(at + 1));
  }
}

function nameOf(path: string): string {
  return path.split('/').filter(Boolean).pop() ?? '/';
}
