import { distanceMeters } from "./distance.ts";
import type { Stage, StoredFix } from "./track-fix.ts";

/** 252 km/h: no van goes faster, and no train that carries one. */
const fastestMps = 70;
/** A fix that is known more roughly than this says nothing of a street. */
const roughestMeters = 500;
/** A jump is an outlier when the track comes back within so many fixes, or so long. */
const returnFixes = 5;
const returnMs = 60_000;
/** Clocks tick in whole seconds in many phones. */
const shortestMs = 1_000;

type Judged = StoredFix & { readonly outlier: boolean };

/**
 * Marks fixes that leave the track and come back faster than anything drives. A jump without a return is believed: the
 * fix before may have been the wrong one. At most five fixes wait for what follows them.
 */
export function markOutliers(): Stage<StoredFix, Judged> {
  let good: StoredFix | null = null;
  const queue: StoredFix[] = [];

  function judge(isEnd: boolean): Judged[] {
    const judged: Judged[] = [];
    for (let fix = queue[0]; fix !== undefined; fix = queue[0]) {
      const outlier = isOutlier(fix, queue, good, isEnd);
      if (outlier === null) break;
      queue.shift();
      if (!outlier) good = fix;
      judged.push({ ...fix, outlier });
    }
    return judged;
  }

  return {
    add(fix) {
      queue.push(fix);
      return judge(false);
    },
    end: () => judge(true),
  };
}

/** null: it depends on what follows. */
function isOutlier(
  fix: StoredFix,
  [, ...following]: readonly StoredFix[],
  good: StoredFix | null,
  isEnd: boolean,
): boolean | null {
  if ((fix.accuracyMeters ?? 0) > roughestMeters) return true;
  if (good === null) return isFalseStart(fix, following, isEnd);
  if (!isTooFast(good, fix)) return false;
  for (const later of following) {
    if (later.atMs - fix.atMs > returnMs) return false;
    if ((later.accuracyMeters ?? 0) <= roughestMeters && !isTooFast(good, later)) return isTooFast(fix, later);
  }
  return isEnd || following.length >= returnFixes ? false : null;
}

/** A first fix that agrees with none of the next two, which agree with each other. */
function isFalseStart(fix: StoredFix, [second, third]: readonly StoredFix[], isEnd: boolean): boolean | null {
  if (second === undefined) return isEnd ? false : null;
  if (!isTooFast(fix, second)) return false;
  if (third === undefined) return isEnd ? false : null;
  return isTooFast(fix, third) && !isTooFast(second, third);
}

function isTooFast(a: StoredFix, b: StoredFix): boolean {
  const meters = distanceMeters(a, b) - (a.accuracyMeters ?? 0) - (b.accuracyMeters ?? 0);
  return meters / (Math.max(shortestMs, b.atMs - a.atMs) / 1_000) > fastestMps;
}
