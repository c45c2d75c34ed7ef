/** What providers call themselves where their `provider_id` does not tell it. */
const names: ReadonlyMap<string, string> = new Map([
  ["adp_run", "ADP Run"],
  ["adp_workforce_now", "ADP Workforce Now"],
  ["bamboo_hr", "BambooHR"],
  ["bamboo_hr_api", "BambooHR"],
  ["humi", "Humi"],
  ["insperity", "Insperity"],
  ["oracle_hcm", "Oracle HCM"],
  ["paychex_flex", "Paychex Flex"],
  ["paycor", "Paycor"],
  ["paylocity", "Paylocity"],
  ["quickbooks", "QuickBooks"],
  ["quickbooks_online", "QuickBooks Online"],
  ["sage_hr", "Sage HR"],
  ["sap_successfactors", "SAP SuccessFactors"],
  ["sequoia_one", "Sequoia One"],
  ["square_payroll", "Square Payroll"],
  ["trinet", "TriNet"],
  ["ukg_pro", "UKG Pro"],
  ["ukg_ready", "UKG Ready"],
  ["wave_hq", "Wave"],
]);

/** A provider's name for people: the known one, or made of Finch's `provider_id`. */
export const providerName = (providerId: string): string =>
  names.get(providerId) ??
  providerId
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
