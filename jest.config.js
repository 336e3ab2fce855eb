const jestJupyterLab = require('@jupyterlab/testutils/lib/jest-config');

// Published as ES modules only: jest has to transform them like our own sources.
const esModules = [
  '@codemirror',
  '@jupyter/react-components',
  '@jupyter/web-components',
  '@jupyter/ydoc',
  '@jupyterlab/',
  '@lezer',
  '@microsoft',
  '@rjsf',
  'exenv-es6',
  'lib0',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

const base = jestJupyterLab(__dirname);

module.exports = {
  ...base,
  rootDir: __dirname,
  roots: ['<rootDir>/extension/src'],
  testEnvironment: 'jsdom',
  collectCoverage: false,
  reporters: ['default'],
  testRegex: 'extension/src/.*\\.spec\\.tsx?$',
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '\\.svg$': '@jupyterlab/testing/lib/jest-raw-loader.js'
  },
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
