import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import {
  Dialog,
  MainAreaWidget,
  showDialog,
  type ICommandPalette,
  type ISessionContextDialogs,
  type IThemeManager
} from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ITranslator } from '@jupyterlab/translation';
import { stopIcon, ToolbarButton } from '@jupyterlab/ui-components';
import React from 'react';

import type { Session } from '../api';
import { bring } from '../cells';
import { compareIcon, reviewIcon, verdictIcon } from '../icons';
import { CommandIDs, PALETTE_CATEGORY, SESSION_PANEL_ID } from '../names';
import { Lab } from '../pack/lab';
import { LabGround } from '../review/pages';
import type { IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import type { Words } from '../words';
import { Announcer } from './announcer';
import { BannerWidget } from './banner';
import type { ISessionRoom } from './context';
import { MarkWidget } from './mark';
import { SessionModel } from './model';
import { SessionPanelWidget } from './panel';
import { Runner } from './runner';
import { LabStage } from './stage';
import { GiveVerdict } from './verdict';
import { NotebookWatcher } from './watch';

const KEYS = ['Accel Alt Enter'];
const VERDICT_ID = 'recrate-session-verdict';

/** What of JupyterLab a session is shown with. */
export interface ITools {
  app: JupyterFrontEnd;
  recrate: IRecrate;
  notebooks: INotebookTracker;
  documents: IDocumentManager;
  trans: Words;
  translator: ITranslator;
  shell: ILabShell | null;
  palette: ICommandPalette | null;
  menu: IMainMenu | null;
  browser: IDefaultFileBrowser | null;
  themes: IThemeManager | null;
  dialogs: ISessionContextDialogs | null;
}

/** Show a session: banner, marks, panel, commands. */
export function begin(found: Session, tools: ITools): void {
  const room = roomOf(found, tools);
  const panel = newPanel(room, tools);
  addCommands(room, panel, tools);
  addWays(tools);
  const { app, recrate, trans, shell } = tools;
  shell?.add(new BannerWidget(recrate, trans, room), 'header');
  app.shell.add(panel, 'right', { rank: 50 });
  room.runner.changed.connect(() => {
    [CommandIDs.runCompare, CommandIDs.stopCompare].forEach(id =>
      app.commands.notifyCommandChanged(id)
    );
  });
  watchNotebooks(room, tools);
}

function roomOf(found: Session, tools: ITools): ISessionRoom {
  const { app, recrate, documents, browser, translator, dialogs, notebooks } = tools;
  const model = new SessionModel(found, recrate.api, recrate.memory);
  const runner = new Runner(model, new LabStage(documents, dialogs, translator));
  const lab = new Lab(app, documents, browser, translator.languageCode);
  return {
    model,
    runner,
    announcer: new Announcer(model, runner, tools.trans),
    lab,
    reveal: async (path, id) => {
      await lab.goTo(path, null, null);
      const panel = notebooks.find(one => localPath(app, one) === path);
      const index = panel?.content.widgets.findIndex(cell => cell.model.id === id) ?? -1;
      if (panel && index >= 0) {
        await bring(panel.content, index);
        const mark = panel.content.widgets[index]?.node.querySelector('.jp-recrate-Mark');
        mark?.scrollIntoView({ block: 'center' });
      }
    },
    inFront: () => {
      const path = notebooks.currentWidget && localPath(app, notebooks.currentWidget);
      return path !== null && found.notebooks.includes(path) ? path : null;
    },
    moved: notebooks.currentChanged,
    keys: /mac/i.test(navigator.platform) ? '⌘⌥↩' : 'Ctrl+Alt+Enter'
  };
}

function localPath(app: JupyterFrontEnd, panel: NotebookPanel): string {
  return app.serviceManager.contents.localPath(panel.context.path);
}

function newPanel(room: ISessionRoom, { recrate, trans }: ITools): SessionPanelWidget {
  const panel = new SessionPanelWidget(recrate, trans, room);
  panel.id = SESSION_PANEL_ID;
  panel.title.icon = reviewIcon;
  panel.title.caption = trans.__('Session: compared with what was recorded');
  panel.node.setAttribute('role', 'region');
  panel.node.setAttribute('aria-label', trans.__('Session'));
  return panel;
}

/** Every notebook of the crate that is open, or is opened later, is watched. */
function watchNotebooks(room: ISessionRoom, tools: ITools): void {
  const { app, notebooks, recrate, trans, themes } = tools;
  const ground = new LabGround(themes);
  const watch = (panel: NotebookPanel): void => {
    const marks = room.model.marksOf(localPath(app, panel));
    if (marks) {
      new NotebookWatcher(
        panel,
        marks,
        id => new MarkWidget(recrate, trans, { marks, id, ground })
      );
      panel.toolbar.insertAfter('cellType', 'recrate-compare', newButton(room, tools));
    }
  };
  notebooks.forEach(watch);
  notebooks.widgetAdded.connect((_, panel) => watch(panel));
}

function newButton(room: ISessionRoom, { trans }: ITools): ToolbarButton {
  return new ToolbarButton({
    icon: compareIcon,
    label: trans.__('Run all & compare'),
    tooltip: trans.__('Run from the top in a fresh kernel, and compare every output'),
    onClick: () => room.lab.run(CommandIDs.runCompare, {})
  });
}

function addCommands(room: ISessionRoom, panel: SessionPanelWidget, tools: ITools): void {
  const { app, trans } = tools;
  const { commands } = app;
  const show = (): void => app.shell.activateById(panel.id);
  const named = (name: string) =>
    ({ args: { type: 'object', properties: { [name]: { type: 'string' } } } }) as const;
  commands.addCommand(CommandIDs.runCompare, {
    label: args =>
      args['all'] ? trans.__('Run All Notebooks & Compare') : trans.__('Run All & Compare'),
    icon: compareIcon,
    describedBy: named('all'),
    isEnabled: args => !room.runner.running && (!!args['all'] || room.inFront() !== null),
    execute: async args => {
      const front = room.inFront();
      const paths = args['all'] ? room.model.session.notebooks : front === null ? [] : [front];
      if (await agreed(room, paths, trans)) {
        show();
        await room.runner.run(paths, { save: !!args['all'] });
      }
    }
  });
  commands.addCommand(CommandIDs.stopCompare, {
    label: trans.__('Stop Comparing'),
    icon: stopIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => room.runner.running !== null,
    execute: () => room.runner.stop()
  });
  commands.addCommand(CommandIDs.showSession, {
    label: trans.__('Show the Session'),
    icon: reviewIcon,
    describedBy: named('about'),
    execute: args => {
      show();
      if (args['about']) {
        panel.about();
      }
    }
  });
  commands.addCommand(CommandIDs.giveVerdict, {
    label: trans.__('Give a Verdict…'),
    icon: verdictIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => openVerdict(room, tools)
  });
}

/** A fresh kernel forgets what was computed by hand: only then the person is asked. */
async function agreed(
  room: ISessionRoom,
  paths: readonly string[],
  trans: Words
): Promise<boolean> {
  if (!paths.some(path => room.model.marksOf(path)?.isTouched)) {
    return true;
  }
  const answer = await showDialog({
    title: trans.__('Start a fresh kernel?'),
    body: trans.__(
      'What your cells have computed so far is lost; the notebooks themselves stay as they are.'
    ),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Run all & compare') })]
  });
  return answer.button.accept;
}

function openVerdict(room: ISessionRoom, { app, recrate, trans }: ITools): void {
  const open = [...app.shell.widgets('main')].find(one => one.id === VERDICT_ID);
  if (!open) {
    const content = new RoomWidget(recrate, trans, () =>
      React.createElement(GiveVerdict, { room })
    );
    const made = new MainAreaWidget({ content });
    made.toolbar.hide();
    made.id = VERDICT_ID;
    made.title.label = trans.__('Give a verdict');
    made.title.icon = verdictIcon;
    made.title.closable = true;
    app.shell.add(made, 'main');
  }
  app.shell.activateById(VERDICT_ID);
}

/** Palette, menu, keyboard. */
function addWays({ app, palette, menu }: ITools): void {
  const ways: { command: string; args: Record<string, string> }[] = [
    { command: CommandIDs.runCompare, args: {} },
    { command: CommandIDs.runCompare, args: { all: 'yes' } },
    { command: CommandIDs.stopCompare, args: {} },
    { command: CommandIDs.showSession, args: {} },
    { command: CommandIDs.giveVerdict, args: {} }
  ];
  ways.forEach(way => palette?.addItem({ ...way, category: PALETTE_CATEGORY }));
  menu?.runMenu.addGroup(ways, 5);
  app.commands.addKeyBinding({
    command: CommandIDs.runCompare,
    keys: KEYS,
    selector: '.jp-Notebook'
  });
}
