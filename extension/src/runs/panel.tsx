import { refreshIcon } from '@jupyterlab/ui-components';
import React, { useCallback, useEffect, useMemo, useState } from 'react';

import { isRun, type Job, type Judgement, type Kind, type Status } from '../api';
import { recrateIcon } from '../icons';
import { useRemembered } from '../state';
import type { IRecrate } from '../tokens';
import {
  Button,
  classes,
  EmptyState,
  ProblemBox,
  useIds,
  useRecrate,
  useSignal,
  Waiting,
  WindowedList
} from '../ui';
import { kindWord, numberWords, statusWord, useWords, verdictWord } from '../words';
import { RunDetails } from './details';
import { NO_FILTER, RunsModel, type IRunsFilter } from './model';
import { RunRow } from './row';

const KINDS: Kind[] = [
  'scan',
  'pack',
  'check',
  'verify',
  'replay',
  'judge',
  'publish',
  'review',
  'campaign'
];
const STATUSES: Status[] = ['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'];
const VERDICTS: Judgement[] = [
  'identical',
  'equivalent',
  'ran',
  'different',
  'failed',
  'not restored'
];

export interface IRunsProps {
  /** For the side panel: two lines to a row, no details below. */
  compact?: boolean;
  /** A job to show at once. */
  reveal?: string | null;
  onOpenAll?: (id?: string) => void;
}

/** Jobs and verdicts, across restarts: searched, narrowed, opened, gone on with, deleted. */
export function Runs({
  compact = false,
  reveal = null,
  onOpenAll
}: IRunsProps): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const model = useRunsModel(recrate);
  const [filter, setFilter, ready] = useRemembered<IRunsFilter>(
    compact ? 'runs:narrow-filter' : 'runs:filter',
    NO_FILTER
  );
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => {
    if (ready) {
      model.narrow(filter);
    }
  }, [model, filter, ready]);
  useEffect(() => setChosen(reveal), [reveal]);

  const open = useCallback(
    (job: Job) => {
      if (compact && !(isRun(job) && job.status === 'done')) {
        onOpenAll?.(job.id);
      } else if (compact) {
        void recrate.openRun(job.id);
      } else {
        setChosen(job.id);
      }
    },
    [compact, recrate, onOpenAll]
  );
  const selected = chosen === null ? undefined : model.find(chosen);
  return (
    <div className={classes('jp-recrate-Runs', compact && 'jp-mod-compact')}>
      <Filters compact={compact} filter={filter} onChange={setFilter} model={model} />
      {model.problem && <ProblemBox problem={model.problem} onRetry={() => model.reload()} />}
      <div className="jp-recrate-Runs-list">
        {model.total === null && !model.problem && <Waiting>{trans.__('Looking…')}</Waiting>}
        {model.total === 0 && !model.problem && (
          <Nothing filtered={model.isFiltered} onClear={() => setFilter(NO_FILTER)} />
        )}
        {!!model.total && (
          <WindowedList
            label={trans.__('Runs')}
            total={model.total}
            itemAt={model.itemAt}
            keyOf={job => job.id}
            rowHeight={compact ? 54 : 58}
            current={compact ? null : chosen}
            reveal={reveal}
            onNeed={model.need}
            onActivate={open}
            renderRow={(job, _, focused) => (
              <RunRow job={job} focused={focused} compact={compact} onOpen={open} />
            )}
          />
        )}
      </div>
      {selected && !compact && <RunDetails job={selected} onClose={() => setChosen(null)} />}
      {compact && onOpenAll && !!model.total && (
        <div className="jp-recrate-Runs-foot">
          <Button look="quiet" onClick={() => onOpenAll()}>
            {trans.__('Show all (%1)', numberWords(model.total))}
          </Button>
        </div>
      )}
    </div>
  );
}

