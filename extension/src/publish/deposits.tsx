import React, { useEffect, useRef, useState } from 'react';

import type { Deposited, PublishPlace } from '../api';
import { CopyButton } from '../crate/copy';
import { longMoment, shortMoment } from '../runs/moments';
import { Button, ProblemBox, Shape, useDeed, useRecrate } from '../ui';
import { isJapanese, useWords } from '../words';
import { Address } from './address';
import { usePublishing } from './context';
import { placeTitle, receiptWord } from './words';

/** Remove what a draft left in the repository; asks once more in its place. */
function Discard({ deposit }: { deposit: Deposited }): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const { session } = usePublishing();
  const [isAsking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  const discard = useDeed(async () => {
    await api.discardDeposit(deposit.mark);
    session.changedThere();
  });
  useEffect(() => {
    if (isAsking) {
      keep.current?.focus();
    }
  }, [isAsking]);
  return (
    <>
      {isAsking ? (
        <>
          <Button look="danger" busy={discard.busy} onClick={() => void discard.run()}>
            {trans.__('Remove it there')}
          </Button>
          <Button ref={keep} onClick={() => setAsking(false)}>
            {trans.__('Keep')}
          </Button>
        </>
      ) : (
        <Button busy={session.work.isBusy} onClick={() => setAsking(true)}>
          {trans.__('Discard…')}
        </Button>
      )}
      {discard.problem && <ProblemBox problem={discard.problem} onDismiss={discard.clear} />}
    </>
  );
}

/** What was given to repositories before: of this, and of what lay here earlier. */
export function Deposits({
  deposits,
  places
}: {
  deposits: readonly Deposited[];
  places: readonly PublishPlace[];
}): React.ReactElement | null {
  const trans = useWords();
  if (!deposits.length) {
    return null;
  }
  return (
    <section className="jp-recrate-Publish-Deposits" aria-label={trans.__('Deposits so far')}>
      <h2>{trans.__('Deposits so far')}</h2>
      <ul>
        {deposits.map(one => (
          <One
            key={one.mark}
            deposit={one}
            place={places.find(place => place.name === one.place) ?? null}
          />
        ))}
      </ul>
    </section>
  );
}

function One(props: {
  deposit: Deposited;
  /** None where it is not configured any more. */
  place: PublishPlace | null;
}): React.ReactElement {
  const trans = useWords();
  const { session } = usePublishing();
  const { deposit, place } = props;
  const { receipt, citations } = deposit;
  const isOpen = !deposit.done || receipt?.status === 'draft';
  return (
    <li data-mark={deposit.mark} data-place={deposit.place}>
      <Shape of={!receipt ? 'interrupted' : receipt.status === 'draft' ? 'queued' : 'done'} />
      <div>
        <p>
          <strong>{place ? placeTitle(trans, place) : deposit.title}</strong>{' '}
          <span>{receipt ? receiptWord(trans, receipt.status) : trans.__('Unfinished')}</span>{' '}
          <span className="jp-recrate-quiet">
            <time dateTime={deposit.made} title={longMoment(deposit.made)}>
              {shortMoment(trans, deposit.made)}
            </time>
            {!deposit.current && ` · ${trans.__('an earlier version')}`}
          </span>
        </p>
        {receipt && <Address receipt={receipt} />}
      </div>
      <div className="jp-recrate-Actions">
        {citations && (
          <CopyButton text={isJapanese() ? citations.text_ja : citations.text}>
            {trans.__('Copy the citation')}
          </CopyButton>
        )}
        {isOpen && deposit.current && session.state.place !== deposit.place && (
          <Button onClick={() => session.do({ type: 'choose', place: deposit.place })}>
            {receipt ? trans.__('Publish the draft now…') : trans.__('Go on or discard…')}
          </Button>
        )}
        {isOpen && <Discard deposit={deposit} />}
      </div>
    </li>
  );
}
