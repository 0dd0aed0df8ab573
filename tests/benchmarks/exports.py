"""Packets in bulk on each engine: by one worker, by two, again unchanged, under kills, and 500 by one."""

import json
import sys

from tests.exports.engines import ENGINES, engine, export
from tests.postgres import NoPostgres
from tests.redis import NoRedis

KILLS, MANY = 20, 500


def main(options):
    packets = options["packets"]
    for name in ENGINES:
        try:
            _measure(name, packets)
        except (NoPostgres, NoRedis) as reason:
            print(f"  not measured on {name}: {reason}")
    with engine("sqlite") as environment:
        came = export(environment, packets=MANY, workers=1)
    print(f"  {MANY} packets by one worker: {came['memory_mib']} MiB on the way, {came['peak_mib']} at most")


def _measure(name, packets):
    took = {}
    for workers in (1, 2):
        with engine(name, durable=True) as environment:
            came = export(environment, packets=packets, workers=workers)
        took[workers] = came["seconds_a_packet"]
        print(
            f"  {name}, {packets} packets, {workers} worker(s): {came['seconds']} s, "
            f"{came['seconds_a_packet']} s a packet, again {came['seconds_a_packet_again']} s, "
            f"{came['peak_mib']} MiB at most, load {came['load']}"
        )
    print(f"  {name}: two workers are {took[1] / took[2]:.2f} times as fast as one")
    with engine(name, durable=True) as environment:
        came = export(environment, packets=packets, workers=2, kills=KILLS)
    lost, doubled = packets - came["done"], came["packets"] - packets
    print(
        f"  {name}, {KILLS} kills: {lost} lost, {doubled} doubled, {len(came['bad'])} bad, "
        f"{came['seconds']} s, resumed within {came['slowest_resumption']} s"
    )


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
