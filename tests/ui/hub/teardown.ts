import { rmSync } from 'fs';

import { SUITE } from './places';

/** Everything that the run wrote is gone; `RECRATE_SUITE_KEEP=1` leaves it for a look. */
export default function (): void {
  if (!process.env.RECRATE_SUITE_KEEP) {
    rmSync(SUITE, { recursive: true, force: true, maxRetries: 3 });
  }
}
