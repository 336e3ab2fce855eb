import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import { recrateIcon, reportIcon } from '../icons';
import { CommandIDs, DOMAIN, PALETTE_CATEGORY } from '../names';
import { IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import type { Words } from '../words';
import { CampaignPage } from './page';
import { Campaigns } from './panel';

type Room = MainAreaWidget<RoomWidget>;

const PAGE = 'recrate-campaign:';

/** Campaigns: many crates replayed as one resumable batch. */
export const campaign: JupyterFrontEndPlugin<void> = {
  id: 'recrate:campaign',
  description: 'Replays many crates at once: begins, watches, stops and opens campaigns.',
  autoStart: true,
  requires: [IRecrate],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, IDefaultFileBrowser, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    browser: IDefaultFileBrowser | null,
    launcher: ILauncher | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const tracker = new WidgetTracker<Room>({ namespace: 'recrate-campaigns' });
    const open = opener(app, recrate, trans, tracker);
    const chosen = (): string | null =>
      browser?.selectedItems().next().value?.path ?? browser?.model.path ?? null;
    const openPage = (id: string): Room =>
      open(PAGE + id, trans.__('Campaign'), room =>
        React.createElement(CampaignPage, {
          id,
          onNamed: name => (room().title.label = trans.__('Campaign: %1', name))
        })
      );
    app.commands.addCommand(CommandIDs.campaigns, {
      label: trans.__('Campaigns'),
      caption: trans.__('Replay every crate of a list, here or on a cluster'),
      icon: recrateIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () =>
        open('recrate-campaigns', trans.__('Campaigns'), () =>
          React.createElement(Campaigns, { chosen, onOpen: id => void openPage(id) })
        )
    });
    app.commands.addCommand(CommandIDs.openCampaign, {
      label: trans.__('Open the Page of a Campaign'),
      icon: reportIcon,
      isVisible: () => false,
      describedBy: {
        args: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
      },
      execute: args => openPage(String(args['id'] ?? ''))
    });
    palette?.addItem({ command: CommandIDs.campaigns, category: PALETTE_CATEGORY });
    launcher?.add({ command: CommandIDs.campaigns, category: trans.__('Other'), rank: 5 });
    void restorer?.restore(tracker, {
      command: CommandIDs.campaigns,
      name: widget => widget.id
    });
  }
};

/** Return what opens a document of this room, or shows the one that is open already. */
function opener(
  app: JupyterFrontEnd,
  recrate: IRecrate,
  trans: Words,
  tracker: WidgetTracker<Room>
): (id: string, title: string, draw: (room: () => Room) => React.ReactElement) => Room {
  return (id, title, draw) => {
    let widget = tracker.find(one => one.id === id);
    if (!widget) {
      const content = new RoomWidget(recrate, trans, () => draw(() => made));
      const made: Room = new MainAreaWidget({ content });
      made.toolbar.hide();
      made.id = id;
      made.title.label = title;
      made.title.icon = recrateIcon;
      made.title.closable = true;
      if (id.startsWith(PAGE)) {
        content.addClass('jp-recrate-Fill');
      } else {
        void tracker.add(made);
      }
      app.shell.add(made, 'main');
      widget = made;
    }
    app.shell.activateById(widget.id);
    return widget;
  };
}
