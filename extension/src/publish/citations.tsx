import React from 'react';

import type { Deposited } from '../api';
import { CopyButton } from '../crate/copy';
import { isJapanese, useWords } from '../words';

type All = NonNullable<Deposited['citations']>;

/** How it is cited, to be copied in four forms. */
export function Citations({ citations }: { citations: All }): React.ReactElement {
  const trans = useWords();
  const text = isJapanese() ? citations.text_ja : citations.text;
  const other = isJapanese() ? citations.text : citations.text_ja;
  return (
    <section className="jp-recrate-Publish-Citations" aria-label={trans.__('Citation')}>
      <h4>{trans.__('Citation')}</h4>
      <blockquote>{text}</blockquote>
      <div className="jp-recrate-Actions">
        <CopyButton text={text}>{trans.__('Copy the citation')}</CopyButton>
        <CopyButton text={other}>
          {isJapanese() ? trans.__('In English') : trans.__('In Japanese')}
        </CopyButton>
        <CopyButton text={citations.bibtex}>BibTeX</CopyButton>
        <CopyButton text={citations.ris}>RIS</CopyButton>
      </div>
    </section>
  );
}
