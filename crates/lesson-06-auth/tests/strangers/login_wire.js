// What the Node programs of this folder share: keys and tags, exact reads, upper case of bytes.
const crypto = require('crypto');

exports.KEYS = { 'only-two': 'only two programs know this key.', shared: 'thirty-two bytes of a shared key' };
exports.USERS = { alice: 'the key that alice was given....', bob: 'the key that bob was given......' };
exports.tag = (key, ...parts) => {
  const mac = crypto.createHmac('sha256', key);
  parts.forEach((part) => mac.update(part));
  return mac.digest();
};
exports.same = (right, got) => right.length === got.length && crypto.timingSafeEqual(right, got);
exports.upper = (bytes) => Buffer.from(bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)));
exports.number = (counter) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(counter));
  return bytes;
};

// Reads from a socket: exactly so many bytes, or whatever comes (an empty buffer at the end).
exports.Reader = class {
  constructor(socket) {
    this.pieces = socket.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
    this.left = Buffer.alloc(0);
  }
  async any() {
    if (this.left.length === 0) {
      const { value, done } = await this.pieces.next();
      return done ? Buffer.alloc(0) : value;
    }
    const piece = this.left;
    this.left = Buffer.alloc(0);
    return piece;
  }
  async read(size) {
    const parts = [this.left];
    let got = this.left.length;
    while (got < size) {
      const { value, done } = await this.pieces.next();
      if (done) throw new Error('the stream was cut off');
      parts.push(value);
      got += value.length;
    }
    const all = Buffer.concat(parts);
    this.left = all.subarray(size);
    return all.subarray(0, size);
  }
  async byte() {
    const piece = await this.any();
    this.left = piece.subarray(1);
    return piece.subarray(0, 1);
  }
};
