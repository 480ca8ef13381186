type Undo = () => void | Promise<void>;

/** Remembers how to undo what was started, and does so in the opposite order, once. One failure does not keep the others from running. */
export function undoList() {
  const undos: { readonly what: string; readonly undo: Undo }[] = [];
  return {
    add(what: string, undo: Undo): void {
      undos.push({ what, undo });
    },
    async run(onFault: (what: string) => void): Promise<void> {
      for (let last = undos.pop(); last; last = undos.pop()) {
        try {
          await last.undo();
        } catch (fault) {
          onFault(`${last.what} did not stop cleanly: ${String(fault)}`);
        }
      }
    },
  };
}

export type UndoList = ReturnType<typeof undoList>;
