/** The Ed25519 key that signs changes of strategies, and kills that no person asked for, each under a DSSE type of its own. It never leaves KMS. */
export interface GovernanceKey {
  /** At most 4,096 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Base64 DER SPKI. */
  publicKey(): Promise<string>;
}
