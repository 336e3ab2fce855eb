import React from 'react';

import type { Job, NotebookVerdict, Place, ReplayResult } from '../api';
import { CommandIDs } from '../names';
import {
  Button,
  Disclosure,
  Select,
  Shape,
  TextInput,
  useAsk,
  useRecrate,
  VerdictBadge
} from '../ui';
import { causeWord, coverageWords, saidWords, spanWords, useWords } from '../words';
import { useSession } from './context';
import { beyond } from './findings';
import { MoreFindings } from './findingslist';
import { JobArea } from './job';
import { whole } from './model';
import { contentsPath } from './places';
import { liveNotebooks } from './running';

/** Step 3: pack aside, run that, compare. Optional. */
export function VerifyStep(): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { job, result, isBusy } = session.verify;
  const start = () => void session.startVerify();
  return (
    <div className="jp-recrate-Study-Step">
      <p className="jp-recrate-Study-Lead">
        {trans.__(
          'Every notebook runs once more from top to bottom in an environment made from the lock, and every output is compared with the one you recorded. Your own files are not touched. This step is optional: a crate packed without it says “not verified”.'
        )}
      </p>
      <Options disabled={isBusy} />
      <div className="jp-recrate-Actions">
        <Button look={result ? 'plain' : 'primary'} busy={isBusy} onClick={start}>
          {result ? trans.__('Check again') : trans.__('Check by running')}
        </Button>
      </div>
      <JobArea
        work={session.verify}
        onAnew={start}
        anewLabel={trans.__('Start anew')}
        waiting={trans.__('Waiting for the verdict')}
      >
        {job && <Live job={job} />}
      </JobArea>
      {result && (
        <Verdict result={result} isOld={isBusy || session.state.stale.includes('verify')} />
      )}
    </div>
  );
}

function Options({ disabled }: { disabled: boolean }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { api } = useRecrate();
  const about = useAsk(signal => api.readAbout({ signal }), [api]);
  const { options } = session.state;
  const set = (next: Partial<typeof options>) => session.do({ type: 'options', options: next });
  const runners = about.value?.runners ?? [];
  const sandbox = about.value?.sandbox;
  return (
    <Disclosure title={trans.__('How it is run')}>
      <div className="jp-recrate-Study-Grid">
        <Select
          label={trans.__('Repeats')}
          value={String(options.repeats)}
          disabled={disabled}
          choices={[1, 2, 3, 5].map(value => ({
            value: String(value),
            label: trans._n('Run %1 time', 'Run %1 times', value)
          }))}
          onChange={value => set({ repeats: Number(value) })}
          hint={trans.__(
            'Running twice tells chance from change: what differs between the runs, too, is “unstable” and not “different”.'
          )}
        />
        <Select
          label={trans.__('Environment')}
          value={options.environment}
          disabled={disabled}
          choices={[
            { value: 'lock', label: trans.__('Made anew from the lock') },
            { value: 'current', label: trans.__('This machine as it is') }
          ]}
          onChange={environment => set({ environment })}
          hint={trans.__(
            'Only an environment made from the lock shows that others can make it, too.'
          )}
        />
        <Where runners={runners} disabled={disabled} />
        <Seconds
          label={trans.__('Time limit for a notebook, in seconds')}
          value={options.notebookTimeoutSeconds}
          onChange={notebookTimeoutSeconds => set({ notebookTimeoutSeconds })}
        />
        <Seconds
          label={trans.__('Time limit for a cell, in seconds')}
          value={options.cellTimeoutSeconds}
          onChange={cellTimeoutSeconds => set({ cellTimeoutSeconds })}
        />
      </div>
      {sandbox && !sandbox.available && (
        <p className="jp-recrate-quiet">
          {saidWords(trans, sandbox.reason)} {saidWords(trans, sandbox.hint)}
        </p>
      )}
    </Disclosure>
  );
}

/** The choice of a place, where there is more than one. */
function Where(props: { runners: readonly Place[]; disabled: boolean }): React.ReactElement | null {
  const trans = useWords();
  const session = useSession();
  const { runners, disabled } = props;
  if (runners.length < 2) {
    return null;
  }
  return (
    <Select
      label={trans.__('Where')}
      value={session.state.options.runner}
      disabled={disabled}
      choices={runners.map(one => ({
        value: one.name,
        label: one.available ? one.title : trans.__('%1 (%2)', one.title, one.reason),
        disabled: !one.available
      }))}
      onChange={runner => session.do({ type: 'options', options: { runner } })}
    />
  );
}

