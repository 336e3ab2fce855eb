import React from 'react';

import type { Receipt } from '../api';
import { visible } from '../crate/model';
import { CopyButton } from '../crate/copy';
import { useWords } from '../words';
import { doiAddress, webAddress } from './model';

/** A DOI as a link, with a button that copies it; without one, the page of the record. */
export function Address(props: {
  receipt: Pick<Receipt, 'doi' | 'record_url'>;
  big?: boolean;
}): React.ReactElement {
  const trans = useWords();
  const { doi, record_url } = props.receipt;
  const page = webAddress(record_url);
  const address = doi ? doiAddress(doi) : page;
  const text = doi ?? record_url;
  const label = doi ? trans.__('Copy the DOI') : trans.__('Copy the address');
  return (
    <p className="jp-recrate-Publish-Address" data-big={props.big || undefined}>
      {doi && <span className="jp-recrate-Publish-Address-kind">DOI</span>}
      {address ? (
        <a href={address} target="_blank" rel="noopener noreferrer">
          {visible(text)}
        </a>
      ) : (
        <code>{visible(text)}</code>
      )}
      {props.big && <CopyButton text={doi ? doiAddress(doi) : text}>{label}</CopyButton>}
    </p>
  );
}
