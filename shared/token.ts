/**
 * Whether text can be a token: visible ASCII without spaces, since it travels in a header of HTTP.
 */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