function Seconds(props: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}): React.ReactElement {
  const trans = useWords();
  return (
    <TextInput
      type="number"
      label={props.label}
      placeholder={trans.__('as the server sets it')}
      value={props.value === null ? '' : String(props.value)}
      onChange={typed => props.onChange(whole(typed, 1, 31536000))}
    />
  );
}

/** Each notebook while it runs. */
function Live({ job }: { job: Job }): React.ReactElement | null {
  const trans = useWords();
  const session = useSession();
  const paths = session.scan.result?.notebooks.map(one => one.path) ?? [];
  const rows = liveNotebooks(paths, job.progress);
  if (!rows.length) {
    return null;
  }
  return (
    <ul className="jp-recrate-Study-Live" aria-label={trans.__('Notebooks')}>
      {rows.map(row => (
        <li
          key={row.path}
          data-state={row.state}
          aria-current={row.state === 'running' || undefined}
        >
          <Shape
            of={row.state === 'waiting' ? 'queued' : row.state}
            spin={row.state === 'running'}
          />
          <span className="jp-recrate-oneline">{row.path}</span>
          <span className="jp-recrate-quiet">
            {row.state === 'done'
              ? trans.__('has run')
              : row.state === 'waiting'
                ? trans.__('waits')
                : row.cells
                  ? trans.__('cell %1 of %2', row.cell, row.cells)
                  : trans.__('begins')}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Verdict(props: { result: ReplayResult; isOld: boolean }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { result, isOld } = props;
  const id = session.verify.ids.shown!;
  const sentence = (session.lab.language === 'ja' && result.sentence_ja) || result.sentence;
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Verdict')}>
      <div className="jp-recrate-Study-Verdict">
        <VerdictBadge verdict={result.verdict} />
        <span>{coverageWords(trans, result.coverage)}</span>
        {isOld && (
          <span className="jp-recrate-quiet">
            {trans.__('The study was changed since; check again to be sure.')}
          </span>
        )}
      </div>
      <p role="status">{saidWords(trans, sentence)}</p>
      <p className="jp-recrate-quiet">
        {result.environment.restored
          ? trans._n(
              'Python %2 and %1 package, every version as locked; made in %3.',
              'Python %2 and %1 packages, every version as locked; made in %3.',
              result.environment.packages,
              result.environment.python ?? '',
              spanWords(trans, result.environment.seconds)
            )
          : trans.__('The environment is not exactly the locked one.')}
      </p>
      <div className="jp-recrate-Actions">
        <Button look="primary" onClick={() => session.lab.run(CommandIDs.openReview, { id })}>
          {trans.__('Review outputs')}
        </Button>
        <Button onClick={() => session.lab.run(CommandIDs.openReport, { id })}>
          {trans.__('Open report')}
        </Button>
      </div>
      {result.verdict === 'different' && session.state.options.repeats === 1 && (
        <div className="jp-recrate-Study-Bar" data-bar="chance">
          <span className="jp-recrate-Study-Bar-text">
            {trans.__(
              'It may be chance and not change. Run twice, what differs between the two runs is told apart.'
            )}
          </span>
          <Button
            busy={session.verify.isBusy}
            onClick={() => {
              session.do({ type: 'options', options: { repeats: 2 } });
              void session.startVerify();
            }}
          >
            {trans.__('Check again, twice')}
          </Button>
        </div>
      )}
      <ul className="jp-recrate-Study-Verdicts">
        {result.notebooks.map(one => (
          <NotebookRow key={one.path} notebook={one} />
        ))}
      </ul>
      <MoreFindings
        title={trans.__('Found on the way')}
        findings={beyond(result.findings ?? [], session.scan.result?.findings ?? [])}
      />
    </section>
  );
}

function NotebookRow({ notebook }: { notebook: NotebookVerdict }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { path, error } = notebook;
  return (
    <li>
      <div className="jp-recrate-Study-Verdicts-line">
        <VerdictBadge verdict={notebook.verdict} plain />
        <button
          type="button"
          className="jp-recrate-Study-Link"
          onClick={() =>
            void session.lab.goTo(contentsPath(session.path, path), error?.cell ?? null, null)
          }
        >
          {path}
        </button>
        <span className="jp-recrate-quiet">
          {trans.__(
            '%1 · %2',
            coverageWords(trans, notebook.coverage),
            spanWords(trans, notebook.seconds)
          )}
        </span>
      </div>
      {error && (
        <div className="jp-recrate-Study-Verdicts-error">
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
