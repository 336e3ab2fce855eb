import React from 'react';

import { useWords } from '../words';
import { classes } from './classes';
import { useIds } from './hooks';

export interface IFieldProps {
  label: string;
  /** What to write here; always shown. */
  hint?: React.ReactNode;
  /** What is wrong with it now; marks the control as invalid. */
  complaint?: string | null;
  /** What the complaint asks for. */
  complaintHint?: string | null;
  required?: boolean;
  /** At the end of the label's line: where the value came from, a button. */
  aside?: React.ReactNode;
  className?: string;
}

/** What a control inside a field must carry. */
export interface IControl {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
}

/** A label, a control, a hint and a complaint that screen readers find with the control. */
export function Field(
  props: IFieldProps & { children: (control: IControl) => React.ReactNode }
): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const { complaint, hint } = props;
  const described = [complaint && ids.complaint, hint && ids.hint].filter(Boolean).join(' ');
  return (
    <div className={classes('jp-recrate-Field', complaint && 'jp-mod-wrong', props.className)}>
      <div className="jp-recrate-Field-head">
        <label id={ids.label} htmlFor={ids.own}>
          {props.label}
          {props.required && (
            <span className="jp-recrate-Field-required"> {trans.__('(required)')}</span>
          )}
        </label>
        {props.aside}
      </div>
      {props.children({
        id: ids.own,
        'aria-describedby': described || undefined,
        'aria-invalid': complaint ? true : undefined,
        'aria-required': props.required || undefined
      })}
      {complaint && (
        <p id={ids.complaint} className="jp-recrate-Field-complaint">
          {complaint}
          {props.complaintHint && <span> {props.complaintHint}</span>}
        </p>
      )}
      {hint && (
        <p id={ids.hint} className="jp-recrate-Field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface ITextProps extends IFieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  placeholder?: string;
  /** The language of what is typed, for spelling and voices: `ja`, `en`. */
  lang?: string;
  disabled?: boolean;
}

/** A field of one line. */
export function TextInput(
  props: ITextProps & { type?: 'text' | 'email' | 'date' | 'number' | 'url' }
): React.ReactElement {
  return (
    <Field {...props}>
      {control => (
        <input
          {...control}
          className="jp-recrate-Input"
          type={props.type ?? 'text'}
          value={props.value}
          lang={props.lang}
          placeholder={props.placeholder}
          disabled={props.disabled}
          onChange={event => props.onChange(event.target.value)}
          onBlur={props.onBlur}
        />
      )}
    </Field>
  );
}

/** A field of several lines. */
export function TextArea(props: ITextProps & { rows?: number }): React.ReactElement {
  return (
    <Field {...props}>
      {control => (
        <textarea
          {...control}
          className="jp-recrate-Input"
          rows={props.rows ?? 4}
          value={props.value}
          lang={props.lang}
          placeholder={props.placeholder}
          disabled={props.disabled}
          onChange={event => props.onChange(event.target.value)}
          onBlur={props.onBlur}
        />
      )}
    </Field>
  );
}

export interface IChoice<Value extends string = string> {
  value: Value;
  label: string;
  disabled?: boolean;
}

/** One of a few. */
export function Select<Value extends string>(
  props: IFieldProps & {
    value: Value;
    choices: readonly IChoice<Value>[];
    onChange: (value: Value) => void;
    disabled?: boolean;
  }
): React.ReactElement {
  return (
    <Field {...props}>
      {control => (
        <select
          {...control}
          className="jp-recrate-Input"
          value={props.value}
          disabled={props.disabled}
          onChange={event => props.onChange(event.target.value as Value)}
        >
          {props.choices.map(choice => (
            <option key={choice.value} value={choice.value} disabled={choice.disabled}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Yes or no, with its label behind. */
export function Checkbox(props: {
  label: React.ReactNode;
  hint?: React.ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}): React.ReactElement {
  const ids = useIds();
  return (
    <div className="jp-recrate-Check">
      <input
        id={ids.own}
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint ? ids.hint : undefined}
        onChange={event => props.onChange(event.target.checked)}
      />
      <label htmlFor={ids.own}>{props.label}</label>
      {props.hint && (
        <p id={ids.hint} className="jp-recrate-Field-hint">
          {props.hint}
        </p>
      )}
    </div>
  );
}
