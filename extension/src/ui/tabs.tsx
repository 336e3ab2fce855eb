import React, { useRef } from 'react';

import { classes } from './classes';
import { useIds } from './hooks';

export interface ITab {
  id: string;
  title: string;
  /** A number behind the title; 0 is shown, undefined is not. */
  count?: number;
  content: () => React.ReactNode;
}

/**
 * Tabs with one panel: arrow keys, Home and End choose, Tab goes on into the panel.
 *
 * Source: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function Tabs(props: {
  label: string;
  tabs: readonly ITab[];
  current: string;
  onChange: (id: string) => void;
}): React.ReactElement {
  const { tabs, onChange } = props;
  const ids = useIds();
  const row = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex(tab => tab.id === props.current)
  );
  const current = tabs[at];

  const choose = (index: number): void => {
    const next = (index + tabs.length) % tabs.length;
    const tab = tabs[next];
    if (tab) {
      onChange(tab.id);
      (row.current?.children[next] as HTMLElement | undefined)?.focus();
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[
      event.key
    ];
    if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      choose(next);
    }
  };
  return (
    <div className="jp-recrate-Tabs">
      <div ref={row} className="jp-recrate-Tabs-row" role="tablist" aria-label={props.label}>
        {tabs.map((tab, index) => (
          <button
            key={tab.id}
            id={`${ids.own}-tab-${tab.id}`}
            type="button"
            role="tab"
            className={classes('jp-recrate-Tab', index === at && 'jp-mod-current')}
            aria-selected={index === at}
            aria-controls={index === at ? `${ids.own}-panel` : undefined}
            tabIndex={index === at ? 0 : -1}
            onClick={() => onChange(tab.id)}
            onKeyDown={onKeyDown}
          >
            {tab.title}
            {tab.count !== undefined && <span className="jp-recrate-Tab-count">{tab.count}</span>}
          </button>
        ))}
      </div>
      {current && (
        <div
          key={current.id}
          id={`${ids.own}-panel`}
          className="jp-recrate-Tabs-panel"
          role="tabpanel"
          tabIndex={0}
          aria-labelledby={`${ids.own}-tab-${current.id}`}
        >
          {current.content()}
        </div>
      )}
    </div>
  );
}
