import React, { useEffect, useRef, useState } from 'react';

import type { PublishPlace } from '../api';
import { Button, Shape, useIds } from '../ui';
import { useWords, type Words } from '../words';
import { usePublishing } from './context';
import {
  given,
  isFinal,
  needsToken,
  orderOf,
  outcome,
  standing,
  type Outcome,
  type Standing
} from './model';
import type { IForeseen } from './preflight';
import { deedWord, outcomeWords, placeTitle } from './words';

/** The last sentence and the button; what nobody can take back is asked once more. */
export function Deed(props: { place: PublishPlace; seen: IForeseen }): React.ReactElement | null {
  const trans = useWords();
  const { session, subject, isBlocked } = usePublishing();
  const { place, seen } = props;
  const [isAsking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const how = seen.value ? standing(seen.value) : 'fresh';
  if (how === 'there') {
    return null;
  }
  const { draft } = session.state;
  const answers = given(session.state, place.name);
  const what = outcome(place, answers, draft && how !== 'draft');
  const word = wordOf(trans, how, what);
  const reason = whyNot(trans, place, seen, isBlocked);
  const publish = (): void => {
    setAsking(false);
    void session.publish(
      orderOf(subject, place, {
        answers,
        draft: draft && how !== 'draft',
        newVersionOf: seen.newVersionOf,
        goOn: how === 'unfinished'
      })
    );
  };
  const sentence = outcomeWords(trans, what, placeTitle(trans, place));
  if (isAsking && !reason) {
    const leave = (): void => {
      setAsking(false);
      setTimeout(() => button.current?.focus());
    };
    return <Confirm {...{ sentence, word, leave }} onYes={publish} />;
  }
  return (
    <div className="jp-recrate-Publish-Deed">
      <p>{sentence}</p>
      <div className="jp-recrate-Actions">
        <Button
          ref={button}
          look="primary"
          className="jp-recrate-Publish-Go"
          busy={session.work.isBusy}
          disabled={reason !== null}
          title={reason ?? undefined}
          onClick={() => (isFinal(what) ? setAsking(true) : publish())}
        >
          {isFinal(what) ? trans.__('%1…', word) : word}
        </Button>
        {reason && <span className="jp-recrate-quiet">{reason}</span>}
      </div>
    </div>
  );
}

function wordOf(trans: Words, how: Standing, what: Outcome): string {
  switch (how) {
    case 'draft':
      return trans.__('Publish the draft now');
    case 'unfinished':
      return trans.__('Go on with it');
    default:
      return deedWord(trans, what);
  }
}

/** Return why it cannot be begun now; null when it can. */
function whyNot(
  trans: Words,
  place: PublishPlace,
  seen: IForeseen,
  isBlocked: boolean
): string | null {
  if (isBlocked) {
    return trans.__('See above what stands in the way.');
  }
  if (needsToken(place)) {
    return trans.__('Give a token first.');
  }
  if (seen.isOpen) {
    return trans.__('Fill in the fields above first.');
  }
  if (seen.busy) {
    return trans.__('The repository is being asked.');
  }
  if (!seen.value?.accepted) {
    return trans.__('The repository would refuse it; see above.');
  }
  return null;
}

function Confirm(props: {
  sentence: string;
  word: string;
  leave: () => void;
  onYes: () => void;
}): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <div
      className="jp-recrate-Publish-Confirm"
      role="alertdialog"
      aria-label={trans.__('Publish for good?')}
      aria-describedby={ids.hint}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.leave();
        }
      }}
    >
      <Shape of="warning" />
      <div>
        <h3>{trans.__('Publish for good?')}</h3>
        <p id={ids.hint}>{props.sentence}</p>
        <div className="jp-recrate-Actions">
          <Button ref={yes} look="primary" className="jp-recrate-Publish-Yes" onClick={props.onYes}>
            {trans.__('Yes: %1', props.word)}
          </Button>
          <Button onClick={props.leave}>{trans.__('Not yet')}</Button>
        </div>
      </div>
    </div>
  );
}
