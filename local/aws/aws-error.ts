/** An expected no of a local AWS service, known to the official clients by its AWS name. `members` are further fields of the error's body. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
    this.status = status;
    this.members = members;
  }
}
