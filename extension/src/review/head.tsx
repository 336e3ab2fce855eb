import React, { useEffect, useRef } from 'react';

import { isUnderWay, type Job, type ReplayResult } from '../api';
import { visible } from '../crate/model';
import { recrateIcon, reportIcon } from '../icons';
import { CoverageBar } from '../replay/verdict';
import { Button, Disclosure, ProblemBox, useRecrate, VerdictBadge } from '../ui';
import { causeWord, coverageWords, useWords, verdictWord } from '../words';
import type { ReviewModel } from './model';

/** Verdict, how much was looked at, what is left, and what stopped notebooks. */
export function Head(props: {
  job: Job;
  model: ReviewModel;
  result: ReplayResult | null;
  /** What a decision has started. */
  judging: Job | null;
}): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const { model, job, result } = props;
  const verdict = result?.verdict ?? job.summary?.verdict ?? null;
  const coverage = result?.coverage ?? job.summary?.coverage;
  const { left } = model;
  return (
    <div className="jp-recrate-Review-head">
      <div className="jp-recrate-Review-title">
        <h1>{visible(job.title || job.subject)}</h1>
        <Button icon={reportIcon} onClick={() => void recrate.openRun(job.id)}>
          {trans.__('Open report')}
        </Button>
        {job.status === 'done' && (
          <Button icon={recrateIcon} onClick={() => void recrate.publishVerdict(job.id)}>
            {trans.__('Publish verdict…')}
          </Button>
        )}
      </div>
      <div className="jp-recrate-Review-line">
        {verdict && <VerdictBadge verdict={verdict} />}
        {coverage && <span>{coverageWords(trans, coverage)}</span>}
        <strong>
          {left === 0
            ? trans.__('No difference is left to look at')
            : trans._n('%1 difference left to look at', '%1 differences left to look at', left)}
        </strong>
        <Judging judging={props.judging} verdict={verdict} />
      </div>
      {coverage && <CoverageBar coverage={coverage} plain />}
      {model.failures.length > 0 && <Failures model={model} />}
    </div>
  );
}

/** What a decision has done to the verdict. */
function Judging(props: { judging: Job | null; verdict: string | null }): React.ReactElement {
  const trans = useWords();
  const { judging: job } = props;
  const before = useRef(props.verdict);
  useEffect(() => {
    before.current = props.verdict;
  }, [props.judging?.id]);
  if (job?.error) {
    return <ProblemBox problem={job.error} />;
  }
  const after = job?.summary?.verdict;
  return (
    <span className="jp-recrate-Review-judging" role="status">
      {job && isUnderWay(job) && (
        <>
          <span className="jp-recrate-Spinner" aria-hidden="true" /> {trans.__('Judging again…')}
        </>
      )}
      {job?.status === 'done' &&
        (after && after !== before.current
          ? trans.__('The verdict is now: %1', verdictWord(trans, after))
          : trans.__('Judged again; the verdict stays.'))}
    </span>
  );
}

function Failures({ model }: { model: ReviewModel }): React.ReactElement {
  const trans = useWords();
  const count = model.failures.length;
  return (
    <Disclosure
      title={trans._n('%1 notebook was stopped', '%1 notebooks were stopped', count)}
      initially={count < 3}
    >
      <ul className="jp-recrate-Review-failures">
        {model.failures.slice(0, 50).map(({ notebook, error }) => (
          <li key={notebook}>
            <strong>{visible(notebook)}</strong>{' '}
            {error.cell !== null && trans.__('Cell %1', error.cell)}{' '}
            <code>{visible(`${error.name}: ${error.message}`)}</code>{' '}
            <span className="jp-recrate-quiet">
              {trans.__('Cause: %1.', causeWord(trans, error.cause))}
            </span>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
