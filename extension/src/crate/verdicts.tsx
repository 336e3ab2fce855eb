import React from 'react';

import type { CrateOverview } from '../api';
import { recrateIcon } from '../icons';
import { Button, EmptyState, JobBadge, useRecrate } from '../ui';
import { longMoment } from '../runs/moments';
import { coverageWords, kindWord, useWords } from '../words';

/** The runs of this very crate that this server knows. */
export function Verdicts(props: {
  crate: CrateOverview;
  onReplay: () => void;
}): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const { verdicts } = props.crate;
  if (verdicts.length === 0) {
    return (
      <EmptyState
        title={trans.__('Nobody has run this crate here')}
        icon={recrateIcon}
        action={
          <Button look="primary" onClick={props.onReplay}>
            {trans.__('Replay…')}
          </Button>
        }
      >
        {trans.__('A replay runs its notebooks again and compares every output.')}
      </EmptyState>
    );
  }
  return (
    <ul className="jp-recrate-CrateVerdicts">
      {verdicts.map(job => (
        <li key={job.id}>
          <JobBadge job={job} />
          <span className="jp-recrate-CrateVerdicts-what">
            {kindWord(trans, job.kind)}
            {' · '}
            <time dateTime={job.created}>{longMoment(job.created)}</time>
            {job.summary?.coverage && <> · {coverageWords(trans, job.summary.coverage)}</>}
          </span>
          {job.summary?.verdict && (
            <>
              <Button onClick={() => void recrate.openReview(job.id)}>
                {trans.__('Review outputs')}
              </Button>
              <Button onClick={() => void recrate.openRun(job.id)}>{trans.__('Report')}</Button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
