import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { CommandIDs, DOMAIN, PANEL_ID, PLUGIN_ID } from './names';
import { recrateIcon } from './icons';

/** The side panel and the command that shows it. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Package, replay and review studies.',
  autoStart: true,
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    // Loading the schema is what puts its menus and toolbars in place.
    void settings?.load(PLUGIN_ID);

    const panel = new Widget();
    panel.id = PANEL_ID;
    panel.addClass('jp-recrate-Panel');
    panel.title.icon = recrateIcon;
    panel.title.caption = trans.__('Recrate');
    panel.node.setAttribute('role', 'region');
    panel.node.setAttribute('aria-label', trans.__('Recrate'));
    app.shell.add(panel, 'left', { rank: 600 });
    restorer?.add(panel, PANEL_ID);

    app.commands.addCommand(CommandIDs.package, {
      label: trans.__('Package & Publish…'),
      caption: trans.__('Package this study as a crate'),
      icon: recrateIcon,
      execute: () => app.shell.activateById(PANEL_ID)
    });
    // A Latin category: the palette's search starts at ASCII words, also for labels in Japanese.
    palette?.addItem({ command: CommandIDs.package, category: 'Recrate' });
  }
};

export default [plugin];
