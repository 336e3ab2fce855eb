import React, { useState } from 'react';

import type { Funding, Related } from '../api';
import { Button, Field, Select, TextInput } from '../ui';
import { useWords } from '../words';
import { Chips, PartComplaint, Source, useForm } from './form';
import { readDoi, readFunder } from './identifiers';
import { PLACES, useLookUp, WORKS } from './lookup';
import { funderTaken, workTaken } from './lookup_taken';
import { replaced, withKeywords, without } from './model';
import { relatedWord } from './words';

/** Keywords as tokens: a comma, Enter or leaving the field makes one; Backspace takes the last. */
export function Keywords(): React.ReactElement {
  const trans = useWords();
  const { draft, set, complaintAt } = useForm();
  const [typed, setTyped] = useState('');
  const { keywords } = draft;
  const add = (text: string): void => {
    setTyped('');
    if (text.trim()) {
      set({ keywords: withKeywords(keywords, text) });
    }
  };
  return (
    <div>
      <Field
        label={trans.__('Keywords')}
        hint={trans.__('Press Enter or a comma after each.')}
        aside={<Source field="keywords" />}
        {...complaintAt('keywords')}
      >
        {control => (
          <div className="jp-recrate-Study-Tokens">
            <ul aria-label={trans.__('Keywords')}>
              {keywords.map((word, at) => (
                <li key={word}>
                  {word}
                  <button
                    type="button"
                    aria-label={trans.__('Remove %1', word)}
                    onClick={() => set({ keywords: without(keywords, at) })}
                  >
                    ×
                  </button>
                </li>
              ))}
            </ul>
            <input
              {...control}
              value={typed}
              onChange={event => {
                const text = event.target.value;
                return /[,;\n、，；]/.test(text) ? add(text) : setTyped(text);
              }}
              onBlur={() => add(typed)}
              onKeyDown={event => {
                if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
                  event.preventDefault();
                  add(typed);
                } else if (event.key === 'Backspace' && !typed && keywords.length) {
                  set({ keywords: without(keywords, keywords.length - 1) });
                }
              }}
            />
          </div>
        )}
      </Field>
      <Chips fields={['keywords']} />
    </div>
  );
}

const KINDS: readonly Related['kind'][] = ['paper', 'data', 'other'];

/** Papers, data and other works that the study belongs to. */
export function RelatedWorks(): React.ReactElement {
  const trans = useWords();
  const { draft, set } = useForm();
  const { related } = draft;
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Related works')}>
      <div className="jp-recrate-Study-Part-head">
        <h2>{trans.__('Related works')}</h2>
        <Source field="related" />
      </div>
      <PartComplaint field="related" />
      <ul className="jp-recrate-Study-Rows">
        {related.map((one, at) => (
          <li key={at}>
            <RelatedRow
              at={at}
              one={one}
              onChange={next => set({ related: replaced(related, at, next) })}
            />
            <Button
              look="quiet"
              label={trans.__('Remove %1', one.identifier || at + 1)}
              onClick={() => set({ related: without(related, at) })}
            >
              {trans.__('Remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Chips fields={['related']} />
      <div className="jp-recrate-Actions">
        <Button onClick={() => set({ related: [...related, { identifier: '', kind: 'paper' }] })}>
          {trans.__('Add a work')}
        </Button>
      </div>
    </section>
  );
}

function RelatedRow(props: {
  at: number;
  one: Related;
  onChange: (one: Related) => void;
}): React.ReactElement {
  const trans = useWords();
  const { complaintAt } = useForm();
  const { at, one, onChange } = props;
  const put = (change: Partial<Related>): void => onChange({ ...one, ...change });
  const work = useLookUp(WORKS, one.identifier, found => onChange(workTaken(one, found)));
  return (
    <div className="jp-recrate-Study-Row">
      <div className="jp-recrate-Study-Grid">
        <TextInput
          label={trans.__('DOI or web address')}
          value={one.identifier}
          placeholder={trans.__('e.g. %1', '10.5281/zenodo.1234567')}
          aside={work.button}
          onChange={identifier => put({ identifier })}
          onBlur={() => {
            const reading = readDoi(one.identifier);
            if ('url' in reading) {
              put({ identifier: reading.url });
            }
          }}
          {...complaintAt(`related.${at}.identifier`)}
        />
        <Select
          label={trans.__('What it is')}
          value={one.kind}
          choices={KINDS.map(kind => ({ value: kind, label: relatedWord(trans, kind) }))}
          onChange={kind => put({ kind })}
        />
        <TextInput
          label={trans.__('Its title')}
          value={one.title ?? ''}
          onChange={title => put({ title: title || null })}
        />
      </div>
      {work.results}
    </div>
  );
}

/** Who paid. */
export function Funders(): React.ReactElement {
  const trans = useWords();
  const { draft, set } = useForm();
  const { funding } = draft;
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Funding')}>
      <div className="jp-recrate-Study-Part-head">
        <h2>{trans.__('Funding')}</h2>
        <Source field="funding" />
      </div>
      <PartComplaint field="funding" />
      <ul className="jp-recrate-Study-Rows">
        {funding.map((one, at) => (
          <li key={at}>
            <FundingRow
              at={at}
              one={one}
              onChange={next => set({ funding: replaced(funding, at, next) })}
            />
            <Button
              look="quiet"
              label={trans.__('Remove %1', one.funder || at + 1)}
              onClick={() => set({ funding: without(funding, at) })}
            >
              {trans.__('Remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Chips fields={['funding']} />
      <div className="jp-recrate-Actions">
        <Button onClick={() => set({ funding: [...funding, { funder: '' }] })}>
          {trans.__('Add a grant')}
        </Button>
      </div>
    </section>
  );
}

function FundingRow(props: {
  at: number;
  one: Funding;
  onChange: (one: Funding) => void;
}): React.ReactElement {
  const trans = useWords();
  const { complaintAt } = useForm();
  const { at, one, onChange } = props;
  const put = (change: Partial<Funding>): void => onChange({ ...one, ...change });
  const query = one.funder || (one.identifier ?? '');
  const funder = useLookUp(PLACES, query, found => onChange(funderTaken(one, found)));
  return (
    <div className="jp-recrate-Study-Row">
      <div className="jp-recrate-Study-Grid">
        <TextInput
          label={trans.__('Funder')}
          value={one.funder ?? ''}
          aside={funder.button}
          onChange={name => put({ funder: name || null })}
          {...complaintAt(`funding.${at}.funder`)}
        />
        <TextInput
          label={trans.__('Its ROR, or its DOI among funders')}
          value={one.identifier ?? ''}
          onChange={identifier => put({ identifier: identifier || null })}
          onBlur={() => {
            const reading = readFunder(one.identifier ?? '');
            if ('url' in reading) {
              put({ identifier: reading.url });
            }
          }}
          {...complaintAt(`funding.${at}.identifier`)}
        />
        <TextInput
          label={trans.__('Number of the grant')}
          value={one.number ?? ''}
          placeholder={trans.__('e.g. %1', 'JP21H01234')}
          onChange={number => put({ number: number || null })}
          {...complaintAt(`funding.${at}.number`)}
        />
        <TextInput
          label={trans.__('Title of the grant')}
          value={one.title ?? ''}
          onChange={title => put({ title: title || null })}
        />
      </div>
      {funder.results}
    </div>
  );
}
