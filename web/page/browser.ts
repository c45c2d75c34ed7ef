/** What the page asks of its browser; a test gives another. */
export interface PageBrowser {
  readonly now: () => number;
  readonly isOnline: () => boolean;
  readonly isVisible: () => boolean;
  /** Calls back after so many milliseconds. */
  readonly later: (act: () => void, milliseconds: number) => void;
  /** Leaves the page. */
  readonly go: (url: string) => void;
  /** What was kept in this tab while its window was at Finch; read once. */
  readonly recall: () => Departure | null;
  readonly keep: (departure: Departure) => void;
}

/** Why the window left for Finch. Nothing in it is secret. */
export interface Departure {
  readonly sessionId: string;
  /** The connection that was to be signed in again. */
  readonly connectionId: string | null;
}

const key = "perch-page";

/** The browser that the script runs in. */
export const thisBrowser: PageBrowser = {
  now: () => Date.now(),
  isOnline: () => navigator.onLine,
  isVisible: () => document.visibilityState === "visible",
  later: (act, milliseconds) => {
    setTimeout(act, milliseconds);
  },
  go: (url) => location.assign(url),
  recall: () => {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
      sessionStorage.removeItem(key);
      if (typeof kept !== "object" || kept === null || !("sessionId" in kept)) return null;
      const connectionId = "connectionId" in kept && typeof kept.connectionId === "string" ? kept.connectionId : null;
      return { sessionId: String(kept.sessionId), connectionId };
    } catch {
      return null;
    }
  },
  keep: (departure) => {
    try {
      sessionStorage.setItem(key, JSON.stringify(departure));
    } catch {
      // A browser that keeps nothing shows a plainer sentence after the return.
    }
  },
};
