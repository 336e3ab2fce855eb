import React from 'react';

import type { OutputJudgement, OutputShown } from '../api';
import { OUTPUT_ORDER } from '../replay/order';
import { Button, Shape, WindowedList } from '../ui';
import { numberWords, outputWord, spoken, useWords } from '../words';
import { keyOf, type ReviewModel } from './model';
import { visible } from '../crate/model';

const ROW_HEIGHT = 46;

/** All outputs of the run, narrowed by verdict and notebook. */
export function OutputList(props: {
  model: ReviewModel;
  onFilter: (part: { verdicts?: OutputJudgement[]; notebook?: string }) => void;
}): React.ReactElement {
  const trans = useWords();
  const { model, onFilter } = props;
  const { selected } = model;
  const key = selected && model.index !== null ? keyOf(selected) : null;
  return (
    <section className="jp-recrate-Review-side" aria-label={trans.__('Outputs')}>
      <Filters model={model} onFilter={onFilter} />
      <div className="jp-recrate-Review-list">
        {model.total === 0 ? (
          <div className="jp-recrate-Review-none">
            <p>{trans.__('No output is left by this choice.')}</p>
            <Button onClick={() => onFilter({ verdicts: [], notebook: '' })}>
              {trans.__('Show all')}
            </Button>
          </div>
        ) : (
          <WindowedList
            label={trans.__('Outputs')}
            total={model.total}
            itemAt={model.itemAt}
            keyOf={keyOf}
            rowHeight={ROW_HEIGHT}
            current={key}
            reveal={key}
            onNeed={model.need}
            onActivate={(_, index) => void model.select(index)}
            renderRow={(row, index) => (
              <OutputRow row={row} onClick={() => void model.select(index)} />
            )}
          />
        )}
      </div>
    </section>
  );
}

/** One output: where it is, how it came out, and why. */
function OutputRow(props: { row: OutputShown; onClick: () => void }): React.ReactElement {
  const trans = useWords();
  const { row } = props;
  const word = outputWord(trans, row.verdict);
  const reason = spoken(row.reason, row.reason_ja);
  const says = reason && reason !== row.verdict && reason !== word;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="jp-recrate-Review-row"
      onClick={props.onClick}
      title={visible(row.notebook)}
    >
      <Shape of={row.verdict} />
      <span className="jp-recrate-Review-what">
        <span className="jp-recrate-Review-where">
          <span>{trans.__('Cell %1, output %2', row.cell, row.output)}</span>
          <span className="jp-recrate-Review-notebook jp-recrate-oneline">
            {visible(row.notebook)}
          </span>
        </span>
        <span className="jp-recrate-Review-reason jp-recrate-oneline">
          {says ? trans.__('%1: %2', word, visible(reason)) : word}
        </span>
      </span>
    </button>
  );
}

function Filters(props: {
  model: ReviewModel;
  onFilter: (part: { verdicts?: OutputJudgement[]; notebook?: string }) => void;
}): React.ReactElement {
  const trans = useWords();
  const { model, onFilter } = props;
  const { verdicts, notebook } = model.filter;
  const { counts = {}, all = 0, notebooks = [] } = model.page ?? {};
  const shown = OUTPUT_ORDER.filter(one => counts[one] || verdicts.includes(one));
  return (
    <div className="jp-recrate-Review-filters">
      <div
        className="jp-recrate-Review-chips"
        role="group"
        aria-label={trans.__('Show only outputs that are')}
      >
        <Chip
          pressed={verdicts.length === 0}
          onClick={() => onFilter({ verdicts: [] })}
          word={trans.__('all')}
          count={all}
        />
        {shown.map(one => (
          <Chip
            key={one}
            of={one}
            pressed={verdicts.includes(one)}
            onClick={() =>
              onFilter({
                verdicts: verdicts.includes(one)
                  ? verdicts.filter(other => other !== one)
                  : [...verdicts, one]
              })
            }
            word={outputWord(trans, one)}
            count={counts[one] ?? 0}
          />
        ))}
      </div>
      {notebooks.length > 1 && (
        <select
          className="jp-recrate-Input"
          aria-label={trans.__('Only of this notebook')}
          value={notebook}
          onChange={event => onFilter({ notebook: event.target.value })}
        >
          <option value="">{trans.__('All notebooks')}</option>
          {notebooks.map(path => (
            <option key={path} value={path}>
              {visible(path)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function Chip(props: {
  of?: OutputJudgement;
  pressed: boolean;
  onClick: () => void;
  word: string;
  count: number;
}): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-recrate-Review-chip"
      aria-pressed={props.pressed}
      onClick={props.onClick}
    >
      {props.of && <Shape of={props.of} />}
      <span>{props.word}</span>
      <span className="jp-recrate-Review-count">{numberWords(props.count)}</span>
    </button>
  );
}
