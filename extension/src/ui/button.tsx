import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { classes } from './classes';

export interface IButtonProps {
  children?: React.ReactNode;
  onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
  icon?: LabIcon;
  /** The name, where the button shows nothing but its icon; also its tooltip. */
  label?: string;
  /** Awaiting an answer: pressing again does nothing, and the focus stays. */
  busy?: boolean;
  disabled?: boolean;
  /** Why it is disabled, or what it does: tooltip. */
  title?: string;
  className?: string;
  pressed?: boolean;
  expanded?: boolean;
  describedBy?: string;
  tabIndex?: number;
}

/** A button. What cannot be pressed now stays reachable, so that its reason can be read. */
export const Button = React.forwardRef<HTMLButtonElement, IButtonProps>(
  function Button(props, ref): React.ReactElement {
    const { busy = false, disabled = false, icon, label, look = 'plain', onClick } = props;
    const alone = icon && !props.children;
    return (
      <button
        ref={ref}
        type="button"
        className={classes(
          'jp-recrate-Button',
          `jp-mod-${look}`,
          alone && 'jp-mod-icon',
          props.className
        )}
        aria-label={label}
        aria-disabled={disabled || busy || undefined}
        aria-busy={busy || undefined}
        aria-pressed={props.pressed}
        aria-expanded={props.expanded}
        aria-describedby={props.describedBy}
        tabIndex={props.tabIndex}
        title={props.title ?? (alone ? label : undefined)}
        onClick={event => {
          if (!busy && !disabled) {
            onClick(event);
          }
        }}
      >
        {busy ? (
          <span className="jp-recrate-Spinner" aria-hidden="true" />
        ) : (
          icon && <icon.react tag="span" className="jp-recrate-Button-icon" aria-hidden="true" />
        )}
        {props.children && <span className="jp-recrate-Button-text">{props.children}</span>}
      </button>
    );
  }
);
