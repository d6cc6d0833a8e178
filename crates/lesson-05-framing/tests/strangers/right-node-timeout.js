// Right: Node, a client that stops inside a frame is closed by setTimeout of the socket.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('timeout', () => socket.destroy())
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const length = pieces.readUInt32BE(0)
      if (length > 65536) return socket.destroy()
      if (pieces.length < 4 + length) break
      socket.write(pieces.subarray(0, 4 + length))
      pieces = pieces.subarray(4 + length)
    }
    socket.setTimeout(pieces.length > 0 ? 700 : 0)
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
