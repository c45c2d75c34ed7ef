import { count, fieldsOf, text } from "../api/json.ts";

/** What the page asks of its browser; a test gives another. */
export interface PageBrowser {
  readonly now: () => number;
  readonly isOnline: () => boolean;
  readonly isVisible: () => boolean;
  /** Calls back after so many milliseconds. */
  readonly later: (act: () => void, milliseconds: number) => void;
  /** Leaves the page. */
  readonly go: (url: string) => void;
  /** What this browser kept when it last went to Finch; read once. */
  readonly recall: () => Departure | null;
  readonly keep: (departure: Departure) => void;
}

/** Why the customer last went to Finch. Nothing in it is secret, and another customer's page can do nothing with it. */
export interface Departure {
  readonly sessionId: string;
  /** The connection that was to be signed in again. */
  readonly connectionId: string | null;
  readonly leftAt: number;
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
      const kept = fieldsOf(JSON.parse(localStorage.getItem(key) ?? "null"));
      localStorage.removeItem(key);
      const sessionId = text(kept["sessionId"]);
      if (sessionId === null) return null;
      return { sessionId, connectionId: text(kept["connectionId"]), leftAt: count(kept["leftAt"]) ?? 0 };
    } catch {
      return null;
    }
  },
  keep: (departure) => {
    try {
      localStorage.setItem(key, JSON.stringify(departure));
    } catch {
      // A browser that keeps nothing shows a plainer sentence after the return, and none on another day.
    }
  },
};
