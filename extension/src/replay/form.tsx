import React from 'react';

import type { About, CrateOverview, Job } from '../api';
import { titleOf, visible } from '../crate/model';
import { recrateIcon } from '../icons';
import {
  Button,
  Checkbox,
  Disclosure,
  ProblemBox,
  Select,
  TextInput,
  useAsk,
  useDeed,
  useRecrate,
  Waiting
} from '../ui';
import { useRemembered } from '../state';
import { isJapanese, saidWords, spoken, useWords } from '../words';
import { complaintsOf, NOTHING_CHOSEN, orderOf, type IReplayChoice } from './model';

/** Where and how a crate shall run, and the button that starts it. */
export function ReplayForm(props: {
  path: string;
  onStarted: (job: Job) => void;
}): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const crate = useAsk(signal => api.readCrate(props.path, { signal }), [props.path]);
  const about = useAsk(signal => api.readAbout({ signal }), []);
  const problem = crate.problem ?? about.problem;
  if (problem) {
    const again = (): void => {
      crate.again();
      about.again();
    };
    return (
      <div className="jp-recrate-Pad">
        <ProblemBox problem={problem} onRetry={again} busy={crate.busy || about.busy} />
      </div>
    );
  }
  if (!crate.value || !about.value) {
    return <Waiting>{trans.__('Reading the crate’s metadata…')}</Waiting>;
  }
  return <Form {...props} crate={crate.value} about={about.value} />;
}

function Form(props: {
  path: string;
  crate: CrateOverview;
  about: About;
  onStarted: (job: Job) => void;
}): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const { crate, about, path } = props;
  const [choice, setChoice] = useRemembered<IReplayChoice & { [key: string]: never }>(
    `replay:${path}`,
    NOTHING_CHOSEN as IReplayChoice & { [key: string]: never }
  );
  const change = (part: Partial<IReplayChoice>): void =>
    setChoice({ ...choice, ...part } as typeof choice);
  const complaints = complaintsOf(choice, crate.notebooks);
  const order = orderOf(path, choice, crate.notebooks, isJapanese() ? 'ja' : 'en');
  const isPossible = about.runners.some(one => one.name === choice.runner && one.available);
  const why = !isPossible
    ? trans.__('It cannot run at the chosen place.')
    : order
      ? undefined
      : trans.__('Something in the form is not right yet.');
  const start = useDeed(async () => {
    if (order) {
      props.onStarted(await jobs.start(order));
    }
  });
  return (
    <div className="jp-recrate-Pad jp-recrate-Replay">
      <h1>{trans.__('Replay %1', visible(titleOf(crate)))}</h1>
      <p className="jp-recrate-quiet">
        {trans.__(
          'The environment is restored, the notebooks run again from top to bottom, and every output is compared with the recorded one. Your own files are not touched.'
        )}
      </p>
      {!about.sandbox.available && <NoSandbox about={about} />}
      <Where about={about} choice={choice} change={change} />
      <Which crate={crate} choice={choice} change={change} none={!!complaints.notebooks} />
      <Disclosure title={trans.__('Limits and parameters')}>
        <HowLong choice={choice} change={change} complaints={complaints} />
        <Parameters choice={choice} change={change} complaints={complaints} />
      </Disclosure>
      {start.problem && <ProblemBox problem={start.problem} />}
      <div className="jp-recrate-Actions">
        <Button
          look="primary"
          icon={recrateIcon}
          busy={start.busy}
          disabled={!order || !isPossible}
          title={why}
          onClick={() => void start.run()}
        >
          {trans.__('Start the replay')}
        </Button>
      </div>
    </div>
  );
}

interface IPartProps {
  choice: IReplayChoice;
  change: (part: Partial<IReplayChoice>) => void;
}

function NoSandbox({ about }: { about: About }): React.ReactElement {
  const trans = useWords();
  return (
    <div className="jp-recrate-Replay-warning" role="note">
      <strong>
        {trans.__('There is no sandbox on this server, so a crate cannot be run here.')}
      </strong>
      <p>{saidWords(trans, about.sandbox.reason)}</p>
      {about.sandbox.hint && <p>{saidWords(trans, about.sandbox.hint)}</p>}
    </div>
  );
}

