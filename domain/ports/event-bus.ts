/** The product's event bus: facts for others to react to. At least once. */
export interface EventBus {
  publish(detailType: string, detail: Record<string, unknown>): Promise<void>;
}
