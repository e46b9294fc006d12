import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** The distance from the window within which rows are in the document, in pixels. */
const MARGIN = 1_500;

/**
 * A group of rows. They are in the document only while the group is near the window or has the focus; otherwise an empty box
 * of their height keeps their place, so that of 10,000 rows some hundreds are in the document.
 */
export function Chunk({ children }: { readonly children: () => ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  /** The height in pixels of the rows that are left out; undefined while they are shown. */
  const [height, setHeight] = useState<number>();
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1);
        if (entry === undefined) return;
        const isKept = entry.isIntersecting || current.contains(document.activeElement);
        setHeight(isKept ? undefined : entry.boundingClientRect.height);
      },
      { rootMargin: `${String(MARGIN)}px 0px` },
    );
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div
      ref={box}
      role="presentation"
      style={height === undefined ? undefined : { height: `${String(height)}px` }}
    >
      {height === undefined ? children() : null}
    </div>
  );
}
