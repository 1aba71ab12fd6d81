interface LockEntry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Platform {
  readonly os: readonly [string];
  readonly cpu: readonly [string];
  readonly libc?: readonly [string];
}

export function platformOf(name: string): Platform;
export function missingEntries(
  packages: Readonly<Record<string, LockEntry>>,
): Record<string, Platform & { version: string; optional: true }>;
