/* A part of the port: where orders for a target hold secrets. */

interface SecretPlaces<Settings> {
  readonly nativeSecrets: readonly string[];
  nativeSecretsOf?(settings: Settings): readonly string[];
}

/** The platform's own paths of secrets, and those of its target. */
export function secretPaths<Settings>(platform: SecretPlaces<Settings>, settings: Settings): readonly string[] {
  return [...platform.nativeSecrets, ...(platform.nativeSecretsOf?.(settings) ?? [])];
}
