// Wrong: at the end of the stream it sends back what it has, as if it were a whole frame.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer({ allowHalfOpen: true }, (socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const length = pieces.readUInt32BE(0)
      if (length > 65536) return socket.destroy()
      if (pieces.length < 4 + length) return
      socket.write(pieces.subarray(0, 4 + length))
      pieces = pieces.subarray(4 + length)
    }
  })
  socket.on('end', () => {
    if (pieces.length > 4) socket.write(pieces)
    socket.end()
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
