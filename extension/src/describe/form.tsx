import React, { createContext, useContext, useMemo } from 'react';

import type { DescriptionForm } from '../api';
import { Button, Shape, useSignal } from '../ui';
import { saidWords, useWords } from '../words';
import type { Keeper } from './keeping';
import { faults, isNew, isSame, opened, valueAt, withSuggestion, type Draft } from './model';
import { faultWords, sourceWords, valueWords } from './words';

const CHIPS_SHOWN = 8;

/** What each part of the form needs. */
export interface IForm {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  /** Return what is wrong with a field: what the page sees itself, else what the server said. */
  complaintAt: (field: string) => { complaint: string | null; complaintHint: string | null };
  /** What the server says, as far as it still holds. */
  complaints: DescriptionForm['complaints'];
  /** Return the file that a field came from, while it is as it was there. */
  sourceOf: (field: string) => string | null;
  keeper: Keeper;
}

const FormContext = createContext<IForm | null>(null);

export function useForm(): IForm {
  const form = useContext(FormContext);
  if (!form) {
    throw new Error('not inside a form');
  }
  return form;
}

/** Gives the parts of the form the draft as it is now. */
export function FormProvider(props: {
  keeper: Keeper;
  draft: Draft;
  children: React.ReactNode;
}): React.ReactElement {
  const trans = useWords();
  const { keeper, draft } = props;
  useSignal(keeper.changed);
  const ours = useMemo(() => new Map(faults(draft).map(one => [one.field, one])), [draft]);
  const read = keeper.form;
  const asRead = useMemo(() => (read ? opened(read.description) : null), [read]);
  const theirs = keeper.complaints;
  const firstOf = new Map([...theirs].reverse().map(one => [one.field, one]));
  const form: IForm = {
    draft,
    keeper,
    complaints: theirs,
    // From the keeper: two changes in one event must not undo each other.
    set: change => keeper.edit({ ...(keeper.draft ?? draft), ...change }),
    complaintAt: field => {
      const fault = ours.get(field);
      if (fault) {
        const { message, hint } = faultWords(trans, fault);
        return { complaint: message, complaintHint: hint || null };
      }
      const said = firstOf.get(field);
      const message = said ? saidWords(trans, said.message) : null;
      const hint = said?.hint && saidWords(trans, said.hint);
      const isSentence = /[.!?。！？]$/.test(message ?? '');
      return hint && !isSentence
        ? { complaint: trans.__('%1: %2', message, hint), complaintHint: null }
        : { complaint: message, complaintHint: hint || null };
    },
    sourceOf: field => {
      const source = read?.sources[field] ?? null;
      const isFilled = !isSame(valueAt(draft, field), undefined);
      return source && isFilled && isSame(valueAt(draft, field), valueAt(asRead, field))
        ? source
        : null;
    }
  };
  return <FormContext.Provider value={form}>{props.children}</FormContext.Provider>;
}

/** Where a field's value came from. */
export function Source({ field }: { field: string }): React.ReactElement | null {
  const trans = useWords();
  const source = useForm().sourceOf(field);
  return source ? (
    <span className="jp-recrate-Study-Source">{sourceWords(trans, source)}</span>
  ) : null;
}

/** Values that one takes by pressing them; never filled in unasked. */
export function Chips({ fields }: { fields: readonly string[] }): React.ReactElement | null {
  const trans = useWords();
  const { draft, keeper } = useForm();
  const suggestions = (keeper.form?.suggestions ?? [])
    .filter(one => fields.includes(one.field))
    .flatMap(one =>
      Array.isArray(one.value) ? one.value.map(item => ({ ...one, value: [item] })) : [one]
    )
    .filter(one => isNew(draft, one))
    .slice(0, CHIPS_SHOWN);
  if (!suggestions.length) {
    return null;
  }
  return (
    <ul className="jp-recrate-Study-Chips" aria-label={trans.__('Suggestions')}>
      {suggestions.map((one, at) => (
        <li key={at}>
          <Button
            className="jp-recrate-Study-Chip"
            title={trans.__('Take this value')}
            onClick={() => keeper.edit(withSuggestion(keeper.draft ?? draft, one))}
          >
            <Shape of="added" />
            <span className="jp-recrate-oneline">
              {valueWords(Array.isArray(one.value) ? one.value[0] : one.value)}
            </span>
            <span className="jp-recrate-quiet">{sourceWords(trans, one.from)}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** A complaint about a whole part, e.g. that nobody is named. */
export function PartComplaint({ field }: { field: string }): React.ReactElement | null {
  const { complaint, complaintHint } = useForm().complaintAt(field);
  return complaint ? (
    <p className="jp-recrate-Study-PartComplaint">
      <Shape of="warning" />
      <span>
        {complaint} {complaintHint}
      </span>
    </p>
  ) : null;
}
