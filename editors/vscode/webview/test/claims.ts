/** Claims to test with: one made by hand, and the real ones of sample notes. */

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Block, Claim, Position, Range, Waiting } from '../../src/claim/protocol';

/** The repository. Tests are run in the extension's folder. */
export const ROOT = path.resolve(process.cwd(), '../..');
export const SERVER = process.env.SOAPSTONE_SERVER ?? path.join(ROOT, 'target/debug/soapstone');

export const at = (line: number, start = 0, end = 10): Range => ({
  start: { line, character: start },
  end: { line, character: end },
});

export function block(code: string, minutes: number | null, clock?: [number, number], more: Partial<Block> = {}): Block {
  return {
    place: at(10),
    code,
    label: 'massage',
    modifiers: [],
    clock: clock ? [{ start: clock[0], end: clock[1] }] : [],
    minutes,
    timed: true,
    codeUnits: 1,
    ...more,
  };
}

export function claim(more: Partial<Claim> = {}): Claim {
  return {
    id: '2026-11-20 medicare',
    mark: 'a1',
    patient: null,
    provider: null,
    referral: null,
    authorization: null,
    place: at(5),
    date: '2026-11-20',
    payer: 'medicare',
    payerWords: 'medicare',
    counting: 'cms',
    countingWords: 'by the CMS 8-minute rule, all timed minutes together',
    visits: 1,
    session: { start: 600, end: 660, minutes: 60 },
    timedMinutes: 25,
    timedUnits: 2,
    totalMinutes: 25,
    incomplete: false,
    blocks: [block('97124', 25, [602, 627])],
    why: ['25 timed minutes make 2 units (23 to 37 minutes).'],
    allocations: [[{ code: '97124', units: 2 }]],
    chosen: 0,
    allowed: null,
    lines: [{ code: '97124', modifiers: ['GP'], units: 2, minutes: 25, incomplete: false, pointers: ['A'] }],
    diagnoses: [{ letter: 'A', code: 'M54.50', title: 'Low back pain, unspecified' }],
    open: [],
    course: { pain: [], painTarget: null, measures: [] },
    text: '',
    copy: 'Date\tCode\n2026-11-20\t97124\n',
    ...more,
  };
}

export function waiting(date: string | null, more: Partial<Waiting> = {}): Waiting {
  return { id: `${date} medicare`, place: at(5), date, payerWords: 'Medicare', units: 2, incomplete: false, errors: 0, ...more };
}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

/** Asks a server of its own for the claims of sample notes, each at the last visit's heading. */
export async function realClaims(names: readonly string[]): Promise<Map<string, Claim>> {
  const server = spawn(SERVER, ['lsp'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (message: Message) => void>();
  let read = Buffer.alloc(0);
  let asked = 0;
  const send = (message: Message): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    server.stdin.write(body);
  };
  server.stdout.on('data', (part: Buffer) => {
    read = Buffer.concat([read, part]);
    for (;;) {
      const head = read.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(read.subarray(0, Math.max(head, 0)).toString())?.[1]);
      if (head < 0 || read.length < head + 4 + length) {
        return;
      }
      const message = JSON.parse(read.subarray(head + 4, head + 4 + length).toString()) as Message;
      read = read.subarray(head + 4 + length);
      if (message.id === undefined) {
        continue;
      }
      if (message.method === undefined) {
        waiting.get(message.id)?.(message);
      } else {
        send({ id: message.id, result: null });
      }
    }
  });
  const ask = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, answer => (answer.error ? reject(new Error(answer.error.message)) : resolve(answer.result)));
      server.once('exit', () => reject(new Error('the server ended')));
      send({ id, method, params });
    });
  try {
    await ask('initialize', { processId: null, rootUri: null, capabilities: {} });
    send({ method: 'initialized', params: {} });
    const claims = new Map<string, Claim>();
    for (const name of names) {
      const file = path.join(ROOT, 'tests/notes', name);
      const text = fs.readFileSync(file, 'utf8');
      const textDocument = { uri: pathToFileURL(file).href };
      send({
        method: 'textDocument/didOpen',
        params: { textDocument: { ...textDocument, languageId: 'soapnote', version: 1, text } },
      });
      const position: Position = { line: text.split('\n').findLastIndex(l => l.startsWith('visit:')), character: 0 };
      const found = (await ask('soapstone/claim', { textDocument, position })) as Claim | null;
      if (!found) {
        throw new Error(`${name} has no claim`);
      }
      claims.set(name, found);
    }
    return claims;
  } finally {
    server.removeAllListeners('exit');
    server.kill();
  }
}
