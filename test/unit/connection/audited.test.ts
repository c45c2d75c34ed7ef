/** Each change that somebody asks for leaves one entry in the audit, of who has made it; what Perch does by itself leaves none. */
import { describe, expect, it } from "vitest";
import type { AuditAction, AuditEntry } from "#shared/connection/audit.ts";
import {
  acceptConnection,
  discardConnection,
  labelConnection,
  requestDisconnect,
} from "#shared/connection/change-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { createConnectSession, createReauthenticateSession } from "#shared/connection/create-connect-session.ts";
import { deleteCustomer } from "#shared/connection/delete-customer.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { keepDuplicate } from "#shared/connection/keep-duplicate.ts";
import { requestEntityDisconnect } from "#shared/connection/request-entity-disconnect.ts";
import { secret } from "#shared/secret.ts";
import { anIntrospection, minute } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const by = { caller: "backend-1", requestId: "request-7" } as const;
type Actor = typeof by | undefined;

const stage = async (changes: Partial<Connection> = {}) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const { connectionId } = await setting.connect(acme, changes);
  setting.advance(minute);
  const deps = {
    ...setting.deps,
    ...{ publicUrl: "https://perch.example", returnOrigins: [] },
    nudgeDisconnects: async () => {},
  };
  setting.finch.willAnswerSession({ kind: "created", connectUrl: "https://connect.example/", finchSessionId: "f" });
  const common = { customerId: acme, mode: "embedded", returnUrl: null, minutesToExpire: 20 } as const;
  return { ...setting, acme, connectionId, deps, common };
};
type Stage = Awaited<ReturnType<typeof stage>>;

/** Each change, by whoever asks for it: what it begins with, what is done, and what of its entry is not the usual. */
const changes: readonly {
  readonly action: AuditAction;
  readonly of?: Partial<Connection>;
  readonly act: (stage: Stage, by: Actor) => Promise<{ readonly ok: boolean }>;
  readonly entry?: (stage: Stage) => Partial<AuditEntry>;
}[] = [
  {
    action: "connection_labelled",
    act: ({ acme, connectionId, deps }, who) => labelConnection(deps)(acme, connectionId, { label: "East" }, who),
  },
  {
    action: "connection_accepted",
    of: { heldReason: "acceptance_required" },
    act: ({ acme, connectionId, deps }, who) => acceptConnection(deps)(acme, connectionId, who),
  },
  {
    action: "connection_discarded",
    of: { heldReason: "acceptance_required" },
    act: ({ acme, connectionId, deps }, who) => discardConnection(deps)(acme, connectionId, who),
  },
  {
    action: "disconnect_requested",
    act: ({ acme, connectionId, deps }, who) => requestDisconnect(deps)(acme, connectionId, who),
  },
  {
    action: "entity_disconnect_requested",
    of: { entities: ["e1", "e2"].map((id) => ({ id, name: null, sourceId: null, status: "connected" })) },
    act: ({ acme, connectionId, deps }, who) => requestEntityDisconnect(deps)(acme, connectionId, "e1", who),
    entry: () => ({ entityId: "e1" }),
  },
  {
    action: "duplicates_kept",
    of: { possibleDuplicates: ["9f1e2d3c-4b5a-4697-8877-665544332211" as Connection["connectionId"]] },
    act: ({ acme, connectionId, deps }, who) => keepDuplicate(deps)(acme, connectionId, who),
  },
  {
    action: "customer_deletion_requested",
    act: ({ acme, deps }, who) => deleteCustomer(deps)(acme, who),
    entry: () => ({ connectionId: null }),
  },
  {
    action: "connect_session_created",
    act: ({ common, deps }, who) =>
      createConnectSession(deps)({
        ...{ ...common, products: ["company"], integration: null, requireAcceptance: false, sandbox: "provider" },
        ...(who && { by: who }),
      }),
    entry: ({ memory }) => ({
      ...{
        connectionId: null,
        products: ["company"],
        sessionId: [...memory.sessions.values()].at(-1)?.sessionId ?? null,
      },
    }),
  },
  {
    action: "reauthenticate_session_created",
    act: ({ common, connectionId, deps }, who) =>
      createReauthenticateSession(deps)({ ...common, connectionId, products: null, ...(who && { by: who }) }),
    entry: ({ memory }) => ({ sessionId: [...memory.sessions.values()].at(-1)?.sessionId ?? null }),
  },
  {
    action: "connection_imported",
    act: ({ acme, connectionId, deps, finch }, who) => {
      finch.willAnswerIntrospect({ kind: "introspected", introspection: anIntrospection({ connectionId }) });
      return importConnection(deps)(acme, secret("not-a-real-token"), who);
    },
    entry: ({ memory }) => {
      const token = [...memory.tokens.values()].at(-1)?.record;
      return { tokenId: token?.tokenId ?? null, products: token?.products ?? [] };
    },
  },
];

describe("a change that somebody asks for", () => {
  it.each(changes)("leaves one entry: $action", async ({ action, of, act, entry }) => {
    const setting = await stage(of);
    expect(await act(setting, by)).toMatchObject({ ok: true });
    expect(setting.memory.audit).toEqual([
      {
        ...{
          auditId: expect.any(String),
          customerId: setting.acme,
          connectionId: setting.connectionId,
          sessionId: null,
        },
        ...{
          action,
          at: setting.now(),
          ...by,
          reason: null,
          products: [],
          entityId: null,
          tokenId: null,
          request: null,
        },
        ...entry?.(setting),
      },
    ]);
  });

  it.each(changes)("that nobody does leaves none: $action", async ({ of, act }) => {
    const setting = await stage(of);
    expect(await act(setting, undefined)).toMatchObject({ ok: true });
    expect(setting.memory.audit).toEqual([]);
  });
});

describe("a disconnect that is asked for on terms", () => {
  const disconnect = async (of: Partial<Connection>, terms: Parameters<ReturnType<typeof requestDisconnect>>[3]) => {
    const { acme, connectionId, deps, connections, memory } = await stage(of);
    const before = await connections.find(acme, connectionId);
    const result = await requestDisconnect(deps)(acme, connectionId, by, terms);
    const isAsBefore = (await connections.find(acme, connectionId))?.version === before?.version;
    return { result, isAsBefore, audited: memory.audit.length, version: before?.version ?? 0 };
  };
  const refused = (reason: string) => ({ result: { ok: false, refusal: { reason } }, isAsBefore: true, audited: 0 });

  it("is not of a held connection where it is to be in use", async () => {
    const held = { heldReason: "acceptance_required" } as const;
    expect(await disconnect(held, { inUse: true })).toMatchObject(refused("connection_held"));
    expect(await disconnect(held, { inUse: false })).toMatchObject({ result: { ok: true }, audited: 1 });
    expect(await disconnect({}, { inUse: true })).toMatchObject({ result: { ok: true }, audited: 1 });
  });

  it("is of the version that somebody has seen, and of no other", async () => {
    const { version } = await disconnect({}, {});
    expect(await disconnect({}, { version })).toMatchObject({ result: { ok: true }, audited: 1 });
    expect(await disconnect({}, { version: version + 1 })).toMatchObject(refused("connection_changed"));
  });
});
