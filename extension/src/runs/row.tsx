import { closeIcon, deleteIcon, runIcon, type LabIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useRef, useState } from 'react';

import { canResume, isRun, isUnderWay, type Job, type Problem } from '../api';
import { reportIcon, reviewIcon } from '../icons';
import { receiptWord } from '../publish/words';
import { Button, classes, JobBadge, ProgressView, tellProblem, useDeed, useRecrate } from '../ui';
import { coverageWords, kindWord, saidWords, spoken, useWords, type Words } from '../words';
import { longMoment, shortMoment } from './moments';

export interface IRunRowProps {
  job: Job;
  /** Whether its buttons are in the tab order. */
  focused: boolean;
  compact: boolean;
  onOpen: (job: Job) => void;
}

/** One job in the list: what, of which study, how it ended, and what can be done with it. */
export function RunRow({ job, focused, compact, onOpen }: IRunRowProps): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const [asking, setAsking] = useState(false);
  const cancel = useDeed(() => jobs.cancel(job.id));
  useTold(cancel.problem);
  if (asking) {
    return <Forget job={job} onDone={() => setAsking(false)} />;
  }
  return (
    <div className={classes('jp-recrate-RunRow', compact && 'jp-mod-compact')}>
      <div className="jp-recrate-RunRow-badge">
        <JobBadge job={job} plain />
      </div>
      <div className="jp-recrate-RunRow-what">
        <button
          type="button"
          className="jp-recrate-RunRow-title jp-recrate-oneline"
          tabIndex={focused ? 0 : -1}
          title={job.subject}
          onClick={() => onOpen(job)}
        >
          {job.title || job.subject}
        </button>
        <span className="jp-recrate-RunRow-line jp-recrate-oneline">
          {kindWord(trans, job.kind)}
          {' · '}
          <time dateTime={job.created} title={longMoment(job.created)}>
            {shortMoment(trans, job.created)}
          </time>
          {!compact && ` · ${job.subject || '/'}`}
        </span>
      </div>
      {!compact && (
        <div className="jp-recrate-RunRow-told">
          {isUnderWay(job) ? (
            <ProgressView job={job} compact quiet />
          ) : (
            <span className="jp-recrate-RunRow-sentence">{told(trans, job)}</span>
          )}
        </div>
      )}
      <div className="jp-recrate-RunRow-actions">
        <Deeds
          job={job}
          focused={focused}
          compact={compact}
          cancelling={cancel.busy}
          onCancel={() => void cancel.run()}
          onForget={() => setAsking(true)}
        />
      </div>
    </div>
  );
}

/** Return in one sentence how a job ended. */
export function told(trans: Words, job: Job): string {
  if (job.error) {
    return saidWords(trans, job.error.message);
  }
  if (job.kind === 'campaign') {
    return spoken(job.summary?.sentence ?? '', job.summary?.sentence_ja);
  }
  const { coverage, errors, warnings, crate, deposit_status: status } = job.summary ?? {};
  if (status) {
    const { doi, record_url: page } = job.summary ?? {};
    return [receiptWord(trans, status), doi ?? page].filter(Boolean).join(' · ');
  }
  if (coverage) {
    return coverageWords(trans, coverage);
  }
  const found = [
    errors ? trans._n('%1 error', '%1 errors', errors) : '',
    warnings ? trans._n('%1 warning', '%1 warnings', warnings) : ''
  ].filter(Boolean);
  if (found.length === 0 && errors === 0) {
    found.push(trans.__('Nothing to complain about'));
  }
  return [crate, ...found].filter(Boolean).join(' · ');
}

/** A row has no room for a problem: tell of it beside. */
function useTold(problem: Problem | null): void {
  const trans = useWords();
  useEffect(() => {
    if (problem) {
      tellProblem(trans, problem);
    }
  }, [problem]);
}

interface IDeedsProps {
  job: Job;
  focused: boolean;
  compact: boolean;
  cancelling: boolean;
  onCancel: () => void;
  onForget: () => void;
}

function Deeds({ job, focused, compact, ...props }: IDeedsProps): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const resume = useDeed(() => recrate.jobs.resume(job.id));
  useTold(resume.problem);
  const button = (
    icon: LabIcon,
    label: string,
    run: () => void,
    busy = false
  ): React.ReactElement => (
    <Button
      look="quiet"
      icon={icon}
      label={`${label}: ${job.title || job.subject}`}
      title={label}
      tabIndex={focused ? 0 : -1}
      busy={busy}
      onClick={run}
    />
  );
  if (isUnderWay(job)) {
    return button(closeIcon, trans.__('Cancel'), props.onCancel, props.cancelling);
  }
  const hasReport = isRun(job) && job.status === 'done';
  return (
    <>
      {canResume(job) && button(runIcon, trans.__('Resume'), () => void resume.run(), resume.busy)}
      {hasReport && button(reportIcon, trans.__('Open report'), () => void recrate.openRun(job.id))}
      {hasReport &&
        !compact &&
        button(reviewIcon, trans.__('Open review'), () => void recrate.openReview(job.id))}
      {button(deleteIcon, trans.__('Delete…'), props.onForget)}
    </>
  );
}

/** Asks in the row itself; nothing else waits for the answer. */
function Forget({ job, onDone }: { job: Job; onDone: () => void }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const keep = useRef<HTMLButtonElement>(null);
  const forget = useDeed(() => jobs.remove(job.id));
  useEffect(() => keep.current?.focus(), []);
  return (
    <div
      className="jp-recrate-RunRow jp-mod-asking"
      role="group"
      aria-label={trans.__('Delete %1', job.title || job.subject)}
      onKeyDown={event => event.key === 'Escape' && onDone()}
    >
      <span className="jp-recrate-RunRow-question">
        {forget.problem
          ? saidWords(trans, forget.problem.message)
          : isRun(job)
            ? trans.__('Delete this run with its report? This cannot be undone.')
            : trans.__('Delete this from the list? Files stay where they are.')}
      </span>
      <Button look="danger" busy={forget.busy} onClick={() => void forget.run()}>
        {trans.__('Delete')}
      </Button>
      <Button ref={keep} onClick={onDone}>
        {trans.__('Keep')}
      </Button>
    </div>
  );
}
