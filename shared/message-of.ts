/** The message of whatever was thrown. It never throws itself, whatever a plug-in made of its error. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that cannot be printed';
  }
}
