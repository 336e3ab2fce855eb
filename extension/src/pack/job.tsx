import React from 'react';

import { canResume, isUnderWay, type JobResult } from '../api';
import { Button, ProblemBox, ProgressView, Shape, Waiting } from '../ui';
import { statusWord, useWords } from '../words';
import type { Work } from './work';

/**
 * A job in hand: how far it is, with cancel; or why it stopped, with resume and anew. Nothing when
 * it is done.
 */
export function JobArea(props: {
  work: Work<JobResult>;
  /** Start the same work from the beginning. */
  onAnew: () => void;
  anewLabel: string;
  waiting: string;
  /** What to do here about a refusal, in place of what one would do elsewhere. */
  refusedHint?: string;
  /** Something to show of the job while it runs. */
  children?: React.ReactNode;
}): React.ReactElement | null {
  const trans = useWords();
  const { work, onAnew, anewLabel } = props;
  const { job, problem } = work;
  const anew = (
    <Button onClick={onAnew} busy={work.isBusy}>
      {anewLabel}
    </Button>
  );
  if (job && isUnderWay(job)) {
    return (
      <div className="jp-recrate-Study-Job">
        {problem && <ProblemBox problem={problem} />}
        <ProgressView job={job} connection={work.connection} onCancel={() => void work.cancel()} />
        {props.children}
      </div>
    );
  }
  if (problem) {
    const retry = job?.status === 'done' ? () => void work.readAgain() : onAnew;
    return <ProblemBox problem={problem} onRetry={retry} busy={work.isBusy} />;
  }
  if (!job) {
    return work.isAwaited ? <Waiting>{props.waiting}</Waiting> : null;
  }
  if (job.status === 'done') {
    return work.result === null ? <Waiting>{props.waiting}</Waiting> : null;
  }
  const resume = canResume(job) && (
    <Button onClick={() => void work.resume()} busy={work.isBusy}>
      {trans.__('Resume')}
    </Button>
  );
  if (job.error) {
    const hint = job.error.reason === 'refused' && props.refusedHint;
    return (
      <ProblemBox problem={hint ? { ...job.error, hint } : job.error}>
        {resume}
        {anew}
      </ProblemBox>
    );
  }
  return (
    <div className="jp-recrate-Study-Bar" role="status">
      <Shape of={job.status} />
      <span className="jp-recrate-Study-Bar-text">{statusWord(trans, job.status)}</span>
      {resume}
      {anew}
    </div>
  );
}
