import React from 'react';

import type { Connection, Job } from '../api';
import { saidWords, spanWords, stageWord, statusWord, useWords, type Words } from '../words';
import { Button } from './button';
import { classes } from './classes';
import { useThrottled } from './hooks';

const SPOKEN_EVERY_SECONDS = 8;

export interface IProgressViewProps {
  job: Job;
  connection?: Connection;
  onCancel?: () => void;
  cancelling?: boolean;
  /** One line of text, for lists and side panels. */
  compact?: boolean;
  /** Say nothing aloud: for lists, where somebody else does. */
  quiet?: boolean;
}

/** How far a job is: stage, bar, message, time left; said aloud now and then, not at every step. */
export function ProgressView(props: IProgressViewProps): React.ReactElement {
  const trans = useWords();
  const { job, connection, compact } = props;
  const { done = 0, total = 0, seconds_left: left = null } = job.progress ?? {};
  const stage = stageWords(trans, job);
  const message = job.progress?.message ?? '';
  const known = job.status === 'running' && total > 0;
  const percent = known ? Math.min(100, Math.round((100 * done) / total)) : null;
  const count = percent === null ? '' : `${percent}%`;
  const time = left === null ? '' : leftWords(trans, left, compact ?? false);
  const spoken = useThrottled([stage, count].filter(Boolean).join(', '), SPOKEN_EVERY_SECONDS);
  return (
    <div className={classes('jp-recrate-Progress', compact && 'jp-mod-compact')}>
      <div className="jp-recrate-Progress-head">
        <span className="jp-recrate-Progress-stage">{stage}</span>
        <span className="jp-recrate-Progress-count">{count}</span>
      </div>
      <div className="jp-recrate-Progress-line">
        <div
          className={classes('jp-recrate-Progress-bar', percent === null && 'jp-mod-unknown')}
          role="progressbar"
          aria-label={job.title || stage}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent ?? undefined}
          aria-valuetext={[stage, count].filter(Boolean).join(', ')}
        >
          <div style={percent === null ? undefined : { width: `${percent}%` }} />
        </div>
        {props.onCancel && (
          <Button
            look={compact ? 'quiet' : 'plain'}
            busy={props.cancelling}
            onClick={props.onCancel}
          >
            {trans.__('Cancel')}
          </Button>
        )}
      </div>
      <div className="jp-recrate-Progress-foot">
        <span className="jp-recrate-Progress-message" title={message}>
          {connection === 'away'
            ? trans.__('The server does not answer just now; the work goes on there.')
            : saidWords(trans, message)}
        </span>
        <span className="jp-recrate-Progress-left">{time}</span>
      </div>
      {!props.quiet && (
        <div className="jp-recrate-hidden" role="status">
          {spoken}
        </div>
      )}
    </div>
  );
}

function leftWords(trans: Words, seconds: number, short: boolean): string {
  const span = spanWords(trans, seconds);
  return short ? trans.__('%1 left', span) : trans.__('about %1 left', span);
}

function stageWords(trans: Words, job: Job): string {
  const stage = job.status === 'running' ? job.progress?.stage : '';
  return stage ? stageWord(trans, stage) : statusWord(trans, job.status);
}
