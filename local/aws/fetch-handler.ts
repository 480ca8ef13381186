/** What every local service is: it sees paths without its `/aws/<service>` prefix. Faults are thrown, for the host to log and answer 500. */
export type FetchHandler = (request: Request) => Promise<Response>;
