import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import { recrateIcon } from '../icons';
import { CommandIDs, DOMAIN, PALETTE_CATEGORY } from '../names';
import { IPanelSections, IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import type { Words } from '../words';
import { Runs } from './panel';

/** The list of runs in the main area; `bring` puts a job to the front. */
class RunsRoom extends RoomWidget {
  constructor(recrate: IRecrate, trans: Words) {
    super(recrate, trans);
    this.addClass('jp-recrate-Fill');
  }

  bring(id: string | null): void {
    this._reveal = id;
    this.update();
  }

  protected override draw(): React.ReactElement {
    return <Runs reveal={this._reveal} />;
  }

  private _reveal: string | null = null;
}

/** Runs: a document in the main area, and a section of the side panel. */
export const runs: JupyterFrontEndPlugin<void> = {
  id: 'recrate:runs',
  description: 'Lists jobs and verdicts.',
  autoStart: true,
  requires: [IRecrate, IPanelSections],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    sections: IPanelSections,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const tracker = new WidgetTracker<MainAreaWidget<RunsRoom>>({ namespace: 'recrate-runs' });
    app.commands.addCommand(CommandIDs.runs, {
      label: trans.__('Runs'),
      caption: trans.__('Jobs and verdicts, also those of earlier days'),
      icon: recrateIcon,
      describedBy: { args: { type: 'object', properties: { id: { type: 'string' } } } },
      execute: args => {
        let widget = tracker.find(() => true);
        if (!widget) {
          widget = new MainAreaWidget({ content: new RunsRoom(recrate, trans) });
          widget.toolbar.hide();
          widget.id = 'recrate-runs';
          widget.title.label = trans.__('Runs');
          widget.title.icon = recrateIcon;
          widget.title.closable = true;
          void tracker.add(widget);
        }
        if (typeof args['id'] === 'string') {
          widget.content.bring(args['id']);
        }
        if (!widget.isAttached) {
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(widget.id);
        return widget;
      }
    });
    palette?.addItem({ command: CommandIDs.runs, category: PALETTE_CATEGORY });
    void restorer?.restore(tracker, { command: CommandIDs.runs, name: () => 'runs' });
    sections.register({
      id: 'recrate:runs',
      title: trans.__('Runs'),
      rank: 100,
      create: () => (
        <Runs
          compact
          onOpenAll={id => void app.commands.execute(CommandIDs.runs, id ? { id } : {})}
        />
      )
    });
  }
};
