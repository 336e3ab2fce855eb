import React, { useState } from 'react';

import { Button, Shape } from '../ui';
import { spoken, useWords, type Words } from '../words';
import { tally, withItem, withItemBack, withoutItem, type Item } from './common_model';
import { Tally, useCommon } from './common_fields';
import { DataSet } from './common_item';
import { useGoTo } from './focus';
import { PartComplaint, useForm } from './form';
import { moved, replaced } from './model';

/** A data set that was removed, and where it stood. */
interface IRemoved {
  at: number;
  item: Item;
}

/** Items 4 to 17, once for each data set. */
export function DataSets({ files }: { files: readonly string[] }): React.ReactElement {
  const trans = useWords();
  const common = useCommon();
  const { items } = common.value;
  const [removed, setRemoved] = useState<IRemoved | null>(null);
  const [said, setSaid] = useState('');
  const { box, goTo } = useGoTo();
  const put = (next: Item[], wanted: string): void => {
    goTo(wanted);
    common.put({ items: next });
  };
  const move = (at: number, step: number): void => {
    const act = step < 0 ? 'up' : 'down';
    put(moved(items, at, step), `[data-item="${at + step}"] [data-act="${act}"] button`);
    setSaid(
      trans.__('%1 is now %2 of %3', itemName(trans, items[at]!, at), at + step + 1, items.length)
    );
  };
  return (
    <div className="jp-recrate-Common-Items" ref={box}>
      <p className="jp-recrate-quiet">
        {trans.__('Items 4 to 17 are said once for each data set. One is enough for most studies.')}
      </p>
      <PartComplaint field="common.items" />
      <ol className="jp-recrate-Common-List">
        {items.map((item, at) => (
          <li key={at} data-item={at}>
            <ItemHead
              at={at}
              item={item}
              count={items.length}
              onMove={step => move(at, step)}
              onRemove={() => {
                setRemoved({ at, item });
                put(withoutItem(items, at), '[data-act="undo"] button');
              }}
            />
            <DataSet
              at={at}
              item={item}
              files={files}
              onChange={change =>
                common.put({ items: replaced(items, at, { ...item, ...change }) })
              }
            />
          </li>
        ))}
      </ol>
      <div className="jp-recrate-hidden" role="status">
        {said}
      </div>
      {removed && (
        <Undo
          removed={removed}
          onUndo={() => {
            const at = Math.min(removed.at, items.length);
            setRemoved(null);
            put(withItemBack(items, at, removed.item), `[data-item="${at}"] button`);
          }}
        />
      )}
      <div className="jp-recrate-Actions">
        <Button
          onClick={() =>
            put(
              withItem(items),
              `[data-item="${items.length}"] input, [data-item="${items.length}"] select`
            )
          }
        >
          {trans.__('Add a data set')}
        </Button>
      </div>
    </div>
  );
}

function ItemHead(props: {
  at: number;
  item: Item;
  count: number;
  onMove: (step: number) => void;
  onRemove: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { keeper } = useForm();
  const { at, item, count, onMove } = props;
  const name = itemName(trans, item, at);
  return (
    <div className="jp-recrate-Common-Row-head">
      <h3>{name}</h3>
      <Tally of={tally(keeper.complaints, `common.items.${at}`)} />
      <span className="jp-recrate-Common-Row-acts">
        {count > 1 && (
          <>
            <span data-act="up">
              <Button
                look="quiet"
                disabled={at === 0}
                label={trans.__('Move %1 up', name)}
                onClick={() => onMove(-1)}
              >
                ↑
              </Button>
            </span>
            <span data-act="down">
              <Button
                look="quiet"
                disabled={at === count - 1}
                label={trans.__('Move %1 down', name)}
                onClick={() => onMove(1)}
              >
                ↓
              </Button>
            </span>
          </>
        )}
        <Button look="quiet" label={trans.__('Remove %1', name)} onClick={props.onRemove}>
          {trans.__('Remove')}
        </Button>
      </span>
    </div>
  );
}

function Undo(props: { removed: IRemoved; onUndo: () => void }): React.ReactElement {
  const trans = useWords();
  const { at, item } = props.removed;
  return (
    <div className="jp-recrate-Study-Bar" data-act="undo" role="status">
      <Shape of="warning" />
      <span className="jp-recrate-Study-Bar-text">
        {trans.__('%1 was removed.', itemName(trans, item, at))}
      </span>
      <Button onClick={props.onUndo}>{trans.__('Undo')}</Button>
    </div>
  );
}

function itemName(trans: Words, item: Item, at: number): string {
  const title = spoken(item.title_en || item.title_ja, item.title_ja || item.title_en);
  return [trans.__('Data set %1', at + 1), title].filter(Boolean).join(' · ');
}
