import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import { recrateIcon } from '../icons';
import { CommandIDs, DOMAIN } from '../names';
import { IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import { PublishVerdict } from './verdict';

type VerdictDocument = MainAreaWidget<RoomWidget>;

const ID = 'recrate-publish-verdict-';

/** Publishing the verdict of a run, as a document; a crate is published in "Package & publish". */
export const publish: JupyterFrontEndPlugin<void> = {
  id: 'recrate:publish',
  description: 'Publishes the verdict of a run in a repository.',
  autoStart: true,
  requires: [IRecrate],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const tracker = new WidgetTracker<VerdictDocument>({ namespace: 'recrate-publish' });
    const open = (id: string): VerdictDocument => {
      let widget = tracker.find(one => one.id === ID + id);
      if (!widget) {
        const onNamed = (name: string): void => {
          made.title.label = trans.__('Publish verdict: %1', name);
        };
        const content = new RoomWidget(recrate, trans, () =>
          React.createElement(PublishVerdict, { id, onNamed })
        );
        const made: VerdictDocument = new MainAreaWidget({ content });
        made.toolbar.hide();
        made.id = ID + id;
        made.title.label = trans.__('Publish verdict');
        made.title.icon = recrateIcon;
        made.title.closable = true;
        void tracker.add(made);
        app.shell.add(made, 'main');
        widget = made;
      }
      app.shell.activateById(widget.id);
      return widget;
    };
    app.commands.addCommand(CommandIDs.publishVerdict, {
      label: trans.__('Publish Verdict…'),
      icon: recrateIcon,
      describedBy: {
        args: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
      },
      execute: args => open(String(args['id'] ?? ''))
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.publishVerdict,
      args: widget => ({ id: widget.id.slice(ID.length) }),
      name: widget => widget.id
    });
  }
};
