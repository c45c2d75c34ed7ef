/** The logins of Finch's sandbox (Finch docs, "Finch Sandbox"), and what each of them sees at a company. */
import { createHash } from "node:crypto";
import type { Login } from "./model.ts";

/** What a person typed: a username and a password, or an API token. */
export type Credentials = { readonly username: string; readonly password: string } | { readonly apiToken: string };

/** An entity that a login sees at the provider, connected or not. */
export type SeenEntity = { readonly name: string; readonly sourceId: string | null };

/**
 * Each may end in `_2` to `_9`, which are other people at the same company. `fewer_entities` is not Finch's: it sees all
 * entities but the last, like an administrator who lacks a permission.
 */
const knownUsername = /^(good_user|mfa|multi_entity|mfa_multi_entity|fewer_entities)(_[2-9])?$/;
const knownApiToken = /^good_token(_[2-9])?$/;

/**
 * Finds who signs in.
 *
 * @returns the account's name and the username as typed, null for an API token; undefined when the login is wrong.
 */
export const findAccount = (credentials: Credentials): Pick<Login, "account" | "username"> | undefined => {
  if ("apiToken" in credentials) {
    const { apiToken } = credentials;
    return knownApiToken.test(apiToken) ? { account: apiToken, username: null } : undefined;
  }
  const { username, password } = credentials;
  // Finch's older names for the same logins.
  const account = username.replace("account_selection", "multi_entity");
  return knownUsername.test(account) && password === "good_pass" ? { account, username } : undefined;
};

/** Whether the provider asks this login for a code on a second page. */
export const needsMfaCode = ({ account }: Pick<Login, "account">): boolean => account.startsWith("mfa");

/** Whether a code passes: any six digits do. */
export const isMfaCode = (text: string): boolean => /^\d{6}$/.test(text);

/**
 * The entities that a login sees, the same in every run. Behind an assisted connection Finch merges all into one, and
 * says no `source_id` where it does not know the provider's own.
 */
export const entitiesSeenBy = (
  login: Pick<Login, "account" | "company" | "providerId" | "authMethod">,
): readonly SeenEntity[] => {
  const { account, company, authMethod } = login;
  if (authMethod === "assisted" || !/multi_entity|fewer_entities/.test(account)) {
    return [{ name: company, sourceId: null }];
  }
  const names = [company, `${company} East`, `${company} West`];
  const seen = account.startsWith("fewer_entities") ? names.slice(0, -1) : names;
  return seen.map((name) => ({ name, sourceId: sourceIdOf(login, name) }));
};

const digestOf = (...parts: readonly string[]): Buffer => createHash("sha256").update(parts.join("\n")).digest();

const sourceIdOf = ({ providerId, company }: Pick<Login, "providerId" | "company">, name: string): string =>
  digestOf(providerId, company, name).toString("hex").slice(0, 10).toUpperCase();

/** A UUID made of the provider and the company's name, so that a company is the same in every run (RFC 9562, §5.8). */
export const companyIdOf = ({ providerId, company }: Pick<Login, "providerId" | "company">): string => {
  const bytes = digestOf(providerId, company).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
