/** The Ed25519 key that signs changes of strategies and nothing else. It never leaves KMS. */
export interface GovernanceKey {
  /** At most 4,096 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Base64 DER SPKI. */
  publicKey(): Promise<string>;
}
