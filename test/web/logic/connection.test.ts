import { expect, it } from "vitest";
import { decodeConnection, decodeSession, decodeView } from "../../../web/api/decode.ts";
import { countCompanies, countGroups, find, inOrder, sharedCompany, together } from "../../../web/model/arrange.ts";
import { cleanName } from "../../../web/model/clean-name.ts";
import { type Connection, needsCustomer, remedyOf, stateOf } from "../../../web/model/connection.ts";
import { monogram, providerName } from "../../../web/model/provider-name.ts";
import { adp, connection, eachStatus, entity, many, paychex, rippling, twins } from "../support/samples.ts";

const decoded = (...samples: readonly unknown[]): readonly Connection[] => samples.map(decodeConnection);
const statesOf = (...samples: readonly unknown[]) => decoded(...samples).map(stateOf);

it("each status has a state, and one that nobody knows is not called broken", () => {
  expect(statesOf(...eachStatus)).toEqual([
    "connected",
    "processing",
    "pending",
    "reauth",
    "error_permissions",
    "error_no_account_setup",
    "disconnected",
    "removing",
    "held",
    "unknown",
  ]);
  expect(statesOf(connection({ status: "error_reauth" }), connection({ status: "error_no_acount_setup" }))).toEqual([
    "reauth",
    "error_no_account_setup",
  ]);
  expect(statesOf(connection({ status: "toString" }), {})).toEqual(["unknown", "unknown"]);
});

it("a connection is as well as its companies", () => {
  const of = (...statuses: string[]) =>
    statesOf(connection({ entities: statuses.map((status, index) => entity(`C${index}`, null, status)) }))[0];
  expect(of("connected", "connected")).toBe("connected");
  expect(of("connected", "reauth")).toBe("partial");
  expect(of("reauth", "reauth")).toBe("reauth");
  expect(of("reauth", "error_permissions")).toBe("partial");
  expect(of("connected", "disconnecting")).toBe("connected");
  expect(of()).toBe("connected");
});

it("only what the customer can mend asks for it", () => {
  const needy = decoded(...eachStatus, adp(true)).filter(needsCustomer);
  expect(needy.map(stateOf)).toEqual(["reauth", "error_permissions", "error_no_account_setup", "partial"]);
  expect(needy.map((one) => remedyOf(stateOf(one)))).toEqual(["reconnect", "reconnect", "check", "reconnect"]);
});

it("what needs the customer comes first, then what is under way, then by name", () => {
  const ordered = inOrder(decoded(rippling, ...twins, paychex, adp(true)), "en");
  expect(ordered.map((one) => one.providerName)).toEqual([
    "RUN Powered by ADP",
    "Paychex Flex",
    "Gusto",
    "Gusto",
    "Rippling",
  ]);
});

it("connections that may be one employer's are together, also three in a chain, and never one that is leaving", () => {
  const [a, b] = twins;
  const c = connection({ connection_id: "third", possible_duplicates: [b?.connection_id ?? ""] });
  const chain = [a, { ...b, possible_duplicates: [a?.connection_id, "third"] }, c];
  const sizes = (...samples: readonly unknown[]) =>
    together(decoded(...samples)).map((item) => (item.kind === "same" ? item.connections.length : 1));
  expect(sizes(rippling, ...twins)).toEqual([1, 2]);
  expect(sizes(...chain, rippling)).toEqual([3, 1]);
  expect(sizes({ ...a, status: "disconnecting" }, b)).toEqual([1, 1]);
  expect(sizes({ ...a, possible_duplicates: ["not in the list"] })).toEqual([1]);
  expect(sharedCompany(decoded(...twins))).toBe("Northwind Studio LLC");
  expect(sharedCompany(decoded(rippling, a))).toBeNull();
});

it("many connections are counted by group and found by any word", () => {
  const all = decoded(...many(500));
  expect(countGroups(all)).toEqual({ all: 500, attention: 1, progress: 5, good: 494 });
  expect(countCompanies(decoded(...twins))).toBe(1);
  expect(find(all, "all", "bakery 499").map(({ companies }) => companies[0]?.name)).toEqual(["Corner Bakery 499 LLC"]);
  expect(find(all, "attention", "").map(stateOf)).toEqual(["reauth"]);
  expect(find(all, "good", "STORE.7@")).toHaveLength(1);
  expect(find(decoded(connection({ entities: [entity("Café Müller")] })), "all", "cafe muller")).toHaveLength(1);
  expect(find(all, "all", "nowhere")).toEqual([]);
});

it("a name is cleaned of what would turn, hide or flood it", () => {
  expect(cleanName("\u202egnp.exe\u202c \u0000Ltd.\u200b")).toBe("gnp.exe Ltd.");
  expect(cleanName(`Z${"\u0337".repeat(50)}o`)).toBe(`Z${"\u0337".repeat(3)}o`);
  expect(cleanName("🚀".repeat(400))).toBe("🚀".repeat(300));
  expect(cleanName("شركة النجم")).toBe("شركة النجم");
});

it("a provider has a name and a mark of its own", () => {
  expect(["adp_run", "gusto", "paylocity_hcm", "constructor"].map(providerName)).toEqual([
    "RUN Powered by ADP",
    "Gusto",
    "Paylocity HCM",
    "Constructor",
  ]);
  expect(monogram("gusto", "Gusto")).toEqual(monogram("gusto", "Gusto"));
  expect(monogram("x", "<i")).toMatchObject({ letters: "i" });
  expect(monogram("", "")).toMatchObject({ letters: "?" });
  const hues = ["adp_run", "gusto", "quickbooks", "rippling", "zenefits"].map((id) => monogram(id, id).hue);
  expect(new Set(hues).size).toBe(5);
});

it("an answer that lacks something, or says it oddly, is still shown", () => {
  expect(decodeConnection(null)).toMatchObject({ id: "", companies: [], lastUpdate: null, products: [] });
  const odd = decodeConnection({
    ...connection(),
    last_successful_sync: "yesterday?",
    products: [1, "company"],
    entities: 7,
  });
  expect(odd).toMatchObject({ lastUpdate: null, products: ["company"], companies: [] });
  expect(
    decodeConnection({ entities: [{ id: "1", name: "As it is", legal_name: "As it is called" }] }).companies,
  ).toMatchObject([{ name: "As it is called" }]);
  expect(decodeView({}).customerName).toBe("");
});

it("only a way back that is a web page of its own is followed", () => {
  const back = (return_url: unknown) => decodeSession({ return_url }).returnUrl;
  expect(back("https://app.example.com/x")).toBe("https://app.example.com/x");
  expect(back("http://localhost:3000/")).toBe("http://localhost:3000/");
  for (const url of ["javascript:alert(1)", "data:text/html,x", "http://app.example.com", "//x", 7, null]) {
    expect(back(url)).toBeNull();
  }
});
