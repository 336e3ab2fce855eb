import type { Session } from '../../api';

/** Return a session as the contract has it. */
export function aSession(part: Partial<Session> = {}): Session {
  return {
    id: 'abc',
    crate: 'f'.repeat(64),
    name: 'tides',
    title: 'Tides at Shiomi',
    creators: ['Hama Tide'],
    licence: 'CC0-1.0',
    location: 'tides.crate.zip',
    doi: '10.5281/zenodo.1',
    blind: false,
    notebooks: ['a.ipynb', 'b.ipynb'],
    first: 'a.ipynb',
    environments: [
      { language: 'python', python: '3.11.7', packages: 38, restored: true, differences: [] }
    ],
    walls: 'bubblewrap',
    target: 'here',
    started: '2026-01-01T00:00:00+00:00',
    last_verdict: null,
    network: false,
    notes: [],
    ...part
  };
}
