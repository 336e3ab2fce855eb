import React, { useState } from 'react';

import { Button, Shape } from '../ui';
import { spoken, useWords, type Words } from '../words';
import { tally, withItem, withItemBack, type Item } from './common_model';
import { Tally, useCommon } from './common_fields';
import { DataSet } from './common_item';
import { useGoTo } from './focus';
import { PartComplaint, useForm } from './form';
import { moved, replaced, without } from './model';
import { useSome } from './some';

/** So many data sets begin unfolded; of more, only the last one. */
const OPEN = 5;

/** A data set that was removed, and where it stood. */
interface IRemoved {
  at: number;
  item: Item;
}

/** The data sets, and what can be done with their list. */
interface IDataSets {
  items: readonly Item[];
  change: (at: number, change: Partial<Item>) => void;
  move: (at: number, step: number) => void;
  remove: (at: number) => void;
  add: () => void;
  removed: IRemoved | null;
  putBack: () => void;
  /** For ears: what was moved. */
  said: string;
}

function useDataSets(goTo: (selector: string) => void): IDataSets {
  const trans = useWords();
  const common = useCommon();
  const { items } = common.value;
  const [removed, setRemoved] = useState<IRemoved | null>(null);
  const [said, setSaid] = useState('');
  const put = (next: Item[], wanted: string): void => {
    goTo(wanted);
    common.put({ items: next });
  };
  return {
    items,
    removed,
    said,
    change: (at, change) =>
      common.put({ items: replaced(items, at, { ...items[at]!, ...change }) }),
    move: (at, step) => {
      const [to, name] = [at + step, itemName(trans, items[at]!, at)];
      put(
        moved(items, at, step),
        `[data-item="${to}"] [data-act="${step < 0 ? 'up' : 'down'}"] button`
      );
      setSaid(trans.__('%1 is now %2 of %3', name, to + 1, items.length));
    },
    remove: at => {
      setRemoved({ at, item: items[at]! });
      put(without(items, at), '[data-act="undo"] button');
    },
    add: () => put(withItem(items), `[data-item="${items.length}"] input`),
    putBack: () => {
      const at = Math.min(removed!.at, items.length);
      setRemoved(null);
      put(withItemBack(items, at, removed!.item), `[data-item="${at}"] button`);
    }
  };
}

/** Items 4 to 17, once for each data set. */
export function DataSets({ files }: { files: readonly string[] }): React.ReactElement {
  const trans = useWords();
  const { box, goTo } = useGoTo();
  const sets = useDataSets(goTo);
  const some = useSome(sets.items.length);
  const add = (): void => {
    some.upTo(sets.items.length + 1);
    sets.add();
  };
  return (
    <div className="jp-recrate-Common-Items" ref={box}>
      <p className="jp-recrate-quiet">
        {trans.__('Items 4 to 17 are said once for each data set. One is enough for most studies.')}
      </p>
      <PartComplaint field="common.items" />
      <ol className="jp-recrate-Common-List">
        {sets.items.slice(0, some.shown).map((item, at) => (
          <li key={at} data-item={at}>
            <ItemHead at={at} item={item} sets={sets} />
            <DataSet
              at={at}
              item={item}
              files={files}
              isOpen={sets.items.length <= OPEN || at === sets.items.length - 1}
              onChange={change => sets.change(at, change)}
            />
          </li>
        ))}
      </ol>
      {some.more}
      <div className="jp-recrate-hidden" role="status">
        {sets.said}
      </div>
      {sets.removed && <Undo removed={sets.removed} onUndo={sets.putBack} />}
      <div className="jp-recrate-Actions">
        <Button onClick={add}>{trans.__('Add a data set')}</Button>
      </div>
    </div>
  );
}

function ItemHead(props: { at: number; item: Item; sets: IDataSets }): React.ReactElement {
  const trans = useWords();
  const { complaints } = useForm();
  const { at, item, sets } = props;
  const name = itemName(trans, item, at);
  return (
    <div className="jp-recrate-Common-Row-head">
      <h3>{name}</h3>
      <Tally of={tally(complaints, `common.items.${at}`)} />
      <span className="jp-recrate-Common-Row-acts">
        {sets.items.length > 1 && <Order at={at} name={name} sets={sets} />}
        <Button look="quiet" label={trans.__('Remove %1', name)} onClick={() => sets.remove(at)}>
          {trans.__('Remove')}
        </Button>
      </span>
    </div>
  );
}

function Order(props: { at: number; name: string; sets: IDataSets }): React.ReactElement {
  const trans = useWords();
  const { at, name, sets } = props;
  return (
    <>
      <span data-act="up">
        <Button
          look="quiet"
          disabled={at === 0}
          label={trans.__('Move %1 up', name)}
          onClick={() => sets.move(at, -1)}
        >
          ↑
        </Button>
      </span>
      <span data-act="down">
        <Button
          look="quiet"
          disabled={at === sets.items.length - 1}
          label={trans.__('Move %1 down', name)}
          onClick={() => sets.move(at, 1)}
        >
          ↓
        </Button>
      </span>
    </>
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
