import React, { useEffect, useRef } from 'react';

import type { Deposited, PublishResult, Receipt } from '../api';
import { visible } from '../crate/model';
import { Button, Shape } from '../ui';
import { saidWords, useWords } from '../words';
import { Address } from './address';
import { Citations } from './citations';
import { usePublishing } from './context';
import { webAddress } from './model';
import { linkWords, receiptMeaning, receiptWord } from './words';

/** What came of it: the DOI, how to cite it, where it is. */
export function Done(props: {
  result: PublishResult;
  /** Of the place. */
  title: string;
  /** It has just come to its end before the person's eyes. */
  isNew: boolean;
}): React.ReactElement {
  const trans = useWords();
  const { show } = usePublishing();
  const { result } = props;
  const { receipt } = result;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (props.isNew) {
      heading.current?.focus();
    }
  }, [props.isNew]);
  const page = webAddress(receipt.record_url);
  return (
    <section
      className="jp-recrate-Publish-Done"
      aria-label={trans.__('What was published')}
      data-place={result.place}
      data-status={receipt.status}
    >
      <h2 ref={heading} tabIndex={-1}>
        <Shape of={receipt.status === 'draft' ? 'queued' : 'done'} />
        {trans.__('%1: %2', props.title, receiptWord(trans, receipt.status))}
      </h2>
      <Address receipt={receipt} big />
      <p>{receiptMeaning(trans, receipt)}</p>
      {receipt.concept_doi && receipt.concept_doi !== receipt.doi && (
        <p className="jp-recrate-quiet">
          {trans.__('All versions together: %1', receipt.concept_doi)}
        </p>
      )}
      <div className="jp-recrate-Actions">
        {page && (
          <Button onClick={() => window.open(page, '_blank', 'noopener,noreferrer')}>
            {trans.__('Open the record')}
          </Button>
        )}
        {show && <Button onClick={show}>{trans.__('Show in the file browser')}</Button>}
      </div>
      {result.citations && (
        <Citations citations={result.citations as NonNullable<Deposited['citations']>} />
      )}
      <Notes receipt={receipt} links={result.links} />
    </section>
  );
}

function Notes(props: {
  receipt: Receipt;
  links: PublishResult['links'];
}): React.ReactElement | null {
  const trans = useWords();
  const { receipt, links } = props;
  if (!receipt.notes.length && !links.length) {
    return null;
  }
  return (
    <ul className="jp-recrate-Publish-Notes" aria-label={trans.__('Notes')}>
      {receipt.notes.map((note, at) => (
        <li key={at}>
          <Shape of="note" />
          <span>{visible(saidWords(trans, note))}</span>
        </li>
      ))}
      {links.map(link => (
        <li key={link.target} data-link={link.how}>
          <Shape of={link.how === 'none' ? 'warning' : 'note'} />
          <span>
            {linkWords(trans, link.how)} <code>{visible(link.target)}</code>{' '}
            {link.how === 'none' && <span className="jp-recrate-quiet">{visible(link.note)}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
