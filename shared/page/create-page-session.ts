import { createCapability } from "../connection/capability.ts";
import { isAllowedReturn } from "../connection/create-connect-session.ts";
import type { CustomerId, PageSessionId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { CustomerStore } from "../connection/store-ports.ts";
import { ok, type Result, refuse } from "../result.ts";
import type { PageSession } from "./page-session.ts";
import type { PageSessionStore } from "./ports.ts";

export interface CreatePageSessionDependencies extends Pick<Surroundings, "now" | "newId" | "randomBytes"> {
  readonly customers: Pick<CustomerStore, "find">;
  readonly pages: Pick<PageSessionStore, "create">;
  readonly returnOrigins: readonly string[];
  /** The languages that the page has on this stage. */
  readonly languages: readonly string[];
}

/** What the backend asks for. */
export interface PageSessionRequest {
  readonly customerId: CustomerId;
  readonly returnUrl: string | null;
  readonly language: string | null;
  readonly linkMinutes: number;
}

export type CreatePageSessionRefusal =
  | { readonly reason: "customer_unknown" }
  | { readonly reason: "customer_deleting" }
  | { readonly reason: "return_url_not_allowed"; readonly origins: readonly string[] }
  | { readonly reason: "language_unknown"; readonly languages: readonly string[] };

/** Creates the use case: a link that opens the connections page of one customer. Its secret is told only here. */
export const createPageSession =
  ({ customers, pages, returnOrigins, languages, ...deps }: CreatePageSessionDependencies) =>
  async ({
    customerId,
    returnUrl,
    language,
    linkMinutes,
  }: PageSessionRequest): Promise<
    Result<{ readonly session: PageSession; readonly linkSecret: string }, CreatePageSessionRefusal>
  > => {
    if (!isAllowedReturn(returnUrl, returnOrigins)) {
      return refuse({ reason: "return_url_not_allowed", origins: returnOrigins });
    }
    if (language !== null && !languages.includes(language)) return refuse({ reason: "language_unknown", languages });
    const customer = await customers.find(customerId);
    if (customer === undefined) return refuse({ reason: "customer_unknown" });
    // A courtesy: whoever comes in later is held against the customer's record as it is then.
    if (customer.deletion !== null) return refuse({ reason: "customer_deleting" });
    const now = deps.now();
    const link = createCapability(deps.newId() as PageSessionId, deps.randomBytes(32));
    const session: PageSession = {
      pageSessionId: link.sessionId,
      customerId,
      incarnation: customer.incarnation,
      linkHash: link.hash,
      linkExpiresAt: new Date(now.getTime() + linkMinutes * 60_000),
      returnUrl,
      language,
      createdAt: now,
      visit: null,
    };
    await pages.create(session);
    return ok({ session, linkSecret: link.text });
  };
