import { findAll, goesOn, type Find } from "../find.ts";

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
/** Four numbers; or what holds two colons and else only what an address of IPv6 does. */
const candidate = new RegExp(
  `(?<![\\p{L}\\p{N}.:])(?:(?:${octet}\\.){3}${octet}(?!\\d)|(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}(?:(?:\\.\\d{1,3}){3})?)`,
  "gu",
);

/** Addresses of IPv4 and IPv6, also those of a house's own network. */
export const findIpAddresses: Find = (text) =>
  findAll(candidate, text, (match, start) => {
    if (!match.includes(":"))
      return goesOn(text, start + match.length) || /^\.\d/.test(text.slice(start + match.length)) ? 0 : match.length;
    // A sentence's own colon may follow.
    const address = match.endsWith(":") && !match.endsWith("::") ? match.slice(0, -1) : match;
    return isIpv6(address) && !goesOn(text, start + address.length) ? address.length : 0;
  });

function isIpv6(address: string): boolean {
  // `::` alone, and names joined by it, stand in programs.
  if (!/\d/.test(address)) return false;
  const [head = "", tail, ...rest] = address.split("::");
  if (rest.length > 0) return false;
  const groups = [...groupsOf(head), ...groupsOf(tail ?? "")];
  const [last = ""] = groups.slice(-1);
  const hasIpv4 = last.includes(".");
  if (hasIpv4 && !new RegExp(`^(?:${octet}\\.){3}${octet}$`).test(last)) return false;
  const count = groups.length + (hasIpv4 ? 1 : 0);
  const areHex = groups.every((group, index) => /^[0-9A-Fa-f]{1,4}$/.test(group) || (hasIpv4 && index === groups.length - 1));
  return areHex && (tail === undefined ? count === 8 : count < 8);
}

function groupsOf(part: string): string[] {
  return part === "" ? [] : part.split(":");
}
