import React, { useState } from 'react';

import { Button } from '../ui';
import { useWords } from '../words';

const AT_ONCE = 20;

/**
 * How many rows of a list are drawn: what strangers wrote may hold thousands. `more` draws as many
 * again, `upTo` so many that a row is among them.
 */
export function useSome(count: number): {
  shown: number;
  more: React.ReactElement | null;
  upTo: (rows: number) => void;
} {
  const trans = useWords();
  const [most, setMost] = useState(AT_ONCE);
  const rest = count - most;
  return {
    shown: most,
    upTo: rows => setMost(now => Math.max(now, rows)),
    more:
      rest > 0 ? (
        <Button onClick={() => setMost(most + AT_ONCE)}>
          {trans.__('Show more (%1 left)', rest)}
        </Button>
      ) : null
  };
}
