import type { CustomerId, PageSessionId } from "../connection/identifiers.ts";

/** How long a page stays open without use, and in all. */
export const pageSessionLimits = { idleMinutes: 30, hours: 8 } as const;

/** The use of a link: the browser that has it, by its cookie's hash, and until when. */
export interface Visit {
  readonly cookieHash: string;
  readonly openedAt: Date;
  /** When it was last used, to a minute. */
  readonly seenAt: Date;
  /** When it ends in any case. */
  readonly endsAt: Date;
}

/** A session of the connections page: a link that is used once, then the browser that used it. It is one customer's. */
export interface PageSession {
  readonly pageSessionId: PageSessionId;
  readonly customerId: CustomerId;
  /** The customer's at the time; see `Customer.incarnation`. */
  readonly incarnation: string;
  readonly linkHash: string;
  readonly linkExpiresAt: Date;
  readonly returnUrl: string | null;
  readonly language: string | null;
  readonly createdAt: Date;
  /** Null until the link is used. */
  readonly visit: Visit | null;
}

/** A page session whose link has been used. */
export type OpenPageSession = PageSession & { readonly visit: Visit };

/** The visit that begins now. */
export const beginVisit = (cookieHash: string, now: Date): Visit => ({
  cookieHash,
  openedAt: now,
  seenAt: now,
  endsAt: new Date(now.getTime() + pageSessionLimits.hours * 3_600_000),
});

/** When a visit ends if the page is not used any more. */
export const idleEnd = ({ seenAt, endsAt }: Visit): Date =>
  new Date(Math.min(seenAt.getTime() + pageSessionLimits.idleMinutes * 60_000, endsAt.getTime()));
