/** The server as TypeScript sees it: asking (`Api`), waiting (`Jobs`, `JobFollower`), failing (`Problem`). */
export * from './client';
export * from './following';
export * from './jobs';
export * from './problem';
export * from './types';
