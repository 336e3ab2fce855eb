import React from 'react';

import type { Gift } from './model';

const PATHS: Record<Gift | 'limit' | 'token' | 'no-token' | 'open', string> = {
  doi: 'M6.5 9.5l3-3M7 5l1.2-1.2a2.8 2.8 0 014 4L11 9M9 11l-1.2 1.2a2.8 2.8 0 01-4-4L5 7',
  'no-doi': 'M7 5l1.2-1.2a2.8 2.8 0 014 4L11 9M9 11l-1.2 1.2a2.8 2.8 0 01-4-4L5 7M2.5 2.5l11 11',
  drafts: 'M3 13l.7-3L10.5 3.2a1.4 1.4 0 012.1 2.1L5.8 12.2zM9.3 4.5l2 2',
  versions: 'M5 5h8v8H5zM3 11V3h8',
  private: 'M4 7.5h8V13H4zM5.5 7.5V5.6a2.5 2.5 0 015 0v1.9',
  review:
    'M1.8 8S4 4 8 4s6.2 4 6.2 4S12 12 8 12 1.8 8 1.8 8zM8 6.4a1.6 1.6 0 110 3.2 1.6 1.6 0 010-3.2',
  limit: 'M3 13.5V9h2.5v4.5zM6.8 13.5V5.5h2.5v8zM10.5 13.5v-11H13v11z',
  token: 'M2.5 10.8a2.7 2.7 0 105.4 0 2.7 2.7 0 10-5.4 0M7.2 9L13 3.2M10.6 5.6l2 2',
  'no-token': 'M5.6 6a2.5 2.5 0 114 2c-1 .7-1.5 1.200-1.500 2M8.100 12.900v.1',
  open: 'M8 2.2a5.8 5.8 0 110 11.6A5.8 5.8 0 018 2.2M2.2 8h11.6M8 2.2c3.6 3.4 3.6 8.2 0 11.6-3.6-3.4-3.6-8.2 0-11.6'
};

/** A small picture beside a word; it never stands alone. */
export function Glyph({ of }: { of: keyof typeof PATHS }): React.ReactElement {
  return (
    <svg
      className="jp-recrate-Publish-Glyph"
      viewBox="0 0 16 16"
      width="14"
      height="14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[of]} />
    </svg>
  );
}
