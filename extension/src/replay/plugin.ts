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
import type { Words } from '../words';
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
    const rooms = new Rooms(app, recrate, trans, browser);
    addCommands(app, rooms, trans, browser);
    palette?.addItem({ command: CommandIDs.replay, category: PALETTE_CATEGORY });
    void restorer?.restore(rooms.tracker, {
      command: CommandIDs.reopen,
      args: widget => ({ id: widget.id }),
      name: widget => widget.id
    });
  }
};

function addCommands(
  app: JupyterFrontEnd,
  rooms: Rooms,
  trans: Words,
  browser: IDefaultFileBrowser | null
): void {
  const byId = {
    args: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
  } as const;
  app.commands.addCommand(CommandIDs.replay, {
    label: trans.__('Replay a Crate…'),
    caption: trans.__('Run the notebooks of a crate again and compare every output'),
    icon: recrateIcon,
    describedBy: { args: { type: 'object', properties: { path: { type: 'string' } } } },
    execute: args => {
      const selected = browser?.selectedItems().next().value;
      const path = typeof args['path'] === 'string' ? args['path'] : selected?.path;
      return path?.endsWith('.crate.zip') || args['path'] || selected?.type === 'directory'
        ? rooms.openForm(path ?? '')
        : app.commands.execute(CommandIDs.openCrate);
    }
  });
  app.commands.addCommand(CommandIDs.openJob, {
    label: trans.__('Open Run'),
    icon: recrateIcon,
    describedBy: byId,
    execute: args => rooms.openRun(String(args['id'] ?? ''))
  });
  app.commands.addCommand(CommandIDs.reopen, {
    label: trans.__('Open Again'),
    isVisible: () => false,
    describedBy: byId,
    execute: args => rooms.reopen(String(args['id'] ?? ''))
  });
}

type Room = MainAreaWidget<RoomWidget>;

/** Documents of this room: one for each id, shown again where it is open already. */
class Rooms {
  readonly tracker = new WidgetTracker<Room>({ namespace: 'recrate-replays' });

  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _recrate: IRecrate,
    private readonly _trans: Words,
    private readonly _browser: IDefaultFileBrowser | null
  ) {}

  /** Open the form that replays a crate. */
  openForm(path: string): Room {
    const title = this._trans.__('Replay — %1', nameOf(path));
    return this._open(FORM + path, title, widget =>
      React.createElement(ReplayForm, {
        path,
        onStarted: job => {
          this.openRun(job.id);
          widget().dispose();
        }
      })
    );
  }

  /** Open a run, at whatever it is. */
  openRun(id: string): Room {
    return this._open(RUN + id, this._trans.__('Run'), widget =>
      React.createElement(RunView, {
        id,
        onNamed: name => (widget().title.label = this._trans.__('Run — %1', nameOf(name))),
        onAgain: path => void this.openForm(path),
        onStarted: job => void this.openRun(job.id),
        onShow: path => void show(this._app, this._browser, path)
      })
    );
  }

  /** Open a document of an earlier page by the id that its widget had. */
  reopen(id: string): Room {
    return id.startsWith(RUN)
      ? this.openRun(id.slice(RUN.length))
      : this.openForm(id.slice(FORM.length));
  }

  private _open(id: string, title: string, draw: (widget: () => Room) => React.ReactElement): Room {
    let widget = this.tracker.find(open => open.id === id);
    if (!widget) {
      const content = new RoomWidget(this._recrate, this._trans, () => draw(() => made));
      const made: Room = new MainAreaWidget({ content });
      made.toolbar.hide();
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
