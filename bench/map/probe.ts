/** What the page notes while it is looked at; times in milliseconds of its own clock. */
export type Notes = {
  readonly frames: readonly number[];
  readonly paints: readonly number[];
  /** From the arrival of an update to the next picture of the vans. */
  readonly waits: readonly number[];
  readonly updates: number;
  /** When the first picture with vans on it was drawn. */
  readonly firstPictureAt: number | null;
};

/**
 * Runs in the page before the dashboard does, which knows nothing of it: notes each frame, each message of the hub, and each time that
 * the canvas of the vans is emptied to be drawn anew.
 */
export const probe = `(() => {
  const notes = { frames: [], paints: [], waits: [], updates: 0, firstPictureAt: null };
  window.benchNotes = notes;
  window.benchStart = () => { notes.frames.length = notes.paints.length = notes.waits.length = 0; notes.updates = 0; pending = []; };
  let pending = [];
  const isVans = (context) => context.canvas instanceof HTMLCanvasElement && context.canvas.parentElement?.matches(".maplibregl-canvas-container");
  const { clearRect, drawImage, arc } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (isVans(this)) {
      const now = performance.now();
      notes.paints.push(now);
      for (const at of pending) notes.waits.push(now - at);
      pending = [];
    }
    return clearRect.apply(this, box);
  };
  const noteFirst = (draw) => function (...given) {
    if (notes.firstPictureAt === null && isVans(this)) notes.firstPictureAt = performance.now();
    return draw.apply(this, given);
  };
  CanvasRenderingContext2D.prototype.drawImage = noteFirst(drawImage);
  CanvasRenderingContext2D.prototype.arc = noteFirst(arc);
  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        const count = typeof data === "string" ? data.split('"DeviceUpdated"').length - 1 : 0;
        if (count === 0) return;
        notes.updates += count;
        pending.push(performance.now());
      });
    }
  };
  const tick = (at) => { notes.frames.push(at); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
})()`;
