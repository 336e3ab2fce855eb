import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * Give the focus to what a selector finds inside a box, once it is drawn: a row that was added, or
 * the button that is left when one was removed.
 */
export function useGoTo<Box extends HTMLElement = HTMLDivElement>(): {
  box: RefObject<Box>;
  goTo: (selector: string) => void;
} {
  const box = useRef<Box>(null);
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    const control = wanted.current && box.current?.querySelector<HTMLElement>(wanted.current);
    if (control) {
      wanted.current = null;
      control.focus();
    }
  });
  return { box, goTo: selector => (wanted.current = selector) };
}
