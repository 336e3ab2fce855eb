import { Clipboard } from '@jupyterlab/apputils';
import React, { useState } from 'react';

import { Button } from '../ui';
import { useWords } from '../words';

/** Puts a text onto the clipboard, and says so. */
export function CopyButton(props: {
  text: string;
  /** What is copied, where the button alone does not say it. */
  label?: string;
  quiet?: boolean;
  children?: React.ReactNode;
}): React.ReactElement {
  const trans = useWords();
  const [isCopied, setCopied] = useState(false);
  return (
    <Button
      look={props.quiet ? 'quiet' : 'plain'}
      title={props.label}
      onClick={() => {
        Clipboard.copyToSystem(props.text);
        setCopied(true);
      }}
    >
      {isCopied ? trans.__('Copied') : (props.children ?? trans.__('Copy'))}
    </Button>
  );
}
