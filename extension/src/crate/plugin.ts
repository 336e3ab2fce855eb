import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, InputDialog, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { IDefaultDrive, type Contents } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import React from 'react';

import { recrateIcon } from '../icons';
import { CommandIDs, CRATE_FILE_TYPE, DOMAIN, PALETTE_CATEGORY } from '../names';
import { IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import type { Words } from '../words';
import {
  CRATE_FACTORY,
  CRATE_MODEL,
  CRATE_PROVIDER,
  CrateFactory,
  CrateModelFactory,
  CrateProvider,
  crateFileType
} from './document';
import { CratePanel } from './panel';

type FolderWidget = MainAreaWidget<RoomWidget>;

/** A crate as a document: a `.crate.zip` from the file browser, or a folder by command. */
export const crate: JupyterFrontEndPlugin<void> = {
  id: 'recrate:crate',
  description: 'Opens crates: overview, contents, metadata, environment, findings, verdicts.',
  autoStart: true,
  requires: [IRecrate],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, IDefaultFileBrowser, IDefaultDrive],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    browser: IDefaultFileBrowser | null,
    drive: Contents.IDrive | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const newRoom = (path: string): RoomWidget => {
      const draw = () =>
        React.createElement(CratePanel, {
          path,
          onReplay: () => void app.commands.execute(CommandIDs.replay, { path })
        });
      const room = new RoomWidget(recrate, trans, draw);
      room.addClass('jp-recrate-Fill');
      return room;
    };
    const documents = registerFiles(app, trans, drive, newRoom);
    void restorer?.restore(documents, {
      command: 'docmanager:open',
      args: widget => ({ path: widget.context.path, factory: CRATE_FACTORY }),
      name: widget => widget.context.path
    });
    const folders = new WidgetTracker<FolderWidget>({ namespace: 'recrate-crate-folder' });
    void restorer?.restore(folders, {
      command: CommandIDs.openCrate,
      args: widget => ({ path: pathOf(widget) }),
      name: widget => pathOf(widget)
    });
    app.commands.addCommand(CommandIDs.openCrate, {
      label: args => (args['selected'] ? trans.__('Open as Crate') : trans.__('Open Crate…')),
      caption: trans.__('Show what is in a crate: overview, contents, environment, verdicts'),
      icon: recrateIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            path: { type: 'string' },
            selected: {
              type: 'boolean',
              description: 'Take what is selected in the file browser.'
            }
          }
        }
      },
      execute: async args => {
        const path = await pathFrom(args['path'], browser, trans);
        if (path === null) {
          return;
        }
        if (path.endsWith('.crate.zip')) {
          return (await app.commands.execute('docmanager:open', { path })) as Widget;
        }
        return openFolder(app, folders, path, newRoom);
      }
    });
    palette?.addItem({ command: CommandIDs.openCrate, category: PALETTE_CATEGORY });
  }
};

/** Teach Lab the file type; return a tracker of its documents. */
function registerFiles(
  app: JupyterFrontEnd,
  trans: Words,
  drive: Contents.IDrive | null,
  newRoom: (path: string) => RoomWidget
): WidgetTracker<IDocumentWidget<RoomWidget>> {
  const tracker = new WidgetTracker<IDocumentWidget<RoomWidget>>({ namespace: 'recrate-crate' });
  app.docRegistry.addFileType(crateFileType(trans.__('Crate'), recrateIcon));
  app.docRegistry.addModelFactory(new CrateModelFactory());
  if (drive?.contentProviderRegistry) {
    drive.contentProviderRegistry.register(CRATE_PROVIDER, new CrateProvider(drive));
  }
  const factory = new CrateFactory(
    {
      name: CRATE_FACTORY,
      label: trans.__('Crate'),
      fileTypes: [CRATE_FILE_TYPE],
      defaultFor: [CRATE_FILE_TYPE],
      modelName: CRATE_MODEL,
      contentProviderId: drive?.contentProviderRegistry && CRATE_PROVIDER,
      readOnly: true
    },
    newRoom
  );
  factory.widgetCreated.connect((_, widget) => {
    widget.title.icon = recrateIcon;
    void tracker.add(widget);
  });
  app.docRegistry.addWidgetFactory(factory);
  return tracker;
}

const FOLDER_ID = 'recrate-crate-folder:';

function pathOf(widget: FolderWidget): string {
  return widget.id.slice(FOLDER_ID.length);
}

function openFolder(
  app: JupyterFrontEnd,
  tracker: WidgetTracker<FolderWidget>,
  path: string,
  newRoom: (path: string) => RoomWidget
): FolderWidget {
  let widget = tracker.find(open => pathOf(open) === path);
  if (!widget) {
    widget = new MainAreaWidget({ content: newRoom(path) });
    widget.toolbar.hide();
    widget.id = FOLDER_ID + path;
    widget.title.label = path.split('/').pop() || '/';
    widget.title.caption = path;
    widget.title.icon = recrateIcon;
    widget.title.closable = true;
    app.shell.add(widget, 'main');
    void tracker.add(widget);
  }
  app.shell.activateById(widget.id);
  return widget;
}

/** The path that was given, that of the selected item of the file browser, or what is typed. */
async function pathFrom(
  given: unknown,
  browser: IDefaultFileBrowser | null,
  trans: Words
): Promise<string | null> {
  if (typeof given === 'string') {
    return given;
  }
  const selected = browser?.selectedItems().next().value;
  if (selected && (selected.type === 'directory' || selected.path.endsWith('.crate.zip'))) {
    return selected.path;
  }
  const typed = await InputDialog.getText({
    title: trans.__('Open a crate'),
    label: trans.__('Path of a .crate.zip file or of a crate’s folder'),
    placeholder: 'study.crate.zip',
    okLabel: trans.__('Open')
  });
  return typed.button.accept && typed.value ? typed.value.replace(/^\/+/, '') : null;
}
