import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ToolbarButton, downloadIcon } from '@jupyterlab/ui-components';

import { Problem } from '../api';
import { reportIcon, reviewIcon } from '../icons';
import { CommandIDs, DOMAIN } from '../names';
import { IRecrate } from '../tokens';
import { tellProblem } from '../ui';
import type { Words } from '../words';
import { download } from './download';
import { ReportRoom } from './panel';

type ReportDocument = MainAreaWidget<ReportRoom>;

/** The report of a run as a document. */
export const report: JupyterFrontEndPlugin<void> = {
  id: 'recrate:report',
  description: 'Shows the report of a run.',
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
    const tracker = new WidgetTracker<ReportDocument>({ namespace: 'recrate-report' });
    app.commands.addCommand(CommandIDs.openReport, {
      label: trans.__('Open Report'),
      icon: reportIcon,
      describedBy: {
        args: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
      },
      execute: args => {
        const id = String(args['id'] ?? '');
        let widget = tracker.find(open => open.content.run === id);
        if (!widget) {
          widget = newDocument(recrate, trans, id);
          void tracker.add(widget);
        }
        if (!widget.isAttached) {
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(widget.id);
        return widget;
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openReport,
      args: widget => ({ id: widget.content.run }),
      name: widget => widget.content.run
    });
  }
};

function newDocument(recrate: IRecrate, trans: Words, id: string): ReportDocument {
  const content = new ReportRoom(recrate, trans, id);
  const widget = new MainAreaWidget({ content });
  widget.id = `recrate-report-${id}`;
  widget.title.label = trans.__('Report');
  widget.title.icon = reportIcon;
  widget.title.closable = true;
  content.named.connect((_, name) => {
    widget.title.label = trans.__('Report: %1', name);
  });
  widget.toolbar.addItem(
    'review',
    new ToolbarButton({
      icon: reviewIcon,
      label: trans.__('Review outputs'),
      onClick: () => void recrate.openReview(id)
    })
  );
  widget.toolbar.addItem(
    'download',
    new ToolbarButton({
      icon: downloadIcon,
      label: trans.__('Download'),
      tooltip: trans.__('Download the report as one HTML file'),
      onClick: () => {
        recrate.api.readReport(id).then(
          html => download(html, `${content.name || id}-report.html`),
          error => tellProblem(trans, Problem.from(error))
        );
      }
    })
  );
  return widget;
}
