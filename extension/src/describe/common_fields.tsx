import React from 'react';

import { Combobox, Select, Shape, TextArea, TextInput, type IFieldProps } from '../ui';
import { isJapanese, useWords } from '../words';
import type { Award, Common, Creator, Item, ITally, Manager } from './common_model';
import { complete } from './common_model';
import { commonName, type Owner } from './common_names';
import { answersFor, answerWords, FUNDERS, SIZES, type IAnswer } from './common_values';
import { useForm } from './form';

/** One record of the form and where it stands: what each field below needs. */
export interface IRecord<Value = unknown> {
  owner: Owner;
  /** The record's path, such as `common.items.0`. */
  here: string;
  value: Value;
  put: (change: Partial<Value>) => void;
}

/** A record whose fields are asked for by their names. */
export type AnyRecord =
  IRecord<Common> | IRecord<Award> | IRecord<Item> | IRecord<Manager> | IRecord<Creator>;

/** Return the items as they are, and how to change them. */
export function useCommon(): IRecord<Common> {
  const { draft, set, keeper } = useForm();
  return {
    owner: 'study',
    here: 'common',
    value: complete(draft.common),
    put: change => {
      // From the keeper: two changes in one event must not undo each other.
      const now = keeper.draft ?? draft;
      set({ common: { ...complete(now.common), ...change } });
    }
  };
}

interface INamed {
  of: AnyRecord;
  name: string;
  hint?: React.ReactNode;
  aside?: React.ReactNode;
  placeholder?: string;
}

/** What a field is called, what it holds, and what is said of it. */
function useNamed({ of, name, hint, aside }: INamed): IFieldProps & {
  value: string;
  onChange: (value: string) => void;
} {
  const { complaintAt, complaints } = useForm();
  const field = `${of.here}.${name}`;
  const value = (of.value as unknown as Record<string, unknown>)[name];
  const said = complaintAt(field);
  const isMissing = complaints.some(one => one.field === field && one.severity !== 'error');
  return {
    label: commonName(of.owner, name),
    value: typeof value === 'string' ? value : '',
    onChange: text => (of.put as (change: object) => void)({ [name]: text }),
    aside,
    ...(isMissing
      ? { hint: <Missing {...said} hint={hint} /> }
      : { hint, complaint: said.complaint, complaintHint: said.complaintHint })
  };
}

/** What a funder still waits for is no mistake yet. */
function Missing(props: {
  complaint: string | null;
  complaintHint: string | null;
  hint: React.ReactNode;
}): React.ReactElement {
  return (
    <>
      <span className="jp-recrate-Common-Missing">
        <Shape of="warning" />
        <span>
          {props.complaint} {props.complaintHint}
        </span>
      </span>
      {props.hint}
    </>
  );
}

/** A text of one line. */
export function Line(props: INamed & { type?: 'text' | 'date' | 'email' }): React.ReactElement {
  const trans = useWords();
  const example = props.placeholder && trans.__('e.g. %1', props.placeholder);
  return <TextInput {...useNamed(props)} type={props.type} placeholder={example} />;
}

/** A text in both languages, side by side; one of the two is enough. */
export function Both(props: INamed & { rows?: number }): React.ReactElement {
  return (
    <div className="jp-recrate-Common-Sides">
      <Side {...props} language="ja" />
      <Side {...props} language="en" aside={undefined} hint={undefined} />
    </div>
  );
}

function Side(props: INamed & { rows?: number; language: 'ja' | 'en' }): React.ReactElement {
  const { language, rows } = props;
  const named = useNamed({ ...props, name: `${props.name}_${language}` });
  return rows ? (
    <TextArea {...named} rows={rows} lang={language} />
  ) : (
    <TextInput {...named} lang={language} />
  );
}

/** One answer of an official list; what is on none is shown as it is written. */
export function Choice(
  props: INamed & { answers: readonly IAnswer[]; optional?: boolean }
): React.ReactElement {
  const trans = useWords();
  const named = useNamed(props);
  const known = props.answers.map(one => ({
    value: one.code,
    label: answerWords(one, isJapanese())
  }));
  const isOdd = named.value && !known.some(one => one.value === named.value);
  return (
    <Select
      {...named}
      choices={[
        { value: '', label: props.optional ? trans.__('(not said)') : trans.__('Choose…') },
        ...known,
        ...(isOdd ? [{ value: named.value, label: named.value }] : [])
      ]}
    />
  );
}

/** A funder: its code, found by code or by its name in either language. */
export function FunderField({ of }: { of: IRecord<Common> | IRecord<Award> }): React.ReactElement {
  const trans = useWords();
  const known = FUNDERS.find(one => one.code === of.value.funder);
  const named = useNamed({
    of,
    name: 'funder',
    hint: known
      ? answerWords(known, isJapanese())
      : trans.__('Choose it from the list, or write its English abbreviation.')
  });
  return (
    <Combobox
      {...named}
      find={async typed =>
        answersFor(FUNDERS, known ? '' : typed).map(one => {
          const [own, other] = isJapanese() ? [one.ja, one.en] : [one.en, one.ja];
          return { value: one.code, label: `${one.code} ${own}`, detail: other };
        })
      }
    />
  );
}

/** A rough size: one of the usual classes, or what one types. */
export function SizeField({ of }: { of: IRecord<Item> }): React.ReactElement {
  const trans = useWords();
  const named = useNamed({ of, name: 'size', hint: trans.__('e.g. %1', '1-10GB, <1GB') });
  return <Combobox {...named} find={async () => SIZES.map(one => ({ value: one, label: one }))} />;
}

/** How much is to be done in a part that may be folded. */
export function Tally({ of }: { of: ITally }): React.ReactElement | null {
  const trans = useWords();
  const { wrong, missing } = of;
  return wrong || missing ? (
    <span className="jp-recrate-Common-Tally">
      {wrong > 0 && (
        <span>
          <Shape of="error" />
          {trans.__('%1 to correct', wrong)}
        </span>
      )}
      {missing > 0 && (
        <span>
          <Shape of="warning" />
          {trans.__('%1 still to say', missing)}
        </span>
      )}
    </span>
  ) : null;
}
