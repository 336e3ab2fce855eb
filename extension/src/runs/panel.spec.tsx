import { nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import { Api, Jobs } from '../api';
import { aJob, ServerDouble } from '../api/testing/server';
import { Memory } from '../state';
import type { IRecrate } from '../tokens';
import { Room } from '../ui';
import { Screen } from '../ui/testing/screen';
import { Runs } from './panel';

describe('Runs', () => {
  let server: ServerDouble;
  let screen: Screen;
  let jobs: Jobs;
  let opened: string[];

  beforeAll(() => {
    // jsdom lays nothing out.
    Object.defineProperty(HTMLElement.prototype, 'clientHeight', {
      configurable: true,
      get: () => 400
    });
  });

  beforeEach(async () => {
    server = new ServerDouble();
    server.job = aJob({
      status: 'done',
      title: '潮汐 <img src=x onerror=alert(1)>',
      summary: { verdict: 'different' }
    });
    server.answers.set('GET jobs', ({ query }) => {
      const found = server.job.title.includes(query.get('query') ?? '') ? [server.job] : [];
      return { body: { jobs: found, next: null, total: found.length } };
    });
    server.answers.set(`DELETE jobs/${server.job.id}`, () => ({ status: 204, text: '' }));
    const api = new Api(server.settings);
    jobs = new Jobs(api);
    opened = [];
    const recrate: IRecrate = {
      api,
      jobs,
      memory: new Memory(null),
      openStudy: async () => undefined,
      openCrate: async () => undefined,
      openRun: async id => void opened.push(id),
      openReview: async () => undefined,
      publishVerdict: async () => undefined
    };
    screen = new Screen();
    screen.show(
      <Room recrate={recrate} trans={nullTranslator.load('recrate')}>
        <Runs />
      </Room>
    );
    await screen.wait(20);
  });

  afterEach(() => {
    screen.close();
    jobs.dispose();
  });

  it('shows a verdict with its word, and what strangers wrote as text', () => {
    const row = screen.find('[data-row="0"]');
    expect(row.textContent).toContain('Different');
    expect(row.textContent).toContain('<img src=x');
    expect(row.querySelector('img')).toBeNull();
  });

  it('deletes only after asking in the row, and not when the person keeps it', async () => {
    screen.click('button[title="Delete…"]');
    expect(screen.focused?.textContent).toBe('Keep');
    screen.press('Escape');
    expect(server.asked('DELETE', /./)).toHaveLength(0);
    screen.click('button[title="Delete…"]');
    screen.click('.jp-mod-danger');
    await screen.wait(20);
    expect(server.asked('DELETE', /./)).toHaveLength(1);
    expect(screen.box.textContent).toContain('No runs yet');
  });

  it('searches on the server, and says how to get back when nothing fits', async () => {
    screen.type('input[type=search]', 'glacier');
    await screen.wait(250);
    expect(screen.box.textContent).toContain('No run fits');
    screen.click('.jp-recrate-Empty button');
    await screen.wait(30);
    expect(screen.find('[data-row="0"]').textContent).toContain('潮汐');
  });

  it('opens the details below, and the report from there', async () => {
    screen.click('.jp-recrate-RunRow-title');
    const details = screen.find('.jp-recrate-RunDetails');
    expect(details.textContent).toContain('at least one output is not what was recorded');
    screen.click('.jp-recrate-RunDetails .jp-mod-primary');
    expect(opened).toEqual([server.job.id]);
  });

  it('a server that is gone is said with a hint and a way to try again', async () => {
    server.gone = true;
    screen.click('button[aria-label=Refresh]');
    await screen.wait(20);
    expect(screen.find('[role=alert]').textContent).toContain('does not answer');
    server.gone = false;
    screen.click('[role=alert] button');
    await screen.wait(20);
    expect(screen.all('[role=alert]')).toHaveLength(0);
  });
});
