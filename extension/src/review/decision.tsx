import React, { useState } from 'react';

import type { Job, OutputShown } from '../api';
import { visible } from '../crate/model';
import { longMoment } from '../runs/moments';
import { Button, ProblemBox, Shape, TextArea, useDeed, useIds, useRecrate } from '../ui';
import { useWords, type Words } from '../words';
import { decisionsFor } from './model';

type Kind = 'accept' | 'waive';

interface IDecisionProps {
  row: OutputShown;
  run: string;
  /** A decision is being judged. */
  isPending: boolean;
  /** The judging that a decision starts. */
  onJudging: (judging: Job) => void;
}

/** What a person says to an output: accept or waive it with a reason, or take that back. */
export function Decision(props: IDecisionProps): React.ReactElement | null {
  const trans = useWords();
  const { row } = props;
  if (props.isPending) {
    return (
      <p className="jp-recrate-Review-decision jp-recrate-quiet">
        <span className="jp-recrate-Spinner" aria-hidden="true" />{' '}
        {trans.__('Kept. The run is being judged again; you can go on meanwhile.')}
      </p>
    );
  }
  if (row.waiver) {
    return <Taken {...props} waiver={row.waiver} />;
  }
  const kinds = decisionsFor(row.verdict);
  return kinds.length > 0 ? <Take {...props} kinds={kinds} /> : <Nothing row={row} />;
}

function Nothing({ row }: { row: OutputShown }): React.ReactElement | null {
  const trans = useWords();
  if (row.verdict !== 'added' && row.verdict !== 'skipped') {
    return null;
  }
  return (
    <p className="jp-recrate-Review-decision jp-recrate-quiet">
      {row.verdict === 'added'
        ? trans.__('Only the rerun has this output. It lowers no verdict.')
        : trans.__('This output was not compared. It lowers no verdict.')}
    </p>
  );
}

/** Two buttons, and the form that the pressed one opens. */
function Take(props: IDecisionProps & { kinds: readonly Kind[] }): React.ReactElement {
  const trans = useWords();
  const { row, kinds } = props;
  const [kind, setKind] = useState<Kind | null>(null);
  const first = kinds[0];
  return (
    <section className="jp-recrate-Review-decision" aria-label={trans.__('Your decision')}>
      {kind === null ? (
        <div className="jp-recrate-Actions">
          {kinds.map(one => (
            <Button
              key={one}
              look={one === 'accept' ? 'primary' : first === 'waive' ? 'quiet' : 'plain'}
              onClick={() => setKind(one)}
            >
              {buttonWord(trans, one, row)}
            </Button>
          ))}
          {kinds.length > 1 && <p className="jp-recrate-quiet">{difference(trans)}</p>}
        </div>
      ) : (
        <Form {...props} kind={kind} onKind={setKind} onCancel={() => setKind(null)} />
      )}
    </section>
  );
}

function Form(
  props: IDecisionProps & {
    kinds: readonly Kind[];
    kind: Kind;
    onKind: (kind: Kind) => void;
    onCancel: () => void;
  }
): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const { api, jobs } = useRecrate();
  const { row, kind } = props;
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const decide = useDeed(async () => {
    const { notebook, cell, output } = row;
    const waiver = { notebook, cell, output, kind, reason: reason.trim() };
    const judging = await api.waiveOutput(props.run, waiver);
    jobs.meet(judging);
    props.onJudging(judging);
    props.onCancel();
  });
  const isWrong = isTried && !reason.trim();
  const submit = (): void => {
    setTried(true);
    if (reason.trim()) {
      void decide.run();
    }
  };
  return (
    <form
      className="jp-recrate-Review-form"
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={event => event.key === 'Escape' && props.onCancel()}
    >
      {props.kinds.length > 1 && (
        <fieldset>
          <legend className="jp-recrate-hidden">{trans.__('Your decision')}</legend>
          {props.kinds.map(one => (
            <label key={one} className="jp-recrate-Review-choice">
              <input
                type="radio"
                name={ids.own}
                checked={kind === one}
                onChange={() => props.onKind(one)}
              />
              <span>{meaning(trans, one)}</span>
            </label>
          ))}
        </fieldset>
      )}
      <Focused>
        <TextArea
          label={trans.__('Reason')}
          required
          rows={2}
          value={reason}
          onChange={text => setReason(text.slice(0, 2000))}
          complaint={isWrong ? trans.__('Say in a sentence why.') : null}
          hint={trans.__('It is kept in the run crate and stands in the report, with your name.')}
        />
      </Focused>
      {decide.problem && <ProblemBox problem={decide.problem} onDismiss={decide.clear} />}
      <div className="jp-recrate-Actions">
        <Button look="primary" busy={decide.busy} onClick={submit}>
          {buttonWord(trans, kind, row).replace(/…$/, '')}
        </Button>
        <Button onClick={props.onCancel}>{trans.__('Cancel')}</Button>
      </div>
    </form>
  );
}

/** Puts the focus into the field that has just appeared. */
function Focused({ children }: { children: React.ReactNode }): React.ReactElement {
  return (
    <div
      ref={box => box?.contains(document.activeElement) || box?.querySelector('textarea')?.focus()}
    >
      {children}
    </div>
  );
}

/** Somebody has taken it on: who, why, and a way back. */
function Taken(
  props: IDecisionProps & { waiver: NonNullable<OutputShown['waiver']> }
): React.ReactElement {
  const trans = useWords();
  const { api, jobs } = useRecrate();
  const { row, waiver } = props;
  const withdraw = useDeed(async () => {
    const { notebook, cell, output } = row;
    const wanted = { notebook, cell, output, kind: waiver.kind, reason: null };
    const judging = await api.waiveOutput(props.run, wanted);
    jobs.meet(judging);
    props.onJudging(judging);
  });
  const date = waiver.date ? longMoment(waiver.date) : '';
  return (
    <section className="jp-recrate-Review-decision" aria-label={trans.__('Decision')}>
      <div className="jp-recrate-Review-taken">
        <Shape of="waived" />
        <div>
          <p>
            <strong>{waiver.kind === 'accept' ? trans.__('Accepted') : trans.__('Waived')}</strong>{' '}
            <span className="jp-recrate-quiet">
              {[waiver.person && visible(waiver.person), date].filter(Boolean).join(' · ')}
            </span>
          </p>
          <p className="jp-recrate-Review-because">{visible(waiver.reason)}</p>
        </div>
        <Button busy={withdraw.busy} onClick={() => void withdraw.run()}>
          {trans.__('Withdraw')}
        </Button>
      </div>
      {withdraw.problem && <ProblemBox problem={withdraw.problem} onDismiss={withdraw.clear} />}
    </section>
  );
}

function buttonWord(trans: Words, kind: Kind, row: OutputShown): string {
  if (kind === 'accept') {
    return trans.__('Accept the difference…');
  }
  return decisionsFor(row.verdict).length > 1 ? trans.__('Waive…') : trans.__('Waive this output…');
}

function meaning(trans: Words, kind: Kind): string {
  return kind === 'accept'
    ? trans.__('Accept: I looked at both, and the difference does not matter.')
    : trans.__('Waive: this output shall not be judged at all.');
}

function difference(trans: Words): string {
  return trans.__(
    'Accept when you looked at both and the difference does not matter; waive when this output shall not be judged at all.'
  );
}
