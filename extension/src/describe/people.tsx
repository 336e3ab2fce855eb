import React, { useLayoutEffect, useRef, useState } from 'react';

import type { Person } from '../api';
import { Button, Disclosure, TextInput } from '../ui';
import { useWords } from '../words';
import { Chips, PartComplaint, Source, useForm } from './form';
import { readOrcid, readRor } from './identifiers';
import { ORCIDS, PEOPLE, PLACES, RORS, useLookUp } from './lookup';
import { personTaken, placeTaken, type FoundPerson, type FoundPlace } from './lookup_taken';
import { moved, NOBODY, replaced, without } from './model';

/** The people who made the study, in the order in which they are cited. */
export function Creators(): React.ReactElement {
  const trans = useWords();
  const { draft, set } = useForm();
  const { creators } = draft;
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wanted.current) {
      const control = list.current?.querySelector<HTMLElement>(wanted.current);
      wanted.current = null;
      control?.focus();
    }
  });
  const move = (at: number, step: number, act: string): void => {
    const to = at + step;
    if (to >= 0 && to < creators.length) {
      wanted.current = `[data-creator="${to}"] [data-act="${act}"]`;
      set({ creators: moved(creators, at, step) });
      setSaid(trans.__('%1 is now %2 of %3', creators[at]!.name, to + 1, creators.length));
    }
  };
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Creators')}>
      <div className="jp-recrate-Study-Part-head">
        <h2>{trans.__('Creators')}</h2>
        <Source field="creators" />
      </div>
      <p className="jp-recrate-quiet">
        {trans.__('In the order in which they are cited. Alt with an arrow key moves a person.')}
      </p>
      <PartComplaint field="creators" />
      <ol className="jp-recrate-Study-Creators" ref={list}>
        {creators.map((person, at) => (
          <li
            key={at}
            data-creator={at}
            onKeyDown={event => {
              if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
                event.preventDefault();
                move(at, event.key === 'ArrowUp' ? -1 : 1, 'remove');
              }
            }}
          >
            <Creator
              at={at}
              person={person}
              onChange={next => set({ creators: replaced(creators, at, next) })}
            />
            <div className="jp-recrate-Study-Creator-actions">
              <span data-act="up">
                <Button
                  look="quiet"
                  disabled={at === 0}
                  label={trans.__('Move %1 up', person.name || at + 1)}
                  onClick={() => move(at, -1, 'up button')}
                >
                  ↑
                </Button>
              </span>
              <span data-act="down">
                <Button
                  look="quiet"
                  disabled={at === creators.length - 1}
                  label={trans.__('Move %1 down', person.name || at + 1)}
                  onClick={() => move(at, 1, 'down button')}
                >
                  ↓
                </Button>
              </span>
              <Button
                look="quiet"
                label={trans.__('Remove %1', person.name || at + 1)}
                onClick={() => set({ creators: without(creators, at) })}
              >
                {trans.__('Remove')}
              </Button>
            </div>
          </li>
        ))}
      </ol>
      <div className="jp-recrate-hidden" role="status">
        {said}
      </div>
      <Chips fields={['creators']} />
      <div className="jp-recrate-Actions">
        <Button
          onClick={() => {
            wanted.current = `[data-creator="${creators.length}"] input`;
            set({ creators: [...creators, NOBODY] });
          }}
        >
          {trans.__('Add a person')}
        </Button>
      </div>
    </section>
  );
}

function Creator(props: {
  at: number;
  person: Person;
  onChange: (person: Person) => void;
}): React.ReactElement {
  const trans = useWords();
  const { complaintAt } = useForm();
  const { at, person, onChange } = props;
  const here = `creators.${at}`;
  const place = person.affiliation ?? { name: '' };
  const set = (change: Partial<Person>): void => onChange({ ...person, ...change });
  const setPlace = (change: Partial<typeof place>): void => {
    const next = { ...place, ...change };
    set({ affiliation: next.name || next.identifier || next.name_ja ? next : null });
  };
  const orcid = readOrcid(person.identifier ?? '');
  const ror = readRor(place.identifier ?? '');
  const takePerson = (found: FoundPerson): void => onChange(personTaken(person, found));
  const takePlace = (found: FoundPlace): void => setPlace(placeTaken(place, found));
  const who = useLookUp(PEOPLE, person.name, takePerson);
  const whose = useLookUp(ORCIDS, person.identifier ?? '', takePerson);
  const where = useLookUp(PLACES, place.name, takePlace);
  const which = useLookUp(RORS, place.identifier ?? '', takePlace);
  return (
    <div className="jp-recrate-Study-Creator">
      <div className="jp-recrate-Study-Grid">
        <TextInput
          label={trans.__('Name')}
          value={person.name}
          aside={who.button}
          onChange={name => set({ name })}
          {...complaintAt(`${here}.name`)}
        />
        <TextInput
          label={trans.__('ORCID')}
          value={person.identifier ?? ''}
          aside={whose.button}
          placeholder={trans.__('e.g. %1', '0000-0002-1825-0097')}
          onChange={identifier => set({ identifier: identifier || null })}
          onBlur={() => 'url' in orcid && set({ identifier: orcid.url })}
          {...complaintAt(`${here}.identifier`)}
        />
        <TextInput
          label={trans.__('Affiliation')}
          value={place.name}
          aside={where.button}
          onChange={name => setPlace({ name })}
          {...complaintAt(`${here}.affiliation.name`)}
        />
        <TextInput
          label={trans.__('ROR of the affiliation')}
          value={place.identifier ?? ''}
          aside={which.button}
          placeholder={trans.__('e.g. %1', 'https://ror.org/04ksd4g47')}
          onChange={identifier => setPlace({ identifier: identifier || null })}
          onBlur={() => 'url' in ror && setPlace({ identifier: ror.url })}
          {...complaintAt(`${here}.affiliation.identifier`)}
        />
      </div>
      {who.results}
      {whose.results}
      {where.results}
      {which.results}
      <More here={here} person={person} set={set} setPlace={setPlace} />
    </div>
  );
}

function More(props: {
  here: string;
  person: Person;
  set: (change: Partial<Person>) => void;
  setPlace: (change: { name_ja: string | null }) => void;
}): React.ReactElement {
  const trans = useWords();
  const { complaintAt } = useForm();
  const { here, person, set, setPlace } = props;
  return (
    <Disclosure title={trans.__('More about this person')}>
      <div className="jp-recrate-Study-Grid">
        <TextInput
          label={trans.__('Name in Japanese')}
          lang="ja"
          value={person.name_ja ?? ''}
          onChange={name => set({ name_ja: name || null })}
          {...complaintAt(`${here}.name_ja`)}
        />
        <TextInput
          label={trans.__('Affiliation in Japanese')}
          lang="ja"
          value={person.affiliation?.name_ja ?? ''}
          onChange={name => setPlace({ name_ja: name || null })}
        />
        <TextInput
          label={trans.__('Given name')}
          value={person.given_name ?? ''}
          onChange={name => set({ given_name: name || null })}
        />
        <TextInput
          label={trans.__('Family name')}
          value={person.family_name ?? ''}
          onChange={name => set({ family_name: name || null })}
        />
        <TextInput
          label={trans.__('Mail address')}
          type="email"
          value={person.email ?? ''}
          onChange={email => set({ email: email || null })}
          {...complaintAt(`${here}.email`)}
        />
        <TextInput
          label={trans.__('e-Rad researcher number')}
          value={person.erad_number ?? ''}
          onChange={number => set({ erad_number: number || null })}
          {...complaintAt(`${here}.erad_number`)}
        />
      </div>
    </Disclosure>
  );
}
