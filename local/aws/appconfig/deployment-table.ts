import type { DatabaseSync } from 'node:sqlite';
import { type Deployment, deploymentOf } from './deployment.ts';

export function deploymentTable(sqlite: DatabaseSync) {
  const insert = sqlite.prepare(
    `INSERT INTO deployments (application, environment, number, profile, version, strategy, description, started)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const all = sqlite.prepare(
    'SELECT * FROM deployments WHERE application = ? AND environment = ? ORDER BY number DESC',
  );
  const one = sqlite.prepare('SELECT * FROM deployments WHERE application = ? AND environment = ? AND number = ?');
  const stop = sqlite.prepare(
    'UPDATE deployments SET stopped = ?, outcome = ? WHERE application = ? AND environment = ? AND number = ?',
  );

  return {
    add({ application, environment, number, profile, version, strategy, description, started }: Deployment) {
      const text = JSON.stringify(strategy);
      insert.run(application, environment, number, profile, version, text, description ?? null, started);
    },
    stop({ application, environment, number }: Deployment, { at, outcome }: NonNullable<Deployment['stop']>) {
      stop.run(at, outcome, application, environment, number);
    },
    /** Newest first. */
    all: (application: string, environment: string): Deployment[] =>
      all.all(application, environment).map(deploymentOf),
    one(application: string, environment: string, number: number): Deployment | undefined {
      const row = one.get(application, environment, number);
      return row && deploymentOf(row);
    },
  };
}
