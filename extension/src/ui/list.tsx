import React, { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

import { classes } from './classes';

const OVERSCAN = 6;

export interface IWindowedListProps<Item> {
  /** What the list is of; read aloud. */
  label: string;
  /** How many there are, also those that are not fetched yet. */
  total: number;
  /** Return an item, or undefined while it is not fetched: its row is then drawn as a place holder. */
  itemAt: (index: number) => Item | undefined;
  keyOf: (item: Item) => string;
  /** Pixels; every row has this height. */
  rowHeight: number;
  /**
   * Draw the inside of a row. Its controls belong into the tab order only where `focused`: give them
   * `tabIndex={focused ? 0 : -1}`.
   */
  renderRow: (item: Item, index: number, focused: boolean) => React.ReactNode;
  /** Enter, or a double click on a row. */
  onActivate?: (item: Item, index: number) => void;
  /** Rows up to this index are about to be seen. */
  onNeed?: (index: number) => void;
  /** The key of the row that is marked as the current one. */
  current?: string | null;
  /** The key of the row that shall be scrolled into view. */
  reveal?: string | null;
  className?: string;
}

/**
 * A list of any length of which only what is seen is drawn. Fills its parent, which needs a height.
 * One row is in the tab order: arrow keys, Page Up/Down, Home and End move it.
 */
export function WindowedList<Item>(props: IWindowedListProps<Item>): React.ReactElement {
  const { total, rowHeight, itemAt, keyOf, onNeed } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { first, last, measure } = useWindow(scroller, total, rowHeight);
  const [at, setAt] = useState(0);
  const moved = useRef(false);
  const focused = Math.min(at, Math.max(0, total - 1));

  useEffect(() => {
    if (total > 0) {
      onNeed?.(last);
    }
  }, [last, total, onNeed]);

  const bring = useCallback(
    (index: number) => {
      const box = scroller.current;
      if (!box) {
        return;
      }
      const top = index * rowHeight;
      if (top < box.scrollTop) {
        box.scrollTop = top;
      } else if (top + rowHeight > box.scrollTop + box.clientHeight) {
        box.scrollTop = top + rowHeight - box.clientHeight;
      }
      measure();
    },
    [rowHeight, measure]
  );
  useReveal(props.reveal ?? null, total, itemAt, keyOf, index => {
    setAt(index);
    bring(index);
  });
  useLayoutEffect(() => {
    if (moved.current) {
      moved.current = false;
      scroller.current?.querySelector<HTMLElement>(`[data-row="${focused}"]`)?.focus();
    }
  });

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (!(event.target as HTMLElement).hasAttribute('data-row')) {
      return; // a control inside a row keeps its own keys
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const wanted = {
      ArrowDown: focused + 1,
      ArrowUp: focused - 1,
      PageDown: focused + page,
      PageUp: focused - page,
      Home: 0,
      End: total - 1
    }[event.key];
    const item = itemAt(focused);
    if (wanted !== undefined) {
      const next = Math.max(0, Math.min(total - 1, wanted));
      event.preventDefault();
      event.stopPropagation();
      moved.current = true;
      setAt(next);
      bring(next);
    } else if (event.key === 'Enter' && item !== undefined && props.onActivate) {
      event.preventDefault();
      props.onActivate(item, focused);
    }
  };

  // The focused row stays drawn when it is scrolled away: else the focus would be lost.
  const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => first + step);
  if (total > 0 && (focused < first || focused > last)) {
    shown.push(focused);
  }
  return (
    <div
      ref={scroller}
      className={classes('jp-recrate-List', props.className)}
      onScroll={measure}
      onKeyDown={onKeyDown}
    >
      <div role="list" aria-label={props.label} style={{ height: total * rowHeight }}>
        {shown.map(index => {
          const item = itemAt(index);
          const key = item === undefined ? `at-${index}` : keyOf(item);
          const current = props.current === key;
          return (
            <div
              key={key}
              role="listitem"
              data-row={index}
              className={classes('jp-recrate-List-row', current && 'jp-mod-current')}
              style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
              tabIndex={index === focused ? 0 : -1}
              aria-setsize={total}
              aria-posinset={index + 1}
              aria-current={current || undefined}
              aria-busy={item === undefined || undefined}
              onFocus={() => setAt(index)}
              onDoubleClick={() => item !== undefined && props.onActivate?.(item, index)}
            >
              {item === undefined ? (
                <span className="jp-recrate-List-awaited" />
              ) : (
                props.renderRow(item, index, index === focused)
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Return which rows are seen, or nearly. */
function useWindow(
  scroller: React.RefObject<HTMLDivElement>,
  total: number,
  rowHeight: number
): { first: number; last: number; measure: () => void } {
  const [view, setView] = useState({ top: 0, height: 0 });
  const measure = useCallback(() => {
    const box = scroller.current;
    if (box) {
      const next = { top: box.scrollTop, height: box.clientHeight };
      setView(old => (old.top === next.top && old.height === next.height ? old : next));
    }
  }, [scroller]);
  useLayoutEffect(() => {
    measure();
    const box = scroller.current;
    if (!box || typeof ResizeObserver === 'undefined') {
      return;
    }
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, [measure, scroller]);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const last = Math.min(total - 1, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  return { first: Math.min(first, Math.max(0, total - 1)), last, measure };
}

function useReveal<Item>(
  wanted: string | null,
  total: number,
  itemAt: (index: number) => Item | undefined,
  keyOf: (item: Item) => string,
  reveal: (index: number) => void
): void {
  const done = useRef<string | null>(null);
  useEffect(() => {
    if (wanted === null || done.current === wanted) {
      done.current = wanted;
      return;
    }
    for (let index = 0; index < total; index += 1) {
      const item = itemAt(index);
      if (item !== undefined && keyOf(item) === wanted) {
        done.current = wanted;
        reveal(index);
        return;
      }
    }
  });
}