function Where(props: IPartProps & { about: About }): React.ReactElement {
  const trans = useWords();
  const { choice, change, about } = props;
  return (
    <div className="jp-recrate-Replay-grid">
      <Select
        label={trans.__('Where to run')}
        value={choice.runner}
        onChange={runner => change({ runner })}
        choices={about.runners.map(one => {
          const title = spoken(one.title, one.title_ja);
          return {
            value: one.name,
            label: one.available ? title : trans.__('%1 (%2)', title, saidWords(trans, one.reason)),
            disabled: !one.available
          };
        })}
      />
      <Select
        label={trans.__('Environment')}
        value={choice.environment}
        onChange={environment => change({ environment })}
        choices={[
          { value: 'lock', label: trans.__('Made anew from the lock') },
          { value: 'current', label: trans.__('This machine as it is') }
        ]}
        hint={
          choice.environment === 'current'
            ? trans.__('The verdict then says that the environment was not restored.')
            : undefined
        }
      />
      <Select
        label={trans.__('Repeats')}
        value={String(choice.repeats)}
        onChange={value => change({ repeats: Number(value) })}
        choices={[1, 2, 3, 5].map(count => ({
          value: String(count),
          label: trans._n('Run %1 time', 'Run %1 times', count)
        }))}
        hint={trans.__('Running twice tells chance from change.')}
      />
    </div>
  );
}

function Which(props: IPartProps & { crate: CrateOverview; none: boolean }): React.ReactElement {
  const trans = useWords();
  const { crate, choice, change } = props;
  return (
    <fieldset className="jp-recrate-Replay-notebooks">
      <legend>{trans.__('Notebooks, in the order in which they run')}</legend>
      {crate.notebooks.map(path => (
        <Checkbox
          key={path}
          label={visible(path)}
          checked={!choice.leftOut.includes(path)}
          onChange={checked =>
            change({
              leftOut: checked
                ? choice.leftOut.filter(one => one !== path)
                : [...choice.leftOut, path]
            })
          }
        />
      ))}
      {props.none && (
        <p className="jp-recrate-Field-complaint" role="alert">
          {trans.__('Choose at least one notebook.')}
        </p>
      )}
    </fieldset>
  );
}

interface IComplainedProps extends IPartProps {
  complaints: ReturnType<typeof complaintsOf>;
}

function HowLong({ choice, change, complaints }: IComplainedProps): React.ReactElement {
  const trans = useWords();
  const wrong = trans.__('Write a number of seconds, or nothing.');
  return (
    <div className="jp-recrate-Replay-grid">
      <TextInput
        label={trans.__('Time limit for a notebook, in seconds')}
        placeholder={trans.__('as the server sets it')}
        value={choice.notebookTimeout}
        complaint={complaints.notebookTimeout && wrong}
        onChange={notebookTimeout => change({ notebookTimeout })}
      />
      <TextInput
        label={trans.__('Time limit for a cell, in seconds')}
        placeholder={trans.__('as the server sets it')}
        value={choice.cellTimeout}
        complaint={complaints.cellTimeout && wrong}
        onChange={cellTimeout => change({ cellTimeout })}
      />
    </div>
  );
}

function Parameters({ choice, change, complaints }: IComplainedProps): React.ReactElement {
  const trans = useWords();
  const rows = choice.parameters;
  const set = (at: number, part: Partial<(typeof rows)[number]>): void =>
    change({ parameters: rows.map((row, here) => (here === at ? { ...row, ...part } : row)) });
  const complaint = (at: number): string | undefined => {
    const found = complaints.parameters?.find(one => one.at === at);
    return (
      found &&
      (found.what === 'twice'
        ? trans.__('This name is given twice.')
        : trans.__('Not a name that code can use.'))
    );
  };
  return (
    <section className="jp-recrate-Replay-parameters">
      <h2>{trans.__('Parameters')}</h2>
      <p className="jp-recrate-quiet">
        {trans.__('With other parameters outputs are shown, not judged.')}
      </p>
      {rows.map((row, at) => (
        <div key={at} className="jp-recrate-Replay-parameter">
          <TextInput
            label={trans.__('Name')}
            value={row.name}
            complaint={complaint(at)}
            onChange={name => set(at, { name })}
          />
          <TextInput
            label={trans.__('Value')}
            value={row.value}
            onChange={value => set(at, { value })}
          />
          <Button
            look="quiet"
            label={trans.__('Remove the parameter %1', row.name)}
            onClick={() => change({ parameters: rows.filter((_, here) => here !== at) })}
          >
            {trans.__('Remove')}
          </Button>
        </div>
      ))}
      <Button onClick={() => change({ parameters: [...rows, { name: '', value: '' }] })}>
        {trans.__('Add a parameter')}
      </Button>
    </section>
  );
}
