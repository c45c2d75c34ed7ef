/** With what the browser came to the page. */
export interface Arrival {
  /** The secret of a one-time link, from the fragment, which no server and no other page gets to see. */
  readonly secret: string | null;
  /** What Connect's way back says; a hint. */
  readonly back: { readonly sessionId: string; readonly status: string; readonly connectionId: string | null } | null;
}

/** Reads an address of the page. */
export const readArrival = (address: string): Arrival => {
  const { hash, searchParams } = new URL(address);
  const sessionId = searchParams.get("session_id");
  const status = searchParams.get("status");
  return {
    secret: hash.length > 1 ? hash.slice(1) : null,
    back:
      sessionId === null || status === null
        ? null
        : { sessionId, status, connectionId: searchParams.get("connection_id") },
  };
};

/** The same address without what was read, so that it is in no history, bookmark or second reading. */
export const withoutArrival = (address: string): string => {
  const url = new URL(address);
  for (const name of ["session_id", "status", "connection_id"]) url.searchParams.delete(name);
  return url.pathname + url.search;
};
