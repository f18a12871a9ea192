"""Sizes of the demo fair. The full one has the size that Fuzhou reported in March 2021."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Numbers of a demo fair; `visitors` come through a gate, `no_shows` register and stay away."""

    suppliers: int
    platforms: int
    service_providers: int
    associations: int
    visitors: int
    no_shows: int
    meetings: int
    deals: int
    halls: int
    booths_per_hall: int
    capacity: int


SCALES = {
    "small": Scale(
        suppliers=60,
        platforms=6,
        service_providers=4,
        associations=3,
        visitors=1_500,
        no_shows=90,
        meetings=60,
        deals=90,
        halls=2,
        booths_per_hall=60,
        capacity=900,
    ),
    "full": Scale(
        suppliers=2_400,
        platforms=33,
        service_providers=58,
        associations=12,
        visitors=130_000,
        no_shows=8_000,
        meetings=4_200,
        deals=4_600,
        halls=8,
        booths_per_hall=360,
        capacity=60_000,
    ),
}
