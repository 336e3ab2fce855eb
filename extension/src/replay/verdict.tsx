import React from 'react';

import type { Coverage, NotebookError, NotebookVerdict, ReplayResult } from '../api';
import { visible } from '../crate/model';
import { reportIcon, reviewIcon } from '../icons';
import { Button, Shape, VerdictBadge, useRecrate } from '../ui';
import {
  causeWord,
  coverageWords,
  numberWords,
  outputWord,
  saidWords,
  spanWords,
  useWords,
  verdictMeaning
} from '../words';
import { OUTPUT_ORDER } from './order';

export interface IRunVerdictProps {
  /** The id of the run's job. */
  id: string;
  result: ReplayResult;
  /** It ran with other parameters: nothing was judged. */
  isUnjudged?: boolean;
  /** It ran once only, and this runs it twice: offered where outputs differ. */
  onTwice?: () => void;
  /** Open a notebook of the study, at the cell that stopped it; without it paths are text. */
  onNotebook?: (path: string, cell: number | null) => void;
  /** More buttons beside those for review and report. */
  children?: React.ReactNode;
}

/** What came out of a run: the verdict, how much was looked at, and each notebook with its cause. */
export function RunVerdict(props: IRunVerdictProps): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const { id, result } = props;
  return (
    <section className="jp-recrate-Played-verdict" aria-label={trans.__('Verdict')}>
      <div className="jp-recrate-Played-line" role="status">
        <VerdictBadge verdict={result.verdict} />
        <span>{coverageWords(trans, result.coverage)}</span>
      </div>
      <p>
        {props.isUnjudged
          ? trans.__('It ran with other parameters, so its outputs are shown and not judged.')
          : verdictMeaning(trans, result.verdict)}
      </p>
      <CoverageBar coverage={result.coverage} />
      {result.verdict === 'different' && props.onTwice && <Chance onTwice={props.onTwice} />}
      <div className="jp-recrate-Actions">
        <Button look="primary" icon={reviewIcon} onClick={() => void recrate.openReview(id)}>
          {trans.__('Review outputs')}
        </Button>
        <Button icon={reportIcon} onClick={() => void recrate.openRun(id)}>
          {trans.__('Open report')}
        </Button>
        {props.children}
      </div>
      <ul className="jp-recrate-Played-notebooks" aria-label={trans.__('Notebooks')}>
        {result.notebooks.map(notebook => (
          <Notebook key={notebook.path} notebook={notebook} onOpen={props.onNotebook} />
        ))}
      </ul>
      <Surroundings result={result} />
    </section>
  );
}

/** One run cannot tell a difference from chance. */
function Chance({ onTwice }: { onTwice: () => void }): React.ReactElement {
  const trans = useWords();
  return (
    <div className="jp-recrate-Played-chance">
      <p>
        {trans.__(
          'It may be chance and not change. Run twice, what differs between the two runs is told apart.'
        )}
      </p>
      <Button onClick={onTwice}>{trans.__('Run twice')}</Button>
    </div>
  );
}

/** Whether the environment was the locked one. */
function Surroundings({ result }: { result: ReplayResult }): React.ReactElement {
  const trans = useWords();
  const { environment } = result;
  return (
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
        <ul className="jp-recrate-Coverage-legend" aria-label={trans.__('Outputs')}>
          {parts.map(kind => (
            <li key={kind}>
              <Shape of={kind} />
              {trans.__('%1 %2', numberWords(coverage[kind]), outputWord(trans, kind))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Notebook(props: {
  notebook: NotebookVerdict;
  onOpen?: (path: string, cell: number | null) => void;
}): React.ReactElement {
  const trans = useWords();
  const { notebook, onOpen } = props;
  const { path, error } = notebook;
  return (
    <li>
      <div className="jp-recrate-Played-row">
        <VerdictBadge verdict={notebook.verdict} plain />
        {onOpen ? (
          <button
            type="button"
            className="jp-recrate-Played-path jp-recrate-Played-open"
            onClick={() => onOpen(path, error?.cell ?? null)}
          >
            {visible(path)}
          </button>
        ) : (
          <span className="jp-recrate-Played-path">{visible(path)}</span>
        )}
        <span className="jp-recrate-quiet">
          {trans.__(
            '%1 · %2',
            coverageWords(trans, notebook.coverage),
            spanWords(trans, notebook.seconds)
          )}
        </span>
      </div>
      {error && <Stop error={error} />}
    </li>
  );
}

/** What stopped a notebook, why, and what to do. */
function Stop({ error }: { error: NotebookError }): React.ReactElement {
  const trans = useWords();
  const said = visible(trans.__('%1: %2', error.name, error.message));
  return (
    <div className="jp-recrate-Played-error">
      <p>
        {error.cell !== null && <strong>{trans.__('Cell %1', error.cell)} </strong>}
        <code>{said}</code>
      </p>
      <p className="jp-recrate-quiet">
        {trans.__('Cause: %1.', causeWord(trans, error.cause))}{' '}
        {visible(saidWords(trans, error.hint))}
      </p>
    </div>
  );
}
