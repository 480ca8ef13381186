import type { Journal } from './journal.ts';

/** A stored state machine. Changing it leaves running executions on the definition they started with. */
export interface MachineRow {
  readonly name: string;
  readonly definition: string;
  readonly kind: 'STANDARD' | 'EXPRESS';
  readonly role: string;
  /** ms since the epoch */
  readonly created: number;
}

export function findMachine(journal: Journal, name: string): MachineRow | undefined {
  return journal.one<MachineRow>('SELECT * FROM machine WHERE name = ?', name);
}

/** Page of machines in the order of their names, after `from`. */
export function listMachines(journal: Journal, from: string, limit: number): MachineRow[] {
  return journal.all<MachineRow>('SELECT * FROM machine WHERE name > ? ORDER BY name LIMIT ?', from, limit);
}

export function saveMachine(journal: Journal, { name, definition, kind, role, created }: MachineRow): void {
  journal.run(
    `INSERT INTO machine (name, definition, kind, role, created) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, role = excluded.role`,
    name,
    definition,
    kind,
    role,
    created,
  );
}

export function deleteMachine(journal: Journal, name: string): void {
  journal.run('DELETE FROM machine WHERE name = ?', name);
}
