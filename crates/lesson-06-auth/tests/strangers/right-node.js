// Right: Node, which serves all clients at a time; a deadline for the login. The third argument names the wire.
const net = require('net');
const crypto = require('crypto');
const { KEYS, USERS, Reader, tag, same, upper, number } = require('./login_wire.js');

const [, , host, port, wire] = process.argv;

// Every wire gets a challenge that it has drawn, the reader, `say`, which waits for the bytes to go, and `loggedIn`.
async function echo({ reader, say, loggedIn }) {
  loggedIn();
  for (let piece = await reader.any(); piece.length; piece = await reader.any()) await say(upper(piece));
}
const plain = (key) => async (it) => {
  await it.say(it.challenge);
  if (!same(tag(key, it.challenge), await it.reader.read(32))) throw new Error('a wrong key');
  await echo(it);
};
const field = async (reader) => reader.read((await reader.read(1))[0]);

const wires = {
  'only-two': plain(KEYS['only-two']),
  shared: plain(KEYS.shared),
  'short-tag': async (it) => {
    await it.say(it.challenge);
    if (!same(tag(KEYS.shared, it.challenge), await field(it.reader))) throw new Error('a wrong tag');
    await echo(it);
  },
  'early-compare': async ({ reader, say, loggedIn }) => {
    loggedIn();
    for (let size = await reader.byte(); size.length; size = await reader.byte()) {
      const order = await reader.read(size[0]);
      const valid = same(tag(KEYS.shared, order), await reader.read(32));
      await say(valid ? 'done, work 32\n' : 'refused, work 32\n');
    }
  },
  'glued-fields': async ({ challenge, reader, say }) => {
    await say(challenge);
    const [account, amount] = [await field(reader), await field(reader)];
    const fields = [[account.length], account, [amount.length], amount].map((part) => Buffer.from(part));
    if (!same(tag(KEYS.shared, challenge, ...fields), await reader.read(32))) throw new Error('a wrong tag');
    await say(Buffer.concat([Buffer.from('paid '), amount, Buffer.from(' to '), account, Buffer.from('\n')]));
  },
  'big-before-login': async (it) => {
    await it.say(it.challenge);
    if ((await it.reader.read(4)).readUInt32BE() !== 32) throw new Error('this is no digest');
    if (!same(tag(KEYS.shared, it.challenge), await it.reader.read(32))) throw new Error('a wrong key');
    it.loggedIn();
    for (let first = await it.reader.byte(); first.length; first = await it.reader.byte()) {
      const header = Buffer.concat([first, await it.reader.read(3)]);
      if (header.readUInt32BE() > 16 * 1024 * 1024) throw new Error('this text is too long');
      await it.say(Buffer.concat([header, upper(await it.reader.read(header.readUInt32BE()))]));
    }
  },
  'telling-errors': async (it) => {
    await it.say(it.challenge);
    const name = (await field(it.reader)).toString('latin1');
    const key = Object.hasOwn(USERS, name) ? USERS[name] : crypto.randomBytes(32);
    if (!same(tag(key, it.challenge), await it.reader.read(32))) throw new Error('refused');
    await it.say('welcome\n');
    await echo(it);
  },
  'after-login': async (it) => {
    await it.say(it.challenge);
    if (!same(tag(KEYS['only-two'], it.challenge), await it.reader.read(32))) throw new Error('a wrong key');
    it.loggedIn();
    let counter = 0;
    for (let size = await it.reader.byte(); size.length; size = await it.reader.byte(), counter++) {
      const seal = (way, bytes) => tag(KEYS['only-two'], it.challenge, way, number(counter), bytes);
      const payload = await it.reader.read(size[0]);
      if (!same(seal('to server', payload), await it.reader.read(32))) throw new Error('a wrong tag');
      await it.say(Buffer.concat([size, upper(payload), seal('to client', upper(payload))]));
    }
  },
  'wrong-key': async (it) => {
    await it.say(it.challenge);
    const right = same(tag(KEYS.shared, it.challenge), await it.reader.read(32));
    await it.say(right ? '+' : '-');
    if (!right) throw new Error('a wrong key');
    await echo(it);
  },
  'no-scheme': async (it) => {
    await it.say('you have to log in; ? gives you a challenge\n');
    if ((await it.reader.read(1)).toString() !== '?') throw new Error('a client of the old service');
    await plain(KEYS.shared)(it);
  },
  'lost-ending': async (it) => {
    await it.say(it.challenge);
    if (!same(tag(KEYS['only-two'], it.challenge), await it.reader.read(32))) throw new Error('a wrong key');
    it.loggedIn();
    const order = [];
    for (let counter = 0; ; counter++) {
      const payload = await field(it.reader);
      const right = tag(KEYS['only-two'], it.challenge, 'to server', number(counter), payload);
      if (!same(right, await it.reader.read(32))) throw new Error('a wrong tag');
      if (payload.length === 0) break;
      order.push(payload);
    }
    const all = upper(Buffer.concat(order));
    if (all.length > 255) throw new Error('this order is too long');
    const seal = tag(KEYS['only-two'], it.challenge, 'to client', number(0), all);
    await it.say(Buffer.concat([Buffer.from([all.length]), all, seal]));
  },
};

const server = net.createServer({ allowHalfOpen: true }, async (socket) => {
  socket.on('error', () => {});
  const deadline = setTimeout(() => socket.destroy(), 20000);
  const say = (bytes) => new Promise((done, fail) => socket.write(bytes, (error) => (error ? fail(error) : done())));
  const loggedIn = () => clearTimeout(deadline);
  const it = { challenge: crypto.randomBytes(32), reader: new Reader(socket), say, loggedIn };
  try {
    await wires[wire](it);
    socket.end();
  } catch (error) {
    console.error(`connection closed: ${error.message}`);
    socket.end(); // and what still comes is thrown away for a moment: a close with unread bytes is a reset
    setTimeout(() => socket.destroy(), 200);
  }
  clearTimeout(deadline);
});
server.listen(port, host);
