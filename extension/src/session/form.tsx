import React, { useState } from 'react';

import type { Opinion } from '../api';
import { visible } from '../crate/model';
import { verdictIcon } from '../icons';
import { useRemembered } from '../state';
import { Button, Checkbox, Shape, TextArea, TextInput, useIds, useSignal } from '../ui';
import { coverageWords, useWords, type Words } from '../words';
import type { ISessionRoom } from './context';
import { complaintsOf, NOTHING_SAID, type IOpinion, type IOpinionComplaints } from './opinion';
import type { ITally } from './tally';
import { apartWords } from './words';

export interface IOpinionFormProps {
  room: ISessionRoom;
  busy: boolean;
  /** `notebooks`: those that can be chosen. */
  onGive: (said: IOpinion, notebooks: readonly string[]) => void;
}

interface IPartProps {
  said: IOpinion;
  /** What is wrong, once somebody has tried to go on. */
  wrong: IOpinionComplaints;
  set: (part: Partial<IOpinion>) => void;
  room: ISessionRoom;
}

/** Who looked, at which notebooks, and what they say; kept for the time of the session. */
export function OpinionForm(props: IOpinionFormProps): React.ReactElement {
  const trans = useWords();
  const { room, busy } = props;
  const { session } = room.model;
  const [said, setSaid, isReady] = useRemembered(`session:${session.id}:opinion`, NOTHING_SAID);
  const [hasTried, setTried] = useState(false);
  useSignal(room.model.changed);
  useSignal(room.runner.changed);
  const seen = room.model.tallies().filter(({ tally }) => tally && tally.run > 0);
  const notebooks = seen.map(({ path }) => path);
  const complaints = complaintsOf(said, notebooks);
  const isRunning = room.runner.running !== null;
  const part = {
    said,
    wrong: hasTried ? complaints : { orcid: said.orcid ? complaints.orcid : undefined },
    set: (some: Partial<IOpinion>): void => setSaid({ ...said, ...some } as IOpinion),
    room
  };
  return (
    <form
      className="jp-recrate-Opinion-form"
      aria-busy={!isReady}
      onSubmit={event => event.preventDefault()}
    >
      <p>
        {trans.__(
          'What you saw in this session becomes a run crate: your notebooks as they are saved now, how every output compares, and what you say of it.'
        )}
      </p>
      <What {...part} />
      <Which {...part} seen={seen} />
      <Who {...part} />
      <div className="jp-recrate-Actions">
        <Button
          look="primary"
          icon={verdictIcon}
          busy={busy}
          disabled={isRunning}
          title={isRunning ? trans.__('Wait until the run has ended, or stop it.') : undefined}
          onClick={() => {
            setTried(true);
            if (Object.keys(complaints).length === 0) {
              props.onGive(said, notebooks);
            }
          }}
        >
          {trans.__('Save the notebooks and make the verdict')}
        </Button>
        <span className="jp-recrate-Opinion-missing" role="status">
          {hasTried && Object.keys(complaints).length > 0
            ? trans.__('Something is missing above.')
            : ''}
        </span>
      </div>
    </form>
  );
}

/** What the reviewer says. */
function What({ said, wrong, set }: IPartProps): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  return (
    <fieldset aria-describedby={wrong.opinion && ids.complaint}>
      <legend>{trans.__('Your opinion')}</legend>
      {(['confirms', 'doubts', 'undecided'] as const).map(value => (
        <label key={value} className="jp-recrate-Opinion-choice">
          <input
            type="radio"
            name={ids.own}
            checked={said.opinion === value}
            onChange={() => set({ opinion: value })}
          />
          <span>
            <strong>{opinionWord(trans, value)}</strong>{' '}
            <span className="jp-recrate-quiet">{opinionMeaning(trans, value)}</span>
          </span>
        </label>
      ))}
      {wrong.opinion && (
        <p id={ids.complaint} className="jp-recrate-Field-complaint">
          {trans.__('Choose one of the three.')}
        </p>
      )}
      <TextArea
        label={trans.__('Statement')}
        hint={trans.__('What you looked at, what you tried, and what the authors should know.')}
        complaint={
          wrong.statement === 'long'
            ? trans.__('It is too long.')
            : wrong.statement === 'none'
              ? trans.__('Say what you doubt.')
              : null
        }
        rows={6}
        value={said.statement}
        onChange={statement => set({ statement })}
      />
    </fieldset>
  );
}

