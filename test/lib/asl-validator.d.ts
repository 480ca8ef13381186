declare module 'asl-validator' {
  type Verdict = { readonly isValid: boolean; readonly errorsText: (separator?: string) => string };
  function aslValidator(definition: unknown, options?: { checkPaths?: boolean; checkArn?: boolean }): Verdict;
  export = aslValidator;
}
