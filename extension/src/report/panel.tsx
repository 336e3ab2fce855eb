import { ISignal, Signal } from '@lumino/signaling';
import React, { useEffect } from 'react';

import type { Job } from '../api';
import type { IRecrate } from '../tokens';
import {
  ProblemBox,
  RoomWidget,
  SandboxedPage,
  useAsk,
  useLightness,
  useRecrate,
  useWatched,
  Waiting
} from '../ui';
import { useWords, type Words } from '../words';

/** A document that shows one run's report. */
export class ReportRoom extends RoomWidget {
  constructor(
    recrate: IRecrate,
    trans: Words,
    /** The id of the run's job. */
    readonly run: string
  ) {
    super(recrate, trans);
    this.addClass('jp-recrate-Fill');
  }

  /** What was run, once it is known. */
  get name(): string {
    return this._name;
  }

  get named(): ISignal<this, string> {
    return this._named;
  }

  protected override draw(): React.ReactElement {
    return (
      <Report
        id={this.run}
        onNamed={name => {
          this._name = name;
          this._named.emit(name);
        }}
      />
    );
  }

  private _name = '';
  private readonly _named = new Signal<this, string>(this);
}

/** A run's report in a frame of its own; fetched again when the run was judged again. */
function Report(props: { id: string; onNamed: (name: string) => void }): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const judged = useJudged(props.id);
  const isLight = useLightness();
  const job = useAsk(signal => api.readJob(props.id, { signal }), [props.id]);
  const page = useAsk(signal => api.readReport(props.id, { signal }), [props.id, judged]);
  const name = job.value?.title || job.value?.subject;
  useEffect(() => {
    if (name) {
      props.onNamed(name);
    }
  }, [name]);
  if (page.problem) {
    return (
      <div className="jp-recrate-Pad">
        <ProblemBox problem={page.problem} onRetry={page.again} busy={page.busy} />
      </div>
    );
  }
  if (page.value === null) {
    return <Waiting>{trans.__('Fetching the report…')}</Waiting>;
  }
  const title = name ? trans.__('Report: %1', name) : trans.__('Report');
  return <SandboxedPage html={themed(page.value, isLight)} title={title} mode="acting" />;
}

/** Return how often the run was judged (again) while it was looked at. */
function useJudged(id: string): number {
  const { jobs } = useRecrate();
  return useWatched(
    jobs.changed,
    (job: Job) => job.status === 'done' && (job.parent === id || job.id === id)
  );
}

/** The page follows the browser's theme by itself; in Lab it wears Lab's. */
export function themed(html: string, isLight: boolean): string {
  return html.replace(/<html(?=[\s>])/i, `<html data-theme="${isLight ? 'light' : 'dark'}"`);
}
