import React from 'react';

/** A sentence in which what stands between backticks is shown as it is typed. */
export function Coded({ text }: { text: string }): React.ReactElement {
  return <>{text.split('`').map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part))}</>;
}
