import React from 'react';

import type { Coverage, Job, NotebookVerdict, ReplayResult } from '../api';
import { reportIcon, reviewIcon } from '../icons';
import { Button, Shape, VerdictBadge, useRecrate } from '../ui';
import {
  causeWord,
  coverageWords,
  numberWords,
  outputWord,
  saidWords,
  spanWords,
  spoken,
  useWords
} from '../words';
import { OUTPUT_ORDER } from './order';

/** What came out of a run: the verdict, how much was looked at, and each notebook with its cause. */
export function RunVerdict(props: {
  job: Job;
  result: ReplayResult;
  children?: React.ReactNode;
}): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const { job, result } = props;
  const { environment } = result;
  return (
    <section className="jp-recrate-Played-verdict" aria-label={trans.__('Verdict')}>
      <div className="jp-recrate-Played-line">
        <VerdictBadge verdict={result.verdict} />
        <span>{coverageWords(trans, result.coverage)}</span>
      </div>
      <p role="status">{spoken(result.sentence, result.sentence_ja)}</p>
      <CoverageBar coverage={result.coverage} />
      <p className="jp-recrate-quiet">
        {environment.restored
          ? trans._n(
              'Python %2 and %1 package, every version as locked; made in %3.',
              'Python %2 and %1 packages, every version as locked; made in %3.',
              environment.packages,
              environment.python ?? '',
              spanWords(trans, environment.seconds)
            )
          : trans.__('The environment is not exactly the locked one.')}
      </p>
      <div className="jp-recrate-Actions">
        <Button look="primary" icon={reviewIcon} onClick={() => void recrate.openReview(job.id)}>
          {trans.__('Review outputs')}
        </Button>
        <Button icon={reportIcon} onClick={() => void recrate.openRun(job.id)}>
          {trans.__('Open report')}
        </Button>
        {props.children}
      </div>
      <ul className="jp-recrate-Played-notebooks">
        {result.notebooks.map(notebook => (
          <Notebook key={notebook.path} notebook={notebook} />
        ))}
      </ul>
    </section>
  );
}

/** How the outputs came out, as a bar; the legend says it with shapes and words. */
export function CoverageBar(props: {
  coverage: Coverage;
  /** The bar alone: shapes and words stand elsewhere. */
  plain?: boolean;
}): React.ReactElement | null {
  const trans = useWords();
  const { coverage } = props;
  const parts = OUTPUT_ORDER.filter(kind => coverage[kind] > 0);
  if (parts.length === 0) {
    return null;
  }
  return (
    <div className="jp-recrate-Coverage">
      <div className="jp-recrate-Coverage-bar" aria-hidden="true">
        {parts.map(kind => (
          <span key={kind} data-of={kind} style={{ flexGrow: coverage[kind] }} />
        ))}
      </div>
      {!props.plain && (
        <ul className="jp-recrate-Coverage-legend">
          {parts.map(kind => (
            <li key={kind}>
              <Shape of={kind} /> {outputWord(trans, kind)} {numberWords(coverage[kind])}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Notebook({ notebook }: { notebook: NotebookVerdict }): React.ReactElement {
  const trans = useWords();
  const { error } = notebook;
  return (
    <li>
      <div className="jp-recrate-Played-line">
        <VerdictBadge verdict={notebook.verdict} plain />
        <span className="jp-recrate-Played-path">{notebook.path}</span>
        <span className="jp-recrate-quiet">
          {coverageWords(trans, notebook.coverage)} · {spanWords(trans, notebook.seconds)}
        </span>
      </div>
      {error && (
        <div className="jp-recrate-Played-error">
          <p>
            {error.cell === null
              ? trans.__('%1: %2', error.name, error.message)
              : trans.__('Cell %1: %2: %3', error.cell, error.name, error.message)}
          </p>
          <p className="jp-recrate-quiet">
            {trans.__('Cause: %1.', causeWord(trans, error.cause))} {saidWords(trans, error.hint)}
          </p>
        </div>
      )}
    </li>
  );
}
