import React from 'react';

import type { Preflight, PublishPlace } from '../api';
import { Button, ProblemBox, Shape, useDeed, useRecrate, Waiting } from '../ui';
import { numberWords, sizeWords, useWords } from '../words';
import { Address } from './address';
import { usePublishing } from './context';
import { Findings } from './findings';
import { needsToken, said, standing } from './model';
import type { IForeseen } from './preflight';
import { placeTitle, receiptMeaning, receiptWord } from './words';

/** What the place would do with it, told before a byte is sent. */
export function Foreseen(props: { place: PublishPlace; seen: IForeseen }): React.ReactElement {
  const trans = useWords();
  const { place, seen } = props;
  const { value, problem, busy } = seen;
  const name = placeTitle(trans, place);
  return (
    <section
      className="jp-recrate-Publish-Foreseen"
      aria-label={trans.__('What %1 would say', name)}
      aria-busy={busy}
    >
      <h3>{trans.__('What %1 would say', name)}</h3>
      {seen.isOpen ? (
        <p className="jp-recrate-quiet">
          {trans.__('The repository is asked as soon as the required fields are filled in.')}
        </p>
      ) : (
        <>
          {problem && !busy && <ProblemBox problem={problem} onRetry={seen.again} />}
          {value && !problem && <Seen place={place} value={value} name={name} />}
          {busy && <Waiting>{trans.__('Asking %1', name)}</Waiting>}
          {value && !problem && <Before value={value} />}
        </>
      )}
    </section>
  );
}

function Seen(props: { place: PublishPlace; value: Preflight; name: string }): React.ReactElement {
  const trans = useWords();
  const { value, name } = props;
  const findings = said(props.place, value.findings);
  const errors = findings.filter(one => one.severity === 'error').length;
  const losses = findings.filter(one => one.severity === 'warning').length;
  return (
    <>
      <p className="jp-recrate-Publish-Sum" data-accepted={value.accepted}>
        <Shape of={errors ? 'error' : losses ? 'warning' : 'done'} />
        <span>
          <strong>
            {errors
              ? trans._n(
                  '%2 would refuse it for %1 reason',
                  '%2 would refuse it for %1 reasons',
                  errors,
                  name
                )
              : losses
                ? trans._n(
                    '%2 would take it, with %1 loss',
                    '%2 would take it, with %1 losses',
                    losses,
                    name
                  )
                : trans.__('%1 would take it as it is', name)}
          </strong>{' '}
          <span className="jp-recrate-quiet">
            {trans._n(
              '%2 file, %3',
              '%2 files, %3',
              value.files,
              numberWords(value.files),
              sizeWords(value.bytes)
            )}
          </span>
        </span>
      </p>
      {needsToken(props.place) && (
        <p className="jp-recrate-quiet">
          {trans.__('This is all that can be said without a token.')}
        </p>
      )}
      <Findings findings={findings} label={trans.__('What %1 would say', name)} />
    </>
  );
}

/** What is there already: the same crate, a draft, or something that was begun. */
function Before({ value }: { value: Preflight }): React.ReactElement | null {
  const trans = useWords();
  const { receipt } = value;
  const how = standing(value);
  if (how === 'unfinished') {
    return <Unfinished mark={value.unfinished!} />;
  }
  if (how === 'fresh' || !receipt) {
    return null;
  }
  return (
    <div className="jp-recrate-Publish-Before" data-standing={how}>
      <p>
        <Shape of={how === 'draft' ? 'queued' : 'done'} />
        <span>
          <strong>
            {how === 'draft'
              ? trans.__('A draft of this is there')
              : trans.__(
                  'This very crate is there already: %1',
                  receiptWord(trans, receipt.status)
                )}
          </strong>{' '}
          {receiptMeaning(trans, receipt)}
        </span>
      </p>
      <Address receipt={receipt} />
    </div>
  );
}

function Unfinished(props: { mark: string }): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const { session } = usePublishing();
  const discard = useDeed(async () => {
    await api.discardDeposit(props.mark);
    session.changedThere();
  });
  return (
    <div className="jp-recrate-Publish-Before" data-standing="unfinished">
      <p>
        <Shape of="interrupted" />
        <span>
          <strong>{trans.__('An unfinished deposit of this is there')}</strong>{' '}
          {trans.__('It can go on where it stopped; nothing is made twice.')}
        </span>
      </p>
      <div className="jp-recrate-Actions">
        <Button busy={discard.busy} onClick={() => void discard.run()}>
          {trans.__('Discard it')}
        </Button>
      </div>
      {discard.problem && <ProblemBox problem={discard.problem} onDismiss={discard.clear} />}
    </div>
  );
}
