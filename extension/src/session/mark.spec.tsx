import { nullTranslator } from '@jupyterlab/translation';
import React, { act } from 'react';

import { Api, Jobs, type CellJudged } from '../api';
import { ServerDouble } from '../api/testing/server';
import { Memory } from '../state';
import { Room } from '../ui';
import { Screen } from '../ui/testing/screen';
import { Mark } from './mark';
import { NotebookMarks } from './marks';
import { AskingQueue } from './queue';

const HOSTILE = '<img src=x onerror=alert(1)>';

describe('Mark', () => {
  let server: ServerDouble;
  let screen: Screen;
  let marks: NotebookMarks;
  let judged: CellJudged;
  const queue = new AskingQueue(0);

  beforeEach(async () => {
    const outputs = [
      { index: 0, mime: 'text/plain', verdict: 'different' as const, reason: HOSTILE }
    ];
    judged = {
      known: true,
      index: 0,
      changed: false,
      verdict: 'different',
      recorded_outputs: 1,
      outputs,
      sentence: ''
    };
    server = new ServerDouble();
    const recorded = [{ index: 0, id: 'a', source_sha256: '', outputs: 2 }];
    server.answers.set('GET session/notebook', () => ({
      body: { notebook: 'a.ipynb', known: true, cells: recorded }
    }));
    server.answers.set('POST session/cells', () => ({ body: judged }));
    server.answers.set('POST session/beside', () => ({
      text: '<!doctype html><head></head><body><script>parent.x = 1</script></body>'
    }));
    const api = new Api(server.settings);
    const memory = new Memory(null);
    marks = new NotebookMarks('a.ipynb', api, queue, memory, 'key');
    const cell = { id: 'a', index: 0, source: '1', execution_count: 1, outputs: [] };
    await marks.opened({ ids: () => ['a'], cell: () => cell, around: () => [] });
    const none = async (): Promise<void> => undefined;
    const recrate = {
      api,
      jobs: new Jobs(api),
      memory,
      openStudy: none,
      openCrate: none,
      openRun: none,
      openReview: none,
      publishVerdict: none
    };
    screen = new Screen();
    screen.show(
      <Room recrate={recrate} trans={nullTranslator.load('recrate')}>
        <Mark marks={marks} id="a" ground={{ theme: 'dark', changed: null }} />
      </Room>
    );
  });

  afterEach(() => screen.close());

  async function run(): Promise<void> {
    await act(async () => {
      marks.began('a');
      marks.ended('a');
      await queue.idle;
    });
  }

  it('says before a run that the outputs are the authors’', () => {
    expect(screen.box.textContent).toContain('Not run here yet');
    expect(screen.box.textContent).toContain('2 outputs were recorded by the authors');
  });

  it('shows a reason of a stranger as text, and a word beside the sign', async () => {
    await run();
    expect(screen.box.querySelector('img')).toBeNull();
    expect(screen.find('.jp-recrate-Mark-reason').textContent).toBe(HOSTILE);
    expect(screen.find('.jp-recrate-Mark-word').textContent).toBe('Different');
  });

  it('shows expected beside yours in a frame without scripts, fetched only when it is opened', async () => {
    await run();
    expect(server.asked('POST', /beside/)).toHaveLength(0);
    screen.click('button[aria-expanded]');
    await screen.wait(10);
    expect(screen.find('iframe').getAttribute('sandbox')).toBe('allow-same-origin');
    const [asked] = server.asked('POST', /beside/);
    expect([asked?.query.get('theme'), asked?.query.get('language')]).toEqual(['dark', 'en']);
  });

  it('says why it could not be compared, and tries again', async () => {
    server.gone = true;
    await run();
    expect(screen.box.textContent).toContain('Could not be compared');
    expect(screen.box.textContent).toContain('The Jupyter server does not answer.');
    server.gone = false;
    screen.click('button');
    await act(async () => queue.idle);
    expect(screen.find('.jp-recrate-Mark-word').textContent).toBe('Different');
  });

  it('does not judge a cell that the reviewer changed or added', async () => {
    judged = { ...judged, changed: true, verdict: null };
    await run();
    expect(screen.box.textContent).toContain('Changed by you: not judged');
    judged = { ...judged, known: false, index: null };
    await run();
    expect(screen.box.textContent).toContain('Added by you: not judged');
    expect(screen.box.querySelector('button')).toBeNull();
  });
});
