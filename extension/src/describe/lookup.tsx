import React, { useEffect, useRef, useState } from 'react';

import { Problem, type Lookup, type LookupWanted } from '../api';
import { Button, classes, useIds, useRecrate } from '../ui';
import { asSentence, problemWords, saidWords, useWords, type Words } from '../words';
import type { FoundPerson, FoundPlace, FoundWork, IShownFound } from './lookup_taken';
import { personShown, placeShown, workShown } from './lookup_taken';

/** What can be looked up, and how it is shown. */
interface IKind<Found> {
  kind: LookupWanted['kind'];
  /** What is typed: a name, or an identifier. */
  by: 'name' | 'identifier';
  found: (answer: Lookup) => readonly Found[];
  shown: (one: Found) => IShownFound;
}

export const PEOPLE: IKind<FoundPerson> = {
  kind: 'person',
  by: 'name',
  found: answer => answer.people,
  shown: personShown
};
export const PLACES: IKind<FoundPlace> = {
  kind: 'organisation',
  by: 'name',
  found: answer => answer.organisations,
  shown: placeShown
};
export const ORCIDS: IKind<FoundPerson> = { ...PEOPLE, by: 'identifier' };
export const RORS: IKind<FoundPlace> = { ...PLACES, by: 'identifier' };
export const WORKS: IKind<FoundWork> = {
  kind: 'work',
  by: 'identifier',
  found: answer => answer.works,
  shown: workShown
};

interface ILookUp {
  /** For the end of a field's label. */
  button: React.ReactElement;
  /** What was found; below the field. */
  results: React.ReactElement;
}

interface IAnswer<Found> {
  found: readonly Found[];
  note: string;
  /** Whether nobody has gone on to another field meanwhile. */
  isAwaited: boolean;
}

/**
 * A button that asks a registry for what was typed, and the list of what it knows. Nothing is
 * asked before it is pressed, and nothing is filled in before it is chosen.
 */
export function useLookUp<Found>(
  of: IKind<Found>,
  query: string,
  onTake: (one: Found) => void
): ILookUp {
  const trans = useWords();
  const { api } = useRecrate();
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<IAnswer<Found> | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const asked = useRef<AbortController | null>(null);
  useEffect(() => () => asked.current?.abort(), []);
  const typed = query.trim().slice(0, 300);
  const ask = async (): Promise<void> => {
    asked.current?.abort();
    const asking = (asked.current = new AbortController());
    setBusy(true);
    const answered = await api
      .lookUp({ kind: of.kind, query: typed }, { signal: asking.signal })
      .then(told => ({ found: of.found(told), note: noteWords(trans, told.note) }))
      .catch(error => ({ found: [], note: problemWords(trans, Problem.from(error)).message }));
    if (!asking.signal.aborted) {
      setBusy(false);
      setAnswer({ ...answered, isAwaited: document.activeElement === button.current });
    }
  };
  const close = (): void => {
    setAnswer(null);
    button.current?.focus();
  };
  const take = (one: Found): void => {
    onTake(one);
    close();
  };
  const words = buttonWords(trans, of);
  return {
    button: (
      <Button
        ref={button}
        look="quiet"
        className="jp-recrate-LookUp-button"
        busy={busy}
        disabled={!typed}
        label={words}
        title={typed ? words : trans.__('Type a name or an identifier first.')}
        onClick={() => void ask()}
      >
        {trans.__('Look up')}
      </Button>
    ),
    results: (
      <div className="jp-recrate-LookUp">
        <p className="jp-recrate-quiet" role="status">
          {answer && !answer.found.length && answer.note}
        </p>
        {answer && <Results of={of} answer={answer} onTake={take} onClose={close} />}
      </div>
    )
  };
}

function Results<Found>(props: {
  of: IKind<Found>;
  answer: IAnswer<Found>;
  onTake: (one: Found) => void;
  onClose: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { of, answer, onTake, onClose } = props;
  return (
    <>
      {answer.found.length > 0 && (
        <FoundList
          label={trans.__('Found in the registry')}
          options={answer.found.map(of.shown)}
          takesFocus={answer.isAwaited}
          onTake={at => onTake(answer.found[at]!)}
          onClose={onClose}
        />
      )}
      <Button look="quiet" onClick={onClose}>
        {trans.__('Close')}
      </Button>
    </>
  );
}

/** A list to choose one from; source: https://www.w3.org/WAI/ARIA/apg/patterns/listbox/ */
function FoundList(props: {
  label: string;
  options: readonly IShownFound[];
  takesFocus: boolean;
  onTake: (at: number) => void;
  onClose: () => void;
}): React.ReactElement {
  const ids = useIds();
  const { options, onTake, onClose } = props;
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (props.takesFocus) {
      list.current?.focus();
    }
  }, []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView?.({ block: 'nearest' });
  }, [at]);
  const acts: Record<string, () => void> = {
    ArrowDown: () => setAt(Math.min(at + 1, options.length - 1)),
    ArrowUp: () => setAt(Math.max(at - 1, 0)),
    Home: () => setAt(0),
    End: () => setAt(options.length - 1),
    Enter: () => onTake(at),
    ' ': () => onTake(at),
    Escape: onClose
  };
  return (
    <ul
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={`${ids.own}-${at}`}
      onKeyDown={event => {
        const act = Object.prototype.hasOwnProperty.call(acts, event.key) && acts[event.key];
        if (act) {
          event.preventDefault();
          event.stopPropagation();
          act();
        }
      }}
    >
      {options.map((one, index) => (
        <li
          key={index}
          id={`${ids.own}-${index}`}
          role="option"
          aria-selected={index === at}
          className={classes(index === at && 'jp-mod-current')}
          onClick={() => onTake(index)}
        >
          <span>{one.name}</span>
          {one.detail && <span className="jp-recrate-quiet">{one.detail}</span>}
        </li>
      ))}
    </ul>
  );
}

function noteWords(trans: Words, note: string): string {
  return asSentence(saidWords(trans, note || 'the registry knows nothing of that name'));
}

function buttonWords(trans: Words, { kind, by }: Pick<IKind<unknown>, 'kind' | 'by'>): string {
  switch (kind) {
    case 'person':
      return by === 'name'
        ? trans.__('Look up this person in ORCID')
        : trans.__('Look up this ORCID');
    case 'organisation':
      return by === 'name'
        ? trans.__('Look up this organisation in ROR')
        : trans.__('Look up this ROR identifier');
    case 'work':
      return trans.__('Look up this DOI');
  }
}
