/** An engine instance that may ask for tokens with the scope `engine/lease`; its client id is its instance id. */
export type EngineClient = {
  readonly clientId: string;
  readonly clientSecret: string;
};
