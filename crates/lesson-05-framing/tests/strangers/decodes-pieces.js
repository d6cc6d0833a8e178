// Wrong: each piece is decoded by itself; a character that was cut becomes two replacement characters.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  let header = Buffer.alloc(0)
  let text = ''
  let left = -1
  socket.on('data', (piece) => {
    while (piece.length > 0 || left === 0) {
      if (left < 0) {
        const more = piece.subarray(0, 4 - header.length)
        header = Buffer.concat([header, more])
        piece = piece.subarray(more.length)
        if (header.length < 4) return
        left = header.readUInt32BE(0)
        if (left > 65536) return socket.destroy()
      }
      const part = piece.subarray(0, left)
      text += part.toString('utf8')
      left -= part.length
      piece = piece.subarray(part.length)
      if (left > 0) return
      const answer = Buffer.from(text, 'utf8')
      header.writeUInt32BE(answer.length)
      socket.write(Buffer.concat([header, answer]))
      header = Buffer.alloc(0)
      text = ''
      left = -1
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