function useRunsModel(recrate: IRecrate): RunsModel {
  const model = useMemo(() => new RunsModel(recrate.api, recrate.jobs), [recrate]);
  useEffect(() => () => model.dispose(), [model]);
  useSignal(model.changed);
  useEffect(() => {
    // The server is back: so is the list.
    const slot = (): void => {
      if (!recrate.jobs.problem && model.problem?.passes) {
        model.reload();
      }
    };
    recrate.jobs.looked.connect(slot);
    return () => {
      recrate.jobs.looked.disconnect(slot);
    };
  }, [recrate, model]);
  return model;
}

interface IFiltersProps {
  compact: boolean;
  filter: IRunsFilter;
  onChange: (filter: IRunsFilter) => void;
  model: RunsModel;
}

function Filters({ compact, filter, onChange, model }: IFiltersProps): React.ReactElement {
  const trans = useWords();
  const set = (key: keyof IRunsFilter) => (value: string) => onChange({ ...filter, [key]: value });
  return (
    <div className="jp-recrate-Runs-filters" role="search" aria-label={trans.__('Search runs')}>
      <Search value={filter.query} onChange={set('query')} />
      {!compact && (
        <>
          <Pick
            label={trans.__('Kind')}
            all={trans.__('All kinds')}
            value={filter.kind}
            choices={KINDS.map(kind => [kind, kindWord(trans, kind)])}
            onChange={set('kind')}
          />
          <Pick
            label={trans.__('Status')}
            all={trans.__('Any status')}
            value={filter.status}
            choices={STATUSES.map(status => [status, statusWord(trans, status)])}
            onChange={set('status')}
          />
          <Pick
            label={trans.__('Verdict')}
            all={trans.__('Any verdict')}
            value={filter.verdict}
            choices={VERDICTS.map(verdict => [verdict, verdictWord(trans, verdict)])}
            onChange={set('verdict')}
          />
          <span className="jp-recrate-Runs-count" role="status">
            {model.total === null
              ? ''
              : trans._n('%2 run', '%2 runs', model.total, numberWords(model.total))}
          </span>
          <Button
            look="quiet"
            icon={refreshIcon}
            label={trans.__('Refresh')}
            busy={model.busy}
            onClick={() => model.reload()}
          />
        </>
      )}
    </div>
  );
}

/** What is typed counts once the person pauses. */
function Search(props: { value: string; onChange: (value: string) => void }): React.ReactElement {
  const trans = useWords();
  const [typed, setTyped] = useState(props.value);
  const { value, onChange } = props;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) {
      return;
    }
    const timer = setTimeout(() => onChange(typed), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      className="jp-recrate-Input jp-recrate-Runs-search"
      type="search"
      aria-label={trans.__('Search runs')}
      placeholder={trans.__('Search title, study, verdict')}
      value={typed}
      onChange={event => setTyped(event.target.value)}
    />
  );
}

function Pick(props: {
  label: string;
  all: string;
  value: string;
  choices: [string, string][];
  onChange: (value: string) => void;
}): React.ReactElement {
  const ids = useIds();
  return (
    <select
      id={ids.own}
      className="jp-recrate-Input jp-recrate-Runs-pick"
      aria-label={props.label}
      value={props.value}
      onChange={event => props.onChange(event.target.value)}
    >
      <option value="">{props.all}</option>
      {props.choices.map(([value, word]) => (
        <option key={value} value={value}>
          {word}
        </option>
      ))}
    </select>
  );
}

function Nothing(props: { filtered: boolean; onClear: () => void }): React.ReactElement {
  const trans = useWords();
  return props.filtered ? (
    <EmptyState
      title={trans.__('No run fits')}
      action={<Button onClick={props.onClear}>{trans.__('Show all runs')}</Button>}
    />
  ) : (
    <EmptyState icon={recrateIcon} title={trans.__('No runs yet')}>
      {trans.__(
        'Package a study or replay a crate: what was run, and with which verdict, is kept here.'
      )}
    </EmptyState>
  );
}
