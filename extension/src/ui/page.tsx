import React, { useCallback, useEffect, useRef, useState } from 'react';

import { classes } from './classes';

export interface ISandboxedPageProps {
  /** A whole HTML page of the server, made from what strangers wrote. */
  html: string;
  title: string;
  /**
   * `still`: no script runs, and the frame grows with its page.
   * `acting`: the page's own scripts run, in an origin of its own that reaches nothing of Lab.
   */
  mode: 'still' | 'acting';
  className?: string;
  /** Pixels of a still page until it has been measured, and at most. */
  minHeight?: number;
  maxHeight?: number;
}

const NOTHING_LOADS =
  "default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline'; " +
  "base-uri 'none'; form-action 'none'";

/**
 * The only way in which HTML from notebooks reaches the screen.
 *
 * Never both permissions at once: `allow-same-origin` with `allow-scripts` would be no wall.
 * Source: https://html.spec.whatwg.org/multipage/iframe-embed-object.html#attr-iframe-sandbox
 */
export function SandboxedPage(props: ISandboxedPageProps): React.ReactElement {
  const { html, mode, minHeight = 40, maxHeight = 20000 } = props;
  const frame = useRef<HTMLIFrameElement>(null);
  const height = useHeightOf(frame, mode === 'still', minHeight, maxHeight);
  return (
    <iframe
      ref={frame}
      className={classes('jp-recrate-Page', `jp-mod-${mode}`, props.className)}
      title={props.title}
      sandbox={mode === 'still' ? 'allow-same-origin' : 'allow-scripts'}
      referrerPolicy="no-referrer"
      srcDoc={mode === 'still' ? walled(html) : homed(html)}
      style={mode === 'still' ? { height } : undefined}
    />
  );
}

/** Put a policy before everything else: also a page that forgot its own loads nothing. */
function walled(html: string): string {
  return begun(html, `<meta http-equiv="Content-Security-Policy" content="${NOTHING_LOADS}">`);
}

/** Make the page its own base: else links to its own places would lead into the page around it. */
function homed(html: string): string {
  return begun(html, '<base href="about:srcdoc">');
}

/** Return a page with something before everything else in its head. */
function begun(html: string, first: string): string {
  const head = /<head[^>]*>/i.exec(html);
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html);
  const at = head ? head.index + head[0].length : (doctype?.[0].length ?? 0);
  return html.slice(0, at) + first + html.slice(at);
}

/** Return the height of the page in a frame without scripts; it is measured from outside. */
function useHeightOf(
  frame: React.RefObject<HTMLIFrameElement>,
  wanted: boolean,
  minHeight: number,
  maxHeight: number
): number {
  const [height, setHeight] = useState(minHeight);
  const watching = useRef<ResizeObserver | null>(null);
  const measure = useCallback(() => {
    const page = frame.current?.contentDocument?.documentElement;
    const body = frame.current?.contentDocument?.body;
    if (page && body) {
      // The frame's own height is in the page's scrollHeight: ask what the content takes.
      const content = Math.ceil(page.getBoundingClientRect().height);
      const wide = page.scrollWidth > page.clientWidth ? 16 : 0;
      setHeight(Math.min(maxHeight, Math.max(minHeight, content + wide)));
    }
  }, [frame, minHeight, maxHeight]);
  useEffect(() => {
    const box = frame.current;
    if (!wanted || !box) {
      return;
    }
    const loaded = (): void => {
      measure();
      watching.current?.disconnect();
      const page = box.contentDocument?.documentElement;
      if (page && typeof ResizeObserver !== 'undefined') {
        watching.current = new ResizeObserver(measure);
        watching.current.observe(page);
      }
      page?.addEventListener('click', leadOutside);
    };
    box.addEventListener('load', loaded);
    return () => {
      box.removeEventListener('load', loaded);
      watching.current?.disconnect();
    };
  }, [frame, wanted, measure]);
  return height;
}

/** A link in a page without scripts opens beside Lab, never inside the frame; other schemes do nothing. */
function leadOutside(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a[href], area[href]');
  const href = link?.getAttribute('href') ?? '';
  if (!link) {
    return;
  }
  event.preventDefault();
  if (href.startsWith('#')) {
    link.ownerDocument.getElementById(decodeURIComponent(href.slice(1)))?.scrollIntoView();
  } else if (/^https?:\/\//i.test(href)) {
    window.open(href, '_blank', 'noopener,noreferrer');
  }
}
