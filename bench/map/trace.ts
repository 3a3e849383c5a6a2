/** One line of a Chromium trace, as far as it is read here. Times in microseconds. */
export type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Of the processor, where the system says: what others took from it meanwhile is not in it. */
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args?: { readonly name?: string };
};

export type MainThread = {
  /** Milliseconds of work that went into each frame. */
  readonly workPerFrameMs: readonly number[];
  readonly longestTaskMs: number;
};

/** What the page's main thread did: all tasks between one frame and the next, whatever they were for. */
export function readMainThread(events: readonly TraceEvent[]): MainThread {
  const frame = (event: TraceEvent) => event.name === "BeginMainThreadFrame" || event.name === "FireAnimationFrame";
  // Several processes have a renderer's main thread: the page is the one that draws frames.
  const counts = new Map<string, number>();
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  for (const event of events) if (frame(event)) counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
  const [thread] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [""];
  const own = events.filter((event) => threadOf(event) === thread);
  const frames = own
    .filter(({ name }) => name === "FireAnimationFrame")
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b)
    // Callbacks of one frame follow on each other at once.
    .filter((ts, index, all) => index === 0 || ts - (all[index - 1] ?? 0) > 2_000);
  const tasks = own.filter(({ name, ph, dur }) => name === "RunTask" && ph === "X" && dur !== undefined);
  const works = frames.map(() => 0);
  let longest = 0;
  for (const { ts, dur = 0, tdur } of tasks) {
    const work = tdur ?? dur;
    longest = Math.max(longest, work);
    // A frame's own task begins before its callbacks do: it counts for the frame that its middle lies in.
    const index = frames.findLastIndex((at) => at <= ts + dur);
    if (index >= 0) works[index] = (works[index] ?? 0) + work;
  }
  return { workPerFrameMs: works.slice(1, -1).map((work) => work / 1_000), longestTaskMs: longest / 1_000 };
}