export function opinionWord(trans: Words, opinion: Opinion): string {
  switch (opinion) {
    case 'confirms':
      return trans._p('opinion', 'Confirms');
    case 'doubts':
      return trans._p('opinion', 'Doubts');
    default:
      return trans._p('opinion', 'Undecided');
  }
}

function opinionMeaning(trans: Words, opinion: Opinion): string {
  switch (opinion) {
    case 'confirms':
      return trans.__('I saw what the authors say.');
    case 'doubts':
      return trans.__('Something that matters is not as the authors say.');
    default:
      return trans.__('What I saw does not decide it.');
  }
}

/** At which notebooks. */
function Which(
  props: IPartProps & { seen: { path: string; tally: ITally | null }[] }
): React.ReactElement {
  const trans = useWords();
  const { said, wrong, set, seen, room } = props;
  const left = room.model.session.notebooks.length - seen.length;
  return (
    <fieldset>
      <legend>{trans.__('Notebooks that you looked at')}</legend>
      {seen.map(({ path, tally }) => (
        <Checkbox
          key={path}
          label={visible(path)}
          hint={
            tally && [coverageWords(trans, tally.coverage), ...apartWords(trans, tally)].join(' · ')
          }
          checked={!said.leftOut.includes(path)}
          onChange={isIn =>
            set({ leftOut: [...said.leftOut.filter(one => one !== path), ...(isIn ? [] : [path])] })
          }
        />
      ))}
      {left > 0 && (
        <p className="jp-recrate-quiet">
          {trans._n(
            '%1 notebook was not run here and is left out.',
            '%1 notebooks were not run here and are left out.',
            left
          )}
        </p>
      )}
      {(wrong.notebooks || seen.length === 0) && (
        <p className="jp-recrate-Opinion-none">
          <Shape of="warning" />{' '}
          {seen.length === 0
            ? trans.__('Run something first: a verdict needs what you saw.')
            : trans.__('Choose at least one notebook.')}
        </p>
      )}
    </fieldset>
  );
}

/** Who says it. */
function Who({ said, wrong, set, room }: IPartProps): React.ReactElement {
  const trans = useWords();
  const faults = {
    form: trans.__('This is no ORCID: it has four groups of four digits.'),
    digits: trans.__('A digit is wrong: the check digit does not fit.'),
    name: trans.__('An ORCID names you: write your name, too, or leave both empty.')
  };
  return (
    <fieldset>
      <legend>{trans.__('You')}</legend>
      {room.model.session.blind && (
        <p>
          <Shape of="waived" />{' '}
          {trans.__('This crate is in blind review. Leave the name empty to stay unknown.')}
        </p>
      )}
      <div className="jp-recrate-Opinion-who">
        <TextInput
          label={trans.__('Name')}
          hint={trans.__('Empty for an anonymous reviewer.')}
          value={said.name}
          onChange={name => set({ name })}
        />
        <TextInput
          label={trans.__('ORCID')}
          complaint={wrong.orcid ? faults[wrong.orcid] : null}
          placeholder="0000-0000-0000-0000"
          value={said.orcid}
          onChange={orcid => set({ orcid })}
        />
        <TextInput
          label={trans.__('Affiliation')}
          value={said.affiliation}
          onChange={affiliation => set({ affiliation })}
        />
      </div>
    </fieldset>
  );
}
