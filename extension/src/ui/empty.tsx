import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

/** Nothing to show yet: what this place is for and what to do. */
export function EmptyState(props: {
  title: string;
  icon?: LabIcon;
  /** What to do, in a sentence or two. */
  children?: React.ReactNode;
  /** The button that does it. */
  action?: React.ReactNode;
}): React.ReactElement {
  const { icon: Icon } = props;
  return (
    <div className="jp-recrate-Empty">
      {Icon && <Icon.react tag="div" className="jp-recrate-Empty-icon" aria-hidden="true" />}
      <p className="jp-recrate-Empty-title">{props.title}</p>
      {props.children && <div className="jp-recrate-Empty-text">{props.children}</div>}
      {props.action && <div className="jp-recrate-Actions jp-mod-center">{props.action}</div>}
    </div>
  );
}

/** Something is on its way; shown only after a moment, so that quick answers do not flicker. */
export function Waiting({ children }: { children: React.ReactNode }): React.ReactElement {
  return (
    <div className="jp-recrate-Waiting" role="status">
      <span className="jp-recrate-Spinner" aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}
