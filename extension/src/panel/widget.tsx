import { SidePanel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { isValidElement, type ReactElement } from 'react';
import React from 'react';

import type { IPanelSection, IPanelSections, IRecrate } from '../tokens';
import { RoomWidget } from '../ui';
import type { Words } from '../words';
import type { Place } from './place';
import { Top } from './top';

export interface ISidePanelOptions {
  recrate: IRecrate;
  trans: Words;
  sections: IPanelSections;
  place: Place;
  commands: CommandRegistry;
}

/** What to do and what is under way on top, below it the sections that rooms have registered. */
export class SidePanelRoom extends SidePanel {
  constructor(private readonly _options: ISidePanelOptions) {
    super();
    this.addClass('jp-recrate-Panel');
    const { recrate, trans, place, commands, sections } = _options;
    const top = new RoomWidget(recrate, trans, () => <Top place={place} commands={commands} />);
    top.addClass('jp-recrate-Panel-top');
    this.header.addWidget(top);
    sections.changed.connect(this._arrange, this);
    this._arrange();
  }

  override dispose(): void {
    this._options.sections.changed.disconnect(this._arrange, this);
    super.dispose();
  }

  private _arrange(): void {
    const wanted = this._options.sections.all;
    for (const [id, widget] of this._shown) {
      if (!wanted.some(section => section.id === id)) {
        this._shown.delete(id);
        widget.dispose();
      }
    }
    wanted.forEach((section, index) => {
      if (!this._shown.has(section.id)) {
        const widget = this._made(section);
        this._shown.set(section.id, widget);
        this.insertWidget(index, widget);
      }
    });
  }

  private _made(section: IPanelSection): Widget {
    const { recrate, trans } = this._options;
    const made: ReactElement | Widget = section.create();
    const widget = isValidElement(made)
      ? new RoomWidget(recrate, trans, () => made)
      : (made as Widget);
    widget.title.label = section.title;
    widget.title.caption = section.title;
    widget.addClass('jp-recrate-Fill');
    return widget;
  }

  private readonly _shown = new Map<string, Widget>();
}
