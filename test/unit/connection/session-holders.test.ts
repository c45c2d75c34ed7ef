/** Whose an embedded session is from its beginning: a page session's, or the backend's that speaks for the customer. */
import { describe, expect, it } from "vitest";
import { holderHash } from "#shared/connection/connect-session.ts";
import { createConnectSession } from "#shared/connection/create-connect-session.ts";
import type { CustomerId, PageSessionId } from "#shared/connection/identifiers.ts";
import { createSetting } from "./setting.ts";

describe("the holder of an embedded session", () => {
  it("is the page session that began it, or else the customer's backend", async () => {
    const openingOf = async (more: { readonly pageSession?: PageSessionId }) => {
      const { createCustomer, deps, finch } = createSetting();
      const customerId = await createCustomer("acme");
      finch.willAnswerSession({ kind: "created", connectUrl: "https://connect.example/", finchSessionId: "f" });
      const made = await createConnectSession({ ...deps, publicUrl: "https://perch.example", returnOrigins: [] })({
        ...{ customerId, mode: "embedded", returnUrl: null, minutesToExpire: 20, products: ["company"] },
        ...{ integration: null, requireAcceptance: false, sandbox: "provider", ...more },
      });
      const [opening = expect.fail()] = made.ok ? made.value.session.openings : [];
      return { holder: opening.holderHash, customerId };
    };
    const pageSession = "a-page-session" as PageSessionId;
    expect((await openingOf({ pageSession })).holder).toBe(holderHash({ pageSession }));
    const byBackend = await openingOf({});
    expect(byBackend.holder).toBe(holderHash({ embeddedFor: byBackend.customerId }));
  });

  it("is told apart by what it is, and by whose", () => {
    const holders = ["one", "other"].flatMap((each) => [
      holderHash({ cookie: each }),
      holderHash({ pageSession: each as PageSessionId }),
      holderHash({ embeddedFor: each as CustomerId }),
    ]);
    expect(new Set(holders).size).toBe(6);
  });
});
