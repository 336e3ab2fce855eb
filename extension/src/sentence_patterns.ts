import type { TranslationBundle } from '@jupyterlab/translation';

type Words = TranslationBundle;

/** A sentence of the server with places in it, and how it is said. */
export type Pattern = [RegExp, (trans: Words, parts: string[]) => string];

/** Messages with something of the study in them: names, paths, numbers. */
export const PATTERNS: Pattern[] = [
  // Findings of a scan
  [/^(.+) needs a GPU$/, (t, [a]) => t.__('%1 needs a GPU', a)],
  [
    /^the environment variable `(.+)` is read$/,
    (t, [a]) => t.__('the environment variable `%1` is read', a)
  ],
  [/^`(.+)` is found on Windows only$/, (t, [a]) => t.__('`%1` is found on Windows only', a)],
  [
    /^`(.+)` is read, but is not in the study$/,
    (t, [a]) => t.__('`%1` is read, but is not in the study', a)
  ],
  [
    /^`(.+)` is read, but lies outside the study$/,
    (t, [a]) => t.__('`%1` is read, but lies outside the study', a)
  ],
  [
    /^`(.+)` is read, but an ignore file leaves it out$/,
    (t, [a]) => t.__('`%1` is read, but an ignore file leaves it out', a)
  ],
  [
    /^`(.+)` is read: it exists on the author's machine only$/,
    (t, [a]) => t.__('`%1` is read: it exists on the author’s machine only', a)
  ],
  [
    /^`(.+)` exists on the author's machine only$/,
    (t, [a]) => t.__('`%1` exists on the author’s machine only', a)
  ],
  [
    /^the module `(.+)` is imported, but is not in the study$/,
    (t, [a]) => t.__('the module `%1` is imported, but is not in the study', a)
  ],
  [/^(\S+) is fetched$/, (t, [a]) => t.__('%1 is fetched', a)],
  [/^(.+) fetches from the network$/, (t, [a]) => t.__('%1 fetches from the network', a)],
  [
    /^none of its (\d+) code cells was run: nothing is recorded to compare$/,
    (t, [a]) => t.__('none of its %1 code cells was run: nothing is recorded to compare', a)
  ],
  [
    /^the cell was run as \[(\d+)\], before cell (\d+) above it \[(\d+)\]$/,
    (t, [a, b, c]) => t.__('the cell was run as [%1], before cell %2 above it [%3]', a, b, c)
  ],
  [
    /^the recorded output is an error: ([^]+)$/,
    (t, [a]) => t.__('the recorded output is an error: %1', a)
  ],
  [
    /^(\d+) cell\(s\) are written in Python 2, this is the first$/,
    (t, [a]) => t.__('%1 cell(s) are written in Python 2, this is the first', a)
  ],
  [/^the cell is no Python: ([^]+)$/, (t, [a]) => t.__('the cell is no Python: %1', a)],
  [
    /^`(.+)` is used here, but only a cell further down defines it$/,
    (t, [a]) => t.__('`%1` is used here, but only a cell further down defines it', a)
  ],
  [/^no cell defines `(.+)`$/, (t, [a]) => t.__('no cell defines `%1`', a)],
  [
    /^(.+) read what each other writes; they run in the order of their names$/,
    (t, [a]) => t.__('%1 read what each other writes; they run in the order of their names', a)
  ],
  [
    /^output (\d+) holds what looks like (.+): (.+)$/,
    (t, [a, b, c]) => t.__('output %1 holds what looks like %2: %3', a, secret(t, b), masked(t, c))
  ],
  [
    /^looks like (.+?): (.+)$/,
    (t, [a, b]) => t.__('looks like %1: %2', secret(t, a), masked(t, b))
  ],
  [
    /^output (\d+) holds (\d+) mail address(?:es)? \((.+)\)$/,
    (t, [a, b, c]) =>
      t._n(
        'output %2 holds %1 mail address (%3)',
        'output %2 holds %1 mail addresses (%3)',
        Number(b),
        a,
        c
      )
  ],
  [
    /^output (\d+) holds (\d+) phone numbers? \((.+)\)$/,
    (t, [a, b, c]) =>
      t._n(
        'output %2 holds %1 phone number (%3)',
        'output %2 holds %1 phone numbers (%3)',
        Number(b),
        a,
        c
      )
  ],
  [
    /^output (\d+) holds (\d+) My Numbers? \((.+)\)$/,
    (t, [a, b, c]) =>
      t._n(
        'output %2 holds %1 My Number (%3)',
        'output %2 holds %1 My Numbers (%3)',
        Number(b),
        a,
        c
      )
  ],
  [/^cannot be read: (.+)$/, (t, [a]) => t.__('cannot be read: %1', a)],
  [
    /^is ([\d,]+) bytes; the limit is ([\d,]+)$/,
    (t, [a, b]) => t.__('is %1 bytes; the limit is %2', a, b)
  ],
  // Findings of packing and checking
  [
    /^`import (.+)` needs (.+), which no file of the study declares$/,
    (t, [a, b]) => t.__('`import %1` needs %2, which no file of the study declares', a, b)
  ],
  [
    /^`(.+)` is not on the SPDX licence list$/,
    (t, [a]) => t.__('`%1` is not on the SPDX licence list', a)
  ],
  [
    /^nothing says under which licence the study may be used$/,
    t => t.__('nothing says under which licence the study may be used')
  ],
  [/^nothing says who made the study$/, t => t.__('nothing says who made the study')],
  [
    /^`(.+)` of (.+) is no ORCID: form or check digit wrong$/,
    (t, [a, b]) => t.__('`%1` of %2 is no ORCID: form or check digit wrong', a, b)
  ],
  [
    /^`(.+)` of (.+) is no ROR identifier$/,
    (t, [a, b]) => t.__('`%1` of %2 is no ROR identifier', a, b)
  ],
  [
    /^(\d+) secret\(s\) would be published: ([^]+)$/,
    (t, [a, b]) =>
      t._n(
        '%1 secret would be published: %2',
        '%1 secrets would be published: %2',
        Number(a),
        places(t, b)
      )
  ],
  [
    /^wrong checksum: (.+) has (\w+), the crate says (\w+)$/,
    (t, [a, b, c]) => t.__('wrong checksum: %1 has %2, the crate says %3', a, b, c)
  ],
  // Why work stopped or was refused
  [
    /^no sandbox(?: on this machine)?: ([^]+)$/,
    (t, [a]) => t.__('no sandbox on this machine: %1', a)
  ],
  [
    /^this machine has no kernel `(.+)`(?: for (.+))?$/,
    (t, [a]) => t.__('this machine has no kernel `%1`', a)
  ],
  [/^there are: (.+)$/, (t, [a]) => t.__('there are: %1', a)],
  [
    /^the package index cannot be reached: ([^]+)$/,
    (t, [a]) => t.__('the package index cannot be reached: %1', a)
  ],
  [
    /^no set of versions satisfies the study for Python ([\d.]+): ([^]+)$/,
    (t, [a, b]) => t.__('no set of versions satisfies the study for Python %1: %2', a, b)
  ],
  [
    /^the RO-Crate profile was not checked: ([^]+)$/,
    (t, [a]) => t.__('the RO-Crate profile was not checked: %1', a)
  ],
  [
    /^(\d+) of your jobs wait or run, and (\d+) may$/,
    (t, [a, b]) =>
      t._n(
        '%1 of your jobs waits or runs, and %2 may',
        '%1 of your jobs wait or run, and %2 may',
        Number(a),
        b
      )
  ],
  [
    /^the list of jobs cannot be used: ([^]+)$/,
    (t, [a]) => t.__('the list of jobs cannot be used: %1', a)
  ],
  [
    /^the job's process left with code (.+)$/,
    (t, [a]) => t.__('the job’s process left with code %1', a)
  ],
  // Steps of the work
  [/^(.+), cell (\d+) of (\d+)$/, (t, [a, b, c]) => t.__('%1, cell %2 of %3', a, b, c)],
  [
    /^making an environment with Python (.+)$/,
    (t, [a]) => t.__('making an environment with Python %1', a)
  ],
  [/^fetching Python (.+)$/, (t, [a]) => t.__('fetching Python %1', a)],
  [/^installing (\d+) packages$/, (t, [a]) => t.__('installing %1 packages', a)],
  [/^building (.+)$/, (t, [a]) => t.__('building %1', a)],
  [/^looking up (\d+) packages$/, (t, [a]) => t.__('looking up %1 packages', a)],
  [/^reading what kernel (.+) has$/, (t, [a]) => t.__('reading what kernel %1 has', a)],
  [/^(\d+) packages$/, (t, [a]) => t.__('%1 packages', a)]
];

