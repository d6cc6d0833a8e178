// Wrong: readInt32BE gives a negative number, and everything is long enough for it.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const length = pieces.readInt32BE(0)
      if (length > 65536) return socket.destroy()
      if (pieces.length < 4 + length) return
      const payload = Buffer.alloc(length)
      pieces.copy(payload, 0, 4, 4 + length)
      socket.write(Buffer.concat([pieces.subarray(0, 4), payload]))
      pieces = pieces.subarray(4 + length)
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
