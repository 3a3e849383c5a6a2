import type { Status } from "../live/status.ts";
import classes from "./status-glyph.module.css";

type Props = { readonly status: Status; readonly headingDegrees?: number | null; readonly size?: number };

const radius: Readonly<Record<Status, number>> = { live: 0, seen: 5.5, still: 6, stale: 7, dark: 9 };

/** The marker of the map, small: shape and colour say the same. The words stand beside it. */
export function StatusGlyph({ status, headingDegrees = null, size = 16 }: Props) {
  const turn = status === "live" || status === "stale" ? headingDegrees : null;
  const isChevron = status === "live" || (status === "stale" && turn !== null);
  return (
    <svg className={classes[status]} viewBox="-12 -12 24 24" width={size} height={size} aria-hidden>
      {isChevron ? (
        <path d="M0-10 8 8.5 0 4.5-8 8.5z" transform={`rotate(${turn ?? 0})`} />
      ) : (
        <circle r={radius[status]} />
      )}
      {status === "dark" && <path d="M-3.2-3.2 3.2 3.2M3.2-3.2-3.2 3.2" />}
    </svg>
  );
}
