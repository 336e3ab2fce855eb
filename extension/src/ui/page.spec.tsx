import React from 'react';

import { SandboxedPage } from './page';
import { Screen } from './testing/screen';

const HOSTILE = '<!doctype html><html><head><script>parent.x=1</script></head><body></body></html>';

describe('SandboxedPage', () => {
  let screen: Screen;

  beforeEach(() => {
    screen = new Screen();
  });

  afterEach(() => screen.close());

  function frame(html: string, mode: 'still' | 'acting'): HTMLIFrameElement {
    screen.show(<SandboxedPage html={html} mode={mode} title="Output" />);
    return screen.find<HTMLIFrameElement>('iframe');
  }

  it('never gives scripts and our own origin at once', () => {
    expect(frame(HOSTILE, 'still').getAttribute('sandbox')).toBe('allow-same-origin');
    expect(frame(HOSTILE, 'acting').getAttribute('sandbox')).toBe('allow-scripts');
  });

  it('a still page gets a policy before anything of its own, whatever it looks like', () => {
    for (const html of [HOSTILE, '<p>no head</p>', '', '<HEAD class="a">x', '<!DOCTYPE html>y']) {
      const written = frame(html, 'still').srcdoc;
      const policy = written.indexOf("default-src 'none'");
      expect(policy).toBeGreaterThan(0);
      const script = written.indexOf('<script');
      expect(script === -1 || policy < script).toBe(true);
    }
  });

  it('an acting page is its own base, so that its inner links stay inside', () => {
    const written = frame(HOSTILE, 'acting').srcdoc;
    expect(written.indexOf('<base href="about:srcdoc">')).toBe(written.indexOf('<head>') + 6);
  });

  it('says what it holds', () => {
    expect(frame('', 'still').title).toBe('Output');
  });
});
