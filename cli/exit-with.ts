/** Ends a command that has said everything already with an exit code of its own. Not an error: it is how a verdict is told to a script. */
export class ExitWith extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit with ${exitCode}`);
    this.name = 'ExitWith';
    this.exitCode = exitCode;
  }
}
