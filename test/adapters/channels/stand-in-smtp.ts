import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'node:test';

export type SmtpReplies = {
  /** What the server says of itself; none: it says nothing at all. */
  readonly greeting?: string | undefined;
  /** Instead of its usual yes, by a command or its first word; `BODY` is the end of the mail. */
  readonly to?: Readonly<Record<string, string>>;
};
type Received = { readonly commands: string[]; mail: string };

const YES: Readonly<Record<string, string>> = {
  EHLO: '250-stand-in\r\n250 AUTH PLAIN',
  DATA: '354 go on',
  AUTH: '235 welcome',
  QUIT: '221 bye',
};

/** How the tests of the calling file open mail servers that speak as much of RFC 5321 as one mail takes. */
export function smtpStandIns() {
  const open: { server: Server; sockets: Set<Socket> }[] = [];
  afterEach(async () => {
    await Promise.all(
      open.splice(0).map(({ server, sockets }) => {
        const closed = once(server, 'close');
        server.close();
        for (const socket of sockets) socket.destroy();
        return closed;
      }),
    );
  });
  return async ({ greeting = '220 stand-in ESMTP', to = {} }: SmtpReplies = {}) => {
    const received: Received = { commands: [], mail: '' };
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      if (greeting === '') return;
      socket.write(`${greeting}\r\n`);
      converse(socket, received, { ...YES, ...to });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({ server, sockets });
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    return { port, hosts: [`127.0.0.1:${port}`], received };
  };
}

function converse(socket: Socket, received: Received, replies: Readonly<Record<string, string>>): void {
  let rest = '';
  let inMail = false;
  const line = (text: string) => {
    if (!inMail) {
      const [word = ''] = text.toUpperCase().split(' ');
      received.commands.push(text);
      const reply = replies[text] ?? replies[word] ?? '250 ok';
      inMail = reply.startsWith('354');
      socket.write(`${reply}\r\n`);
    } else if (text === '.') {
      inMail = false;
      socket.write(`${replies['BODY'] ?? '250 queued'}\r\n`);
    } else received.mail += `${text}\n`;
  };
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    lines.forEach(line);
  });
}
