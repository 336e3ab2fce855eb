/** Studies as small as shows the matter, written straight into the server's root folder. */
import { cpSync, mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';

import { REPOSITORY } from './places';

type Output = Record<string, unknown>;
type Cell = Record<string, unknown>;

/** What `print` leaves in a notebook. */
export function printed(text: string): Output {
  return { output_type: 'stream', name: 'stdout', text };
}

/** What `display` leaves in a notebook. */
export function displayed(data: Record<string, string>): Output {
  return { output_type: 'display_data', data, metadata: {} };
}

export function code(source: string, ...outputs: Output[]): Cell {
  return { cell_type: 'code', metadata: {}, execution_count: null, source, outputs };
}

export function markdown(source: string): Cell {
  return { cell_type: 'markdown', metadata: {}, source };
}

/** A notebook as a file's text; its code cells are counted as if run once from top to bottom. */
export function notebook(cells: readonly Cell[], kernel = 'python3', language = 'python'): string {
  let count = 0;
  const counted = cells.map((cell, at) => ({
    id: `cell-${at}`,
    ...cell,
    ...(cell['cell_type'] === 'code' ? { execution_count: ++count } : {})
  }));
  const kernelspec = { name: kernel, display_name: kernel, language };
  const metadata = { kernelspec, language_info: { name: language } };
  return JSON.stringify({ cells: counted, metadata, nbformat: 4, nbformat_minor: 5 });
}

/** A description without anything to complain about. */
export const CITATION = `cff-version: 1.2.0
message: Please cite it.
title: Sums of small numbers
abstract: Two numbers are added, and the sum is printed.
authors:
  - family-names: Tide
    given-names: Hama
    orcid: https://orcid.org/0000-0002-1825-0097
    affiliation: Institute of Sums
license: MIT
date-released: 2025-04-01
`;

/** Write files of a study; returns its folder. */
export function write(folder: string, files: Record<string, string | Buffer>): string {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return folder;
}

/** The standard library alone; the second cell does not repeat what it recorded. */
export function writeSums(folder: string, more: Record<string, string> = {}): string {
  return write(folder, {
    'CITATION.cff': CITATION,
    'requirements.txt': '',
    'sums.ipynb': notebook([
      markdown('# Sums'),
      code('print(1 + 1)', printed('2\n')),
      code('print(20 + 22)', printed('41\n'))
    ]),
    ...more
  });
}

/** One notebook that takes about as many seconds as it has cells. */
export function writeSlow(folder: string, seconds: number): string {
  const cells = Array.from({ length: seconds }, (_, at) =>
    code(`import time; time.sleep(1); print(${at})`, printed(`${at}\n`))
  );
  return write(folder, { 'CITATION.cff': CITATION, 'slow.ipynb': notebook(cells) });
}

/** The study that people are shown first. */
export function copyTides(folder: string): string {
  cpSync(join(REPOSITORY, 'examples', 'tides'), folder, { recursive: true });
  return folder;
}
