import type { InstanceCore } from './instance-core.ts';

/** Judges the lease at the very moment at which it ends, so that cancels leave then and not at the next look. */
export function watchExpiry(core: InstanceCore, frozen: () => boolean) {
  let timer: NodeJS.Timeout | undefined;
  const judge = () => {
    if (frozen()) return; // whatever looks first after the thaw finds it
    const { lease } = core.state();
    if (lease) timer = setTimeout(judge, Math.max(1, Math.ceil(lease.sent.elapsed + lease.ttlMs - core.now().elapsed)));
  };
  return {
    /** From now on for the lease that is held now. */
    renewed(): void {
      clearTimeout(timer);
      judge();
    },
    stop: () => clearTimeout(timer),
  };
}
