// Right: Node gathers both streams of the command as they come; one command after the other.
const net = require('net')
const { spawn } = require('child_process')
const [host, port] = process.argv.slice(2)
const PRINT = 'printf "%${1}s" | tr " " o; printf "%${2}s" | tr " " e >&2'

function run(words) {
  return new Promise((resolve) => {
    const gathered = [[], []]
    const child = spawn('sh', ['-c', PRINT, 'sh', ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (piece) => gathered[0].push(piece))
    child.stderr.on('data', (piece) => gathered[1].push(piece))
    child.on('close', () => resolve(gathered.map((pieces) => Buffer.concat(pieces))))
  })
}

net.createServer({ allowHalfOpen: true }, (socket) => {
  let pieces = Buffer.alloc(0)
  let before = Promise.resolve()
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const end = 4 + pieces.readUInt32BE(0)
      if (end > 4 + 1024) return socket.destroy()
      if (pieces.length < end) return
      const words = pieces.toString('utf8', 4, end).split(' ').slice(1)
      pieces = pieces.subarray(end)
      before = before.then(() => run(words)).then((streams) => {
        for (const stream of streams) {
          const header = Buffer.alloc(4)
          header.writeUInt32BE(stream.length)
          socket.write(Buffer.concat([header, stream]))
        }
      })
    }
  })
  socket.on('end', () => before.then(() => socket.end()))
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
