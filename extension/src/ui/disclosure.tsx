import { caretRightIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { classes } from './classes';
import { useIds } from './hooks';

/** A heading that opens and closes what belongs to it; what is closed is not drawn. */
export function Disclosure(props: {
  title: React.ReactNode;
  /** At the end of the heading's line: a count, a badge. */
  aside?: React.ReactNode;
  children: React.ReactNode;
  /** Open at first, where nobody outside keeps it. */
  initially?: boolean;
  open?: boolean;
  onToggle?: (open: boolean) => void;
}): React.ReactElement {
  const ids = useIds();
  const [own, setOwn] = useState(props.initially ?? false);
  const open = props.open ?? own;
  return (
    <section className={classes('jp-recrate-Disclosure', open && 'jp-mod-open')}>
      <button
        type="button"
        className="jp-recrate-Disclosure-head"
        aria-expanded={open}
        aria-controls={open ? ids.own : undefined}
        onClick={() => {
          setOwn(!open);
          props.onToggle?.(!open);
        }}
      >
        <caretRightIcon.react tag="span" className="jp-recrate-Caret" aria-hidden="true" />
        <span className="jp-recrate-Disclosure-title">{props.title}</span>
        {props.aside !== undefined && (
          <span className="jp-recrate-Disclosure-aside">{props.aside}</span>
        )}
      </button>
      {open && (
        <div id={ids.own} className="jp-recrate-Disclosure-body">
          {props.children}
        </div>
      )}
    </section>
  );
}
