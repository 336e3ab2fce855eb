import React from 'react';

import type { Place, ReplayResult } from '../api';
import { LiveNotebooks } from '../replay/live';
import { RunVerdict } from '../replay/verdict';
import { Button, Disclosure, Select, TextInput, useAsk, useRecrate } from '../ui';
import { saidWords, useWords } from '../words';
import { useSession } from './context';
import { beyond } from './findings';
import { MoreFindings } from './findingslist';
import { JobArea } from './job';
import { whole } from './model';
import { contentsPath } from './places';

/** Step 3: pack aside, run that, compare. Optional. */
export function VerifyStep(): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { job, result, isBusy } = session.verify;
  const paths = session.scan.result?.notebooks.map(one => one.path) ?? [];
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
        {job && <LiveNotebooks paths={paths} progress={job.progress} />}
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

/** What came out; with a word where the study is not what was checked any more. */
function Verdict(props: { result: ReplayResult; isOld: boolean }): React.ReactElement | null {
  const trans = useWords();
  const session = useSession();
  const { result, isOld } = props;
  const id = session.verify.ids.shown;
  if (!id) {
    return null;
  }
  const twice = (): void => {
    session.do({ type: 'options', options: { repeats: 2 } });
    void session.startVerify();
  };
  return (
    <div className="jp-recrate-Study-Part">
      {isOld && (
        <p className="jp-recrate-quiet" role="status">
          {trans.__('The study was changed since; check again to be sure.')}
        </p>
      )}
      <RunVerdict
        id={id}
        result={result}
        onTwice={session.state.options.repeats === 1 && !isOld ? twice : undefined}
        onNotebook={(path, cell) =>
          void session.lab.goTo(contentsPath(session.path, path), cell, null)
        }
      />
      <MoreFindings
        title={trans.__('Found on the way')}
        findings={beyond(result.findings ?? [], session.scan.result?.findings ?? [])}
      />
    </div>
  );
}
