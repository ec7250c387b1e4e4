import {
  findNodeAtLocation,
  getLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { type Path, pathText } from './config-path.ts';
import type { NicConfigProblem } from './nic-config-error.ts';

/** What the parser would have liked instead of what it found, by the name of its error. */
const EXPECTED: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a JSON value, or a key in double quotes',
  InvalidNumberFormat: 'a number',
  PropertyNameExpected: 'a key in double quotes',
  ValueExpected: 'a value',
  ColonExpected: 'a colon',
  CommaExpected: 'a comma',
  CloseBraceExpected: 'a closing brace',
  CloseBracketExpected: 'a closing bracket',
  EndOfFileExpected: 'nothing more',
  UnexpectedEndOfComment: 'the end of the comment',
  UnexpectedEndOfString: 'a closing double quote',
  UnexpectedEndOfNumber: 'a digit',
  InvalidUnicode: 'four hexadecimal digits behind \\u',
  InvalidEscapeCharacter: 'an escape that JSON has',
  InvalidCharacter: 'no control character',
};

/** Characters of the text that a problem shows. */
const SHOWN = 30;

/** A text of JSON with comments, and where its values are. */
export class JsonText {
  readonly #text: string;
  readonly #root: Node | undefined;
  /** What keeps the text from being JSON. The first mistake only: what follows tends to be its echo. */
  readonly problem: NicConfigProblem | undefined;

  constructor(text: string) {
    this.#text = text;
    const errors: ParseError[] = [];
    this.#root = parseTree(text, errors);
    this.problem =
      errors[0] === undefined ? this.#repeatedKey(this.#root) : this.#misspelt(errors[0]);
  }

  get value(): unknown {
    return this.#root === undefined ? undefined : getNodeValue(this.#root);
  }

  /** Where the value at the path is, or its key; the nearest thing around it when it is absent. */
  placeOf(path: Path, atKey: boolean): { readonly line: number; readonly column: number } {
    let found = this.#root;
    for (let length = path.length; length > 0; length--) {
      const node = this.#root && findNodeAtLocation(this.#root, path.slice(0, length));
      if (node === undefined) continue;
      found = atKey && length === path.length ? (node.parent?.children?.[0] ?? node) : node;
      break;
    }
    return this.#place(found?.offset ?? 0);
  }

  #misspelt({ error, offset, length }: ParseError): NicConfigProblem {
    const found = this.#text.slice(offset, offset + Math.max(length, 1)).split(/\r?\n/)[0] ?? '';
    return {
      place: this.#place(offset),
      path: pathText(getLocation(this.#text, offset).path.filter((step) => step !== '')),
      found: found === '' ? 'the end of the text' : found.slice(0, SHOWN),
      expected: EXPECTED[printParseErrorCode(error)] ?? 'JSON',
    };
  }

  /** JSON lets a key be repeated and says nothing of the outcome; here it is a mistake. */
  #repeatedKey(node: Node | undefined, path: Path = []): NicConfigProblem | undefined {
    const seen = new Set<unknown>();
    for (const [index, child] of (node?.children ?? []).entries()) {
      const key = child.type === 'property' ? child.children?.[0] : undefined;
      const step = key === undefined ? index : String(key.value);
      if (key !== undefined && seen.has(key.value)) {
        return {
          place: this.#place(key.offset),
          path: pathText([...path, step]),
          found: `the key ${JSON.stringify(key.value)} once more`,
          expected: 'each key once',
        };
      }
      seen.add(key?.value);
      const value = key === undefined ? child : child.children?.[1];
      const inner = this.#repeatedKey(value, [...path, step]);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }

  #place(offset: number): { readonly line: number; readonly column: number } {
    const before = this.#text.slice(0, offset);
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
  }
}
