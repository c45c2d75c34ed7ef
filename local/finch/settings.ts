/** Behaviour on which Finch's documentation is silent or of two minds, so that a test can have it either way. */

/** `multi`: one connection with n entities. `single`: one connection for each, as for applications not migrated yet. */
export type EntityMode = "multi" | "single";

/** How this Finch behaves; `POST /_control/settings` changes it. */
export type Settings = {
  /** Whose `customer_id` a connection reports when several customers signed in to it. */
  customerIdMode: "creator" | "latest" | "absent" | "null";
  /** What another login at the same provider and company makes: a connection of its own, or one more token. */
  otherCredentials: "new" | "same";
  /** What a reauthentication does when the person signs in to another company, or picks another single entity. */
  reauthOtherCompany: "refuse" | "connect";
  /** What a login that sees several entities connects. */
  entityMode: EntityMode;
  /**
   * What `POST /disconnect` ends: the token's connection (Finch's guide), or every connection to the same company at the
   * same provider, other customers' too (Finch's reference page).
   */
  disconnectScope: "connection" | "company_and_provider";
  /** Whether the limit of each product is kept; lifted, requests beyond it are counted only. */
  productLimits: "kept" | "lifted";
  /** The same for the limit of an address, which shuts it out for an hour. */
  addressLimit: "kept" | "lifted";
};

/** Settings that are about a company: they can be had for one alone, by its name. */
export type CompanySettings = Omit<Settings, "productLimits" | "addressLimit">;

/** The settings of a simulator that nobody has told otherwise. */
export const defaultSettings: Settings = {
  customerIdMode: "creator",
  otherCredentials: "new",
  reauthOtherCompany: "refuse",
  entityMode: "multi",
  disconnectScope: "connection",
  productLimits: "kept",
  addressLimit: "kept",
};

/** What each setting may be. */
export const settingChoices: { readonly [Name in keyof Settings]: readonly Settings[Name][] } = {
  customerIdMode: ["creator", "latest", "absent", "null"],
  otherCredentials: ["new", "same"],
  reauthOtherCompany: ["refuse", "connect"],
  entityMode: ["multi", "single"],
  disconnectScope: ["connection", "company_and_provider"],
  productLimits: ["kept", "lifted"],
  addressLimit: ["kept", "lifted"],
};

/** How Finch behaves towards a company. */
export const settingsAt = (
  state: { readonly settings: Settings; readonly companySettings: ReadonlyMap<string, Partial<CompanySettings>> },
  company: string,
): CompanySettings => ({ ...state.settings, ...state.companySettings.get(company) });
