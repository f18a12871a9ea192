"""The crowds a device keeps apart: the fair's, a zone's, or both where every gate leads into a hall."""

from tests.scanner.conftest import GateServer
from tests.scanner.test_rules import opened

LIST = {
    "as_of": "2021-03-18T02:00:00Z",
    "fair": {"time_zone": "Asia/Shanghai", "starts_on": "2021-03-18", "ends_on": "2021-03-20"},
    "inside_count": 98,
    "capacity": 100,
    "hard_stop": True,
    "keys": [],
    "categories": [],
    "roster_key": "AAAA",
    "zones": [
        {"code": "N", "capacity": 20, "hard_stop": False, "inside": 5},
        {"code": "S", "capacity": None, "hard_stop": True, "inside": 93},
    ],
    "gates": [{"code": "N1", "zone": "N", "outer": True}, {"code": "S1", "zone": "S", "outer": True}],
    "doors": [{"code": "N2", "zone": "N", "outer": False}],
}


def test_a_gate_into_a_hall_of_a_fair_without_a_perimeter_moves_both_crowds(gate_server: GateServer, open_page) -> None:
    rooms = opened(open_page(), gate_server).evaluate(
        """async (list) => {
          const { Knowledge } = await import("/static/scanner/knowledge.js");
          const known = new Knowledge();
          known.moved = new Map();
          known.store = { standing: async () => ({}), putOwn: async () => {} };
          await known.use(list, []);
          const day = "2021-03-18";
          const before = known.rooms("S1", day);
          await known.passed("h", "N1", "entry", day, Date.parse(list.as_of));
          await known.passed("h", "S1", "entry", day, Date.parse(list.as_of));
          return [before, known.rooms("S1", day), known.rooms("N1", day), known.rooms("N2", day), known.rooms("N1", "2021-03-19")];
        }""",
        LIST,
    )
    assert rooms == [
        [[98, 100, True]],
        [[100, 100, True]],
        [[100, 100, True], [6, 20, False]],
        [[6, 20, False]],
        [[2, 100, True], [1, 20, False]],
    ]
