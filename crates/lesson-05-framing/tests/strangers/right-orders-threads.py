# Right: sqlite keeps the orders; the id is their primary key. A thread for each client.
import socket
import sqlite3
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])
orders = sqlite3.connect(":memory:", check_same_thread=False)
orders.execute("CREATE TABLE orders (number INTEGER PRIMARY KEY, id TEXT UNIQUE, what TEXT)")
lock = threading.Lock()


def order(key, what):
    with lock:
        row = orders.execute("SELECT number, what FROM orders WHERE id = ?", (key,)).fetchone()
        if row is None:
            number = orders.execute("INSERT INTO orders (id, what) VALUES (?, ?)", (key, what)).lastrowid
            orders.commit()
            row = (number, what)
        return f"order {row[0]}: {row[1]}".encode()


def serve(conn):
    buffer = b""
    try:
        with conn:
            while data := conn.recv(2048):
                buffer += data
                while len(buffer) >= 4 and len(buffer) >= (end := 4 + int.from_bytes(buffer[:4], "big")):
                    if end > 4 + 1024:
                        return
                    key, _, what = buffer[4:end].decode().partition(" ")
                    buffer = buffer[end:]
                    reply = order(key, what)
                    conn.sendall(len(reply).to_bytes(4, "big") + reply)
    except OSError:
        pass


listener = socket.create_server((host, port))
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
