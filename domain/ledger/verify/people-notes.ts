const MOST_NAMES = 16;

/** What an auditor should know of the signatures of people: what kind of authenticator gave them, and which of them prove nothing about a person. */
export class PeopleNotes {
  readonly #authenticators = new Map<string, number>();
  readonly #demos = new Map<string, number>();

  proof({ method, authenticator, subject }: Readonly<Record<string, unknown>>): void {
    if (method !== 'webauthn') return;
    count(this.#authenticators, String(authenticator));
    if (authenticator === 'demo') count(this.#demos, String(subject));
  }

  all(): string[] {
    return [
      ...(this.#authenticators.size > 0
        ? [`signatures by kind of authenticator: ${listed(this.#authenticators)}`]
        : []),
      ...(this.#demos.size > 0
        ? [`signed by demo authenticators: ${listed(this.#demos)}. These prove nothing about a person`]
        : []),
    ];
  }
}

function count(counts: Map<string, number>, name: string): void {
  if (counts.size < MOST_NAMES || counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
}

const listed = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, times]) => `${name.slice(0, 80)} (${times})`).join(', ');
