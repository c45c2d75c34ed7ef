import { describe, expect, it } from "vitest";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { ClaimRefusal } from "#shared/connection/store-ports.ts";
import type { Result } from "#shared/result.ts";
import { importProblem } from "../../../functions/create-connection/import-problem.ts";
import { accessToken, type Setting, said, setting } from "./create-connection-setting.ts";
import { codeOf, connectionId } from "./support.ts";

const imported = (parts: Setting = {}) => setting(parts).post({ access_token: accessToken });

describe("an imported token", () => {
  it("makes a connection, and is repeated nowhere", async () => {
    const { post, claims, lines } = setting({ connection: null });
    const reply = await post({ access_token: accessToken });
    expect([reply.status, reply.body["connection_id"], reply.body["products"]]).toEqual([
      201,
      connectionId,
      ["company"],
    ]);
    expect(claims).toHaveLength(1);
    expect(JSON.stringify([reply, lines])).not.toContain(accessToken);
  });

  it("gives 200 for one that is there", async () => {
    const claim = (): Result<void, ClaimRefusal> => ({
      ok: false,
      refusal: { reason: "token_stored" } as ClaimRefusal,
    });
    expect((await imported({ claim })).status).toBe(200);
  });

  it("is refused for an unknown customer", async () => {
    expect(codeOf(await imported({ isKnown: false }))).toBe("not_found");
  });

  it.each([
    ["Finch does not know it", { kind: "invalid_token" }],
    ["its connection is signed out", { kind: "reauthenticate_user" }],
    ["it is another application's", { kind: "introspected", introspection: { ...said, clientId: "theirs" } }],
  ] satisfies readonly (readonly [string, IntrospectAnswer])[])("is refused when %s", async (_, answer) => {
    const reply = await imported({ answer });
    expect([reply.status, reply.body.errors?.map(({ field }) => field)]).toEqual([400, ["body.access_token"]]);
    expect(reply.text).not.toContain(accessToken);
  });

  it("is refused over 4096 bytes, naming the field", async () => {
    const reply = await setting().post({ access_token: "x".repeat(4097) });
    expect(reply.body.errors).toEqual([{ field: "body.access_token", message: "must have at most 4096 bytes" }]);
    const { post } = setting({ connection: null });
    expect((await post({ access_token: "x".repeat(4096) })).status).toBe(201);
  });

  it("is refused when another customer owns its connection", async () => {
    const claim = (): Result<void, ClaimRefusal> => ({
      ok: false,
      refusal: { reason: "owned_elsewhere", owner: "somebody-else" as CustomerId },
    });
    const reply = await imported({ claim, connection: null });
    expect([reply.status, codeOf(reply)]).toEqual([409, "connection_conflict"]);
    expect(reply.text).not.toContain("somebody-else");
  });

  it("may be sent again when Finch cannot be asked", async () => {
    const reply = await imported({ answer: { kind: "undecided", reason: "server_error" } });
    expect([reply.status, codeOf(reply), reply.headers["retry-after"]]).toEqual([503, "finch_unavailable", "30"]);
    expect((await imported({ answer: { kind: "platform_trouble", reason: "unpaid" } })).status).toBe(502);
  });

  it("is not taken while its connection is held", () => {
    expect(importProblem({ reason: "acceptance_required" }).statusCode).toBe(409);
    expect(importProblem({ reason: "connection_limit" }).statusCode).toBe(409);
  });
});
