/** Thrown inside a line of control that was called off; it must write nothing more. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Tells a line of control, and all inside it, to stop. Synchronous, so that nothing is written after the cancel. */
export interface Cancellation {
  readonly cancelled: boolean;
  cancel(): void;
  /** Runs `action` on cancel (at once if it has happened). Returns how to unsubscribe. */
  onCancel(action: () => void): () => void;
}

/** A cancellation that also follows `parent`. */
export function createCancellation(parent?: Cancellation): Cancellation {
  const actions = new Set<() => void>();
  let cancelled = false;
  const cancel = () => {
    if (cancelled) return;
    cancelled = true;
    forget?.();
    for (const action of actions) action();
    actions.clear();
  };
  const onCancel = (action: () => void) => {
    if (cancelled) action();
    else actions.add(action);
    return () => actions.delete(action);
  };
  const forget = parent?.onCancel(cancel);
  return {
    get cancelled() {
      return cancelled;
    },
    cancel,
    onCancel,
  };
}
