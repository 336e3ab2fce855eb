import React from 'react';

import type { Job, RunnerOffered } from '../api';
import { recrateIcon } from '../icons';
import { useRemembered } from '../state';
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
import { isJapanese, saidWords, spoken, useWords, type Words } from '../words';
import { complaintsOf, NOTHING_CHOSEN, orderOf, runnerOf, type ICampaignChoice } from './model';

export interface ICampaignFormProps {
  /** Return the contents path of what is chosen in the file browser; null where nothing is. */
  chosen: () => string | null;
  onStarted: (job: Job) => void;
}

/** Which crates shall run, and where; and the button that starts it. */
export function CampaignForm(props: ICampaignFormProps): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const runners = useAsk(signal => api.listRunners({ signal }), []);
  if (runners.problem) {
    return <ProblemBox problem={runners.problem} onRetry={runners.again} busy={runners.busy} />;
  }
  return runners.value ? (
    <Form {...props} runners={runners.value} />
  ) : (
    <Waiting>{trans.__('Looking…')}</Waiting>
  );
}

function Form(props: ICampaignFormProps & { runners: RunnerOffered[] }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const [choice, setChoice] = useRemembered<ICampaignChoice>('campaign:form', NOTHING_CHOSEN);
  const change = (part: Partial<ICampaignChoice>): void =>
    setChoice({ ...choice, ...part } as ICampaignChoice);
  const wrong = complaintsOf(choice);
  const order = orderOf(choice, isJapanese() ? 'ja' : 'en');
  const isPossible = runnerOf(choice, props.runners)?.available ?? false;
  const start = useDeed(async () => {
    if (order) {
      props.onStarted(await jobs.start(order));
      change({ list: '' });
    }
  });
  const why = !isPossible
    ? trans.__('It cannot run at the chosen place.')
    : order
      ? undefined
      : choice.list.trim()
        ? trans.__('Something in the form is not right yet.')
        : trans.__('Name what is to be replayed first.');
  return (
    <section className="jp-recrate-Campaign-form" aria-label={trans.__('New campaign')}>
      <List choice={choice} change={change} wrong={wrong} chosen={props.chosen} />
      <Where choice={choice} change={change} wrong={wrong} runners={props.runners} />
      <Disclosure title={trans.__('Limits')}>
        <Limits choice={choice} change={change} wrong={wrong} />
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
          {trans.__('Start the campaign')}
        </Button>
      </div>
    </section>
  );
}

interface IPartProps {
  choice: ICampaignChoice;
  change: (part: Partial<ICampaignChoice>) => void;
  wrong: ReadonlySet<string>;
}

function List(props: IPartProps & { chosen: () => string | null }): React.ReactElement {
  const trans = useWords();
  const { choice, change, wrong, chosen } = props;
  return (
    <TextInput
      label={trans.__('List of crates')}
      hint={trans.__(
        'A folder of crates or a file that lists them, by its path; or a DOI, an https address, `zenodo:NAME` of a community, `oai:https://…` of a set.'
      )}
      value={choice.list}
      complaint={
        wrong.has('list') ? trans.__('Write the path as the file browser shows it.') : undefined
      }
      aside={
        <Button
          look="quiet"
          onClick={() => {
            const path = chosen();
            if (path !== null) {
              change({ list: path });
            }
          }}
        >
          {trans.__('Take what is chosen in the file browser')}
        </Button>
      }
      onChange={list => change({ list })}
    />
  );
}

function Where(props: IPartProps & { runners: RunnerOffered[] }): React.ReactElement {
  const trans = useWords();
  const { choice, change, runners, wrong } = props;
  const queued = runnerOf(choice, runners)?.capabilities?.queued;
  return (
    <div className="jp-recrate-Replay-grid">
      <Select
        label={trans.__('Where to run')}
        value={choice.runner}
        onChange={runner => change({ runner })}
        choices={runners.map(one => ({
          value: one.name,
          label: titleOf(trans, one),
          disabled: !one.available
        }))}
        hint={queued ? trans.__('A scheduler there decides when it begins.') : undefined}
      />
      <TextInput
        label={trans.__('Replays at once')}
        placeholder={trans.__('as the place says')}
        value={choice.workers}
        complaint={wrong.has('workers') ? trans.__('Write a whole number, or nothing.') : undefined}
        onChange={workers => change({ workers })}
      />
      <Select
        label={trans.__('Environment')}
        value={choice.environment}
        onChange={environment => change({ environment })}
        choices={[
          { value: 'lock', label: trans.__('Made anew from the lock') },
          { value: 'current', label: trans.__('This machine as it is') }
        ]}
      />
      <Select
        label={trans.__('Repeats')}
        value={choice.repeats}
        onChange={repeats => change({ repeats })}
        choices={[1, 2, 3, 5].map(count => ({
          value: String(count),
          label: trans._n('Run %1 time', 'Run %1 times', count)
        }))}
      />
    </div>
  );
}

/** Return a place's name, with the reason where it cannot be used. */
function titleOf(trans: Words, one: RunnerOffered): string {
  const title = spoken(one.title, one.title_ja);
  return one.available ? title : trans.__('%1 (%2)', title, saidWords(trans, one.reason));
}

function Limits({ choice, change, wrong }: IPartProps): React.ReactElement {
  const trans = useWords();
  const field = (name: string, label: string, complaint: string): React.ReactElement => (
    <TextInput
      label={label}
      placeholder={trans.__('as the server sets it')}
      value={String(choice[name])}
      complaint={wrong.has(name) ? complaint : undefined}
      onChange={value => change({ [name]: value })}
    />
  );
  const seconds = trans.__('Write a number of seconds, or nothing.');
  const size = trans.__('Write a number of MB, or nothing.');
  const tries = trans.__('Write a whole number from 1 to 20.');
  return (
    <>
      <div className="jp-recrate-Replay-grid">
        {field('seconds', trans.__('Time limit for one run of a crate, in seconds'), seconds)}
        {field('secondsCeiling', trans.__('How far that may grow, in seconds'), seconds)}
        {field('cellSeconds', trans.__('Time limit for a cell, in seconds'), seconds)}
        {field('memory', trans.__('Memory of one kernel, in MB'), size)}
        {field('memoryCeiling', trans.__('How far that may grow, in MB'), size)}
        {field('tries', trans.__('Attempts where a machine, a network or a disk fails'), tries)}
      </div>
      <Checkbox
        label={trans.__('Replay also what has a verdict already')}
        checked={choice.again}
        onChange={again => change({ again })}
      />
      <Checkbox
        label={trans.__('Fetch large crates without asking')}
        checked={choice.agreed}
        onChange={agreed => change({ agreed })}
      />
    </>
  );
}
