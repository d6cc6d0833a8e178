"""Subnet arithmetic by Python's ipaddress module: one line for each of COUNT random networks, from a fixed seed.

Fields: address/prefix network broadcast first last count, a dash where there is no broadcast address.
"""

import ipaddress
import random
import sys


def line(chance: random.Random, bits: int) -> str:
    prefix = chance.randint(0, bits)
    number = chance.getrandbits(bits)
    address = ipaddress.IPv4Address(number) if bits == 32 else ipaddress.IPv6Address(number)
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    with_broadcast = bits == 32 and prefix < 31
    first = network[1] if with_broadcast else network[0]
    last = network[-2] if with_broadcast else network[-1]
    broadcast = str(network[-1]) if with_broadcast else "-"
    count = network.num_addresses - (2 if with_broadcast else 0)
    return f"{address}/{prefix} {network} {broadcast} {first} {last} {count}"


chance = random.Random(20)
for turn in range(int(sys.argv[1])):
    print(line(chance, 32 if turn % 2 else 128))