/** Return a list of places with what is there: "a.ipynb, cell 1, line 9: looks like …; …". */
function places(trans: Words, listed = ''): string {
  return listed
    .split('; ')
    .map(one => {
      const [, path, cell, line, said = ''] =
        /^(.+?)(?:, cell (\d+))?(?:, line (\d+))?: (.+)$/.exec(one) ?? [];
      if (!path) {
        return one;
      }
      const place = cell
        ? line
          ? trans.__('%1, cell %2, line %3', path, cell, line)
          : trans.__('%1, cell %2', path, cell)
        : line
          ? trans.__('%1, line %2', path, line)
          : path;
      const pattern = PATTERNS.map(([form, say]) => [form.exec(said), say] as const);
      const [found, say] = pattern.find(([match]) => match !== null) ?? [];
      return trans.__('%1: %2', place, found && say ? say(trans, found.slice(1)) : said);
    })
    .join('; ');
}

/** Return what is shown of a secret: its first letters, and how many there are. */
function masked(trans: Words, shown = ''): string {
  const [, letters, count] = /^(.*) \((\d+) characters\)$/.exec(shown) ?? [];
  return count
    ? trans._n('%2 (%1 character)', '%2 (%1 characters)', Number(count), letters)
    : shown;
}

/** Return what a secret or a piece of personal data looks like: "an AWS key". */
function secret(trans: Words, kind = ''): string {
  const kinds = new Map([
    ['a password or key', trans.__('a password or key')],
    ['a password in a URL', trans.__('a password in a URL')],
    ['a private key', trans.__('a private key')],
    ['a token', trans.__('a token')],
    ['an API key', trans.__('an API key')]
  ]);
  const [, name, what] = /^an? (.+) (key|token|credential|secret)$/.exec(kind) ?? [];
  if (kinds.has(kind) || !name) {
    return kinds.get(kind) ?? kind;
  }
  const isKey = what === 'key';
  const said = isKey ? trans.__('a key of %1', name) : trans.__('a credential of %1', name);
  // English has an article before the name, which only the server knows.
  return said === `a ${isKey ? 'key' : 'credential'} of ${name}` ? kind : said;
}
