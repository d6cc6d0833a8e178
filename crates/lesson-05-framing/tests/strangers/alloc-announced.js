// Wrong: a buffer for all that is announced, before any of it has come.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  let payload = null
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const length = pieces.readUInt32BE(0)
      payload = payload || Buffer.alloc(length)
      if (pieces.length < 4 + length) return
      pieces.copy(payload, 0, 4, 4 + length)
      socket.write(Buffer.concat([pieces.subarray(0, 4), payload]))
      pieces = pieces.subarray(4 + length)
      payload = null
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
