import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Register } from '../api/register';
import { recrateIcon } from '../icons';
import { CommandIDs, DOMAIN, PALETTE_CATEGORY, PANEL_ID, PLUGIN_ID } from '../names';
import { IPanelSections, IRecrate, type IPanelSection } from '../tokens';
import { Place } from './place';
import { SidePanelRoom } from './widget';

/** Provides the place where rooms and other extensions register sections of the side panel. */
export const panelSections: JupyterFrontEndPlugin<IPanelSections> = {
  id: 'recrate:panel-sections',
  description: 'Takes sections for the side panel.',
  autoStart: true,
  provides: IPanelSections,
  activate: () =>
    new Register<IPanelSection>(
      section => section.id,
      (one, other) => one.rank - other.rank
    )
};

/** The side panel; also loads the schema that puts menus and toolbars in place. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Package, replay and review studies.',
  autoStart: true,
  requires: [IRecrate, IPanelSections],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    ISettingRegistry,
    IDefaultFileBrowser,
    INotebookTracker,
    ILauncher,
    ILabShell
  ],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    sections: IPanelSections,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null,
    browser: IDefaultFileBrowser | null,
    notebooks: INotebookTracker | null,
    launcher: ILauncher | null,
    labShell: ILabShell | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    void settings?.load(PLUGIN_ID).catch(error => {
      console.warn('recrate: the settings cannot be loaded', error);
    });

    const place = new Place(browser, notebooks, labShell);
    const widget = new SidePanelRoom({ recrate, trans, sections, place, commands: app.commands });
    widget.id = PANEL_ID;
    widget.title.icon = recrateIcon;
    widget.title.caption = trans.__('Recrate: package, replay and review');
    widget.node.setAttribute('role', 'region');
    widget.node.setAttribute('aria-label', trans.__('Recrate'));
    app.shell.add(widget, 'left', { rank: 600, type: 'Recrate' });
    restorer?.add(widget, PANEL_ID);

    app.commands.addCommand(CommandIDs.showPanel, {
      label: trans.__('Show the Recrate Panel'),
      icon: recrateIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(PANEL_ID)
    });
    palette?.addItem({ command: CommandIDs.showPanel, category: PALETTE_CATEGORY });
    launcher?.add({ command: CommandIDs.package, category: trans.__('Other'), rank: 4 });
  }
};
