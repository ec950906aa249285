import { canonicalClientIp } from "@edgezero/rollout";

/** The bytes of an address, as the kernel gives them to nginx: 4 or 16. */
export function bytesOf(text: string): Uint8Array {
  const canonical = canonicalClientIp(text);
  if (canonical === null) throw new Error(`${text} is not an address`);
  if (!canonical.includes(":")) return Uint8Array.from(canonical.split(".").map(Number));
  const [front = "", back] = withoutDots(canonical).split("::");
  const [left, right] = [groupsOf(front), groupsOf(back ?? "")];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  const all = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

function groupsOf(part: string): string[] {
  return part.split(":").filter((group) => group !== "");
}

/** An IPv4 address at the end of an IPv6 address, as two groups. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}
