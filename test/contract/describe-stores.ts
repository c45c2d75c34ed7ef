import { afterAll, beforeAll, describe } from "vitest";
import { describeActs } from "./acts.ts";
import { describeAudit } from "./audit.ts";
import { describeBudgets } from "./budgets.ts";
import { describeCheckPauses } from "./check-pauses.ts";
import { describeClaimRaces } from "./claim-races.ts";
import { describeClaims } from "./claims.ts";
import { describeConnectionChanges } from "./connection-changes.ts";
import { describeConnectionLists } from "./connection-lists.ts";
import { describeConnectionReads } from "./connection-reads.ts";
import { describeConnectionRemovals } from "./connection-removals.ts";
import { describeCustomerLists } from "./customer-lists.ts";
import { describeCustomerStore } from "./customer-store.ts";
import { describeDeletingCustomer } from "./deleting-customer.ts";
import { describeDeletionEnds } from "./deletion-ends.ts";
import { describeDeletions } from "./deletions.ts";
import { describeDue } from "./due.ts";
import { describeEmployerMarks } from "./employer-marks.ts";
import { describeExchangeBeginnings } from "./exchange-beginnings.ts";
import { describeKeptEmployers } from "./kept-employers.ts";
import { describeLooksPutOff } from "./looks-put-off.ts";
import { describeManyTokens } from "./many-tokens.ts";
import { describeNewestTokens } from "./newest-tokens.ts";
import type { OpenedStores, OpenStores } from "./opened-stores.ts";
import { describePageSessions } from "./page-sessions.ts";
import { describeRefusedClaims } from "./refused-claims.ts";
import { describeRosters } from "./rosters.ts";
import { describeSessionLedger } from "./session-ledger.ts";
import { describeSessionStore } from "./session-store.ts";
import { describeWebhooks } from "./webhooks.ts";

/**
 * What every implementation of the stores promises. `isQuick` leaves out what takes hundreds of claims, and tells of the use
 * cases above the stores more than of these.
 */
export const describeStores = (name: string, open: OpenStores, { isQuick = false } = {}): void => {
  describe(`stores, ${name}`, () => {
    let opened: OpenedStores | undefined;
    beforeAll(async () => {
      opened = await open();
    }, 120_000);
    afterAll(() => opened?.close());
    const stores = (): OpenedStores => {
      if (opened === undefined) throw new Error("the stores are not open yet");
      return opened;
    };
    describeCustomerStore(stores);
    describeActs(stores);
    describeSessionStore(stores);
    describeExchangeBeginnings(stores);
    describeClaims(stores);
    describeRefusedClaims(stores);
    describeClaimRaces(stores);
    describeConnectionReads(stores);
    describeConnectionLists(stores);
    describeConnectionChanges(stores);
    describeLooksPutOff(stores);
    describeKeptEmployers(stores);
    describeConnectionRemovals(stores);
    if (!isQuick) describeManyTokens(stores);
    describeSessionLedger(stores);
    describePageSessions(stores);
    describeCustomerLists(stores);
    describeDue(stores);
    describeWebhooks(stores);
    describeCheckPauses(stores);
    describeEmployerMarks(stores);
    describeDeletions(stores);
    describeDeletionEnds(stores);
    describeDeletingCustomer(stores);
    describeNewestTokens(stores);
    describeAudit(stores);
    describeBudgets(stores);
    describeRosters(stores);
  });
};
