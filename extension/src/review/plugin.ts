import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IThemeManager, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import { reviewIcon } from '../icons';
import { CommandIDs, DOMAIN } from '../names';
import { IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import { Jumper } from './jump';
import { LabGround } from './pages';
import { Review } from './panel';

type ReviewDocument = MainAreaWidget<RoomWidget>;

const ID = 'recrate-review-';

/** The review of a run as a document: recorded beside rerun, one output at a time. */
export const review: JupyterFrontEndPlugin<void> = {
  id: 'recrate:review',
  description: 'Reviews a run: recorded beside rerun per output; accept or waive differences.',
  autoStart: true,
  requires: [IRecrate],
  optional: [ITranslator, ILayoutRestorer, IDocumentManager, IThemeManager],
  activate: (
    app: JupyterFrontEnd,
    recrate: IRecrate,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    documents: IDocumentManager | null,
    themes: IThemeManager | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const tracker = new WidgetTracker<ReviewDocument>({ namespace: 'recrate-review' });
    const ground = new LabGround(themes);
    const jumper = documents && new Jumper(app, documents);
    const open = (id: string): ReviewDocument => {
      let widget = tracker.find(one => one.id === ID + id);
      if (!widget) {
        const content = new RoomWidget(recrate, trans, () =>
          React.createElement(Review, {
            id,
            ground,
            jumper,
            onNamed: name => (made.title.label = trans.__('Review: %1', name)),
            onRun: run => void app.commands.execute(CommandIDs.openJob, { id: run })
          })
        );
        content.addClass('jp-recrate-Fill');
        const made: ReviewDocument = new MainAreaWidget({ content });
        made.toolbar.hide();
        made.id = ID + id;
        made.title.label = trans.__('Review');
        made.title.icon = reviewIcon;
        made.title.closable = true;
        void tracker.add(made);
        app.shell.add(made, 'main');
        widget = made;
      }
      app.shell.activateById(widget.id);
      return widget;
    };
    app.commands.addCommand(CommandIDs.openReview, {
      label: trans.__('Review Outputs'),
      icon: reviewIcon,
      describedBy: {
        args: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
      },
      execute: args => open(String(args['id'] ?? ''))
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openReview,
      args: widget => ({ id: widget.id.slice(ID.length) }),
      name: widget => widget.id
    });
  }
};
