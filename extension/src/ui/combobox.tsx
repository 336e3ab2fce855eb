import React, { useEffect, useRef, useState } from 'react';

import { Problem } from '../api';
import { useWords } from '../words';
import { classes } from './classes';
import { Field, type IControl, type IFieldProps } from './field';
import { useIds } from './hooks';

export interface IOption {
  value: string;
  label: string;
  /** A second, quieter line. */
  detail?: string;
}

export interface IComboboxProps extends IFieldProps {
  /** What is typed or chosen. */
  value: string;
  onChange: (value: string) => void;
  /** Find options for what is typed; asked anew while typing, with small pauses. */
  find: (query: string, signal: AbortSignal) => Promise<readonly IOption[]>;
  placeholder?: string;
  disabled?: boolean;
}

const PAUSE = 150;

/**
 * A text field that offers what fits; anything else may be typed as well.
 *
 * Source: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ (editable, list autocomplete)
 */
export function Combobox(props: IComboboxProps): React.ReactElement {
  return <Field {...props}>{control => <Box {...props} control={control} />}</Field>;
}

function Box(props: IComboboxProps & { control: IControl }): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const { options, problem } = useFound(open ? props.value : null, props.find);
  const shown = open && (options.length > 0 || problem !== null);
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => setAt(-1), [options]);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = (option: IOption): void => {
    props.onChange(option.value);
    setOpen(false);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const chosen = options[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const from = at < 0 && step < 0 ? 0 : at;
      setAt(options.length ? (from + step + options.length) % options.length : -1);
    } else if (event.key === 'Enter' && open && chosen) {
      event.preventDefault();
      choose(chosen);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div className="jp-recrate-Combobox">
      <input
        {...props.control}
        className="jp-recrate-Input"
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? ids.own : undefined}
        aria-activedescendant={shown && at >= 0 ? `${ids.own}-${at}` : undefined}
        value={props.value}
        placeholder={props.placeholder}
        disabled={props.disabled}
        onChange={event => {
          props.onChange(event.target.value);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <ul ref={list} id={ids.own} role="listbox" aria-label={props.label}>
          {options.map((option, index) => (
            <li
              key={option.value}
              id={`${ids.own}-${index}`}
              role="option"
              aria-selected={index === at}
              className={classes(index === at && 'jp-mod-current')}
              // Before the field loses the focus.
              onMouseDown={event => {
                event.preventDefault();
                choose(option);
              }}
            >
              <span>{option.label}</span>
              {option.detail && <span className="jp-recrate-quiet">{option.detail}</span>}
            </li>
          ))}
          {problem && (
            <li role="option" aria-selected={false} aria-disabled={true}>
              {trans.__('The list cannot be fetched; what you type is kept all the same.')}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function useFound(
  query: string | null,
  find: IComboboxProps['find']
): { options: readonly IOption[]; problem: Problem | null } {
  const [options, setOptions] = useState<readonly IOption[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(find);
  latest.current = find;
  useEffect(() => {
    if (query === null) {
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      latest.current(query, stop.signal).then(
        found => {
          if (!stop.signal.aborted) {
            setOptions(found);
            setProblem(null);
          }
        },
        error => {
          if (!stop.signal.aborted) {
            setOptions([]);
            setProblem(Problem.from(error));
          }
        }
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [query]);
  return { options, problem };
}
