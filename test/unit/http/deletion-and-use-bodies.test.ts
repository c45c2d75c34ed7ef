/** What the API shows of a deletion and of the use of a token, field by field. */
import { describe, expect, it } from "vitest";
import { deletionBody } from "#shared/http/deletion-body.ts";
import { accessTokenBody, auditEntryBody } from "#shared/http/use-bodies.ts";
import { secret } from "#shared/secret.ts";
import {
  aConnection,
  aDeletion,
  afterNoon,
  anAuditEntry,
  aTokenRecord,
  minute,
  newConnectionId,
  noon,
} from "../../support/builders.ts";

const at = noon.toISOString();
const later = afterNoon(minute);

describe("a deletion", () => {
  const deletion = aDeletion({ sessionsErased: 3 });
  const going = {
    deletion_id: deletion.deletionId,
    customer_id: deletion.customerId,
    ...{ status: "deleting", requested_at: at, completed_at: null, sessions_erased: 3 },
    ...{ connections_disconnected: null, tokens_destroyed: null, connections: [], not_done: [], still_held: [] },
  };

  it("is shown while it goes on", () => {
    expect(deletionBody(deletion, [])).toEqual(going);
  });

  it("is a receipt when it is done: what ended, what could not be, and what is held until when", () => {
    const connectionId = newConnectionId();
    const line = { connectionId, providerId: "gusto", disconnectedAt: later, tokensDestroyed: 2 };
    const done = { ...deletion, completedAt: noon, tokensLost: 4, ended: { connections: 1, tokens: 2 } };
    const inDays = (days: number) => new Date(Date.UTC(2031, 4, 6 + days, 12)).toISOString();
    expect(deletionBody(done, [line])).toEqual({
      ...going,
      ...{ status: "completed", completed_at: at, connections_disconnected: 1, tokens_destroyed: 2 },
      connections: [
        {
          connection_id: connectionId,
          provider_id: "gusto",
          disconnected_at: later.toISOString(),
          tokens_destroyed: 2,
        },
      ],
      not_done: [{ reason: "token_lost", count: 4 }],
      still_held: [
        { where: "point_in_time_recovery", until: inDays(35) },
        { where: "secrets_recovery", until: inDays(32) },
        { where: "event_archive", until: inDays(90) },
        { where: "logs", until: inDays(90) },
        { where: "page_sessions", until: inDays(3) },
        { where: "dead_letters", until: inDays(14) },
        { where: "audit", until: inDays(400) },
        { where: "tombstones", until: null },
        { where: "receipt", until: inDays(365) },
      ],
    });
  });
});

describe("the use of a token", () => {
  it("shows the token to whom it is handed out", () => {
    const [connection, record] = [aConnection(), aTokenRecord()];
    const opened = { accessToken: secret("the-token"), record, connection };
    expect(accessTokenBody(opened as Parameters<typeof accessTokenBody>[0])).toEqual({
      ...{ access_token: "the-token", token_type: "bearer", token_id: record.tokenId },
      ...{ connection_id: connection.connectionId, provider_id: "gusto" },
      ...{ products: ["company", "directory"], entity_ids: ["entity-1"] },
    });
  });

  it("is shown in the audit", () => {
    const entry = anAuditEntry();
    const body = {
      ...{
        audit_id: entry.auditId,
        connection_id: entry.connectionId,
        session_id: null,
        action: "token_handed_out",
        at,
      },
      ...{ caller: "backend", reason: "nightly report", products: ["directory"], entity_id: null },
      ...{ token_id: entry.tokenId, request: null, request_id: "JKJaXmPLvHcESHA=" },
    };
    expect(auditEntryBody(entry)).toEqual(body);
    const request = { method: "GET", path: "/employer/company" } as unknown as NonNullable<typeof entry.request>;
    expect(auditEntryBody({ ...entry, request })).toEqual({ ...body, request });
  });
});
