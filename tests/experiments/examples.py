"""One small park for experiments: a boiler's ash can replace a kiln's clay once somebody links the two."""

from building import accept, firm, landfill, market, material, park, scenario, technology


def ash_park(**fields):
    return park(
        material("ash", "solid_waste"),
        material("coal", "raw", price=500.0),
        technology("boiler", "heat", {"coal": 0.2}, releases={"ash": 0.1}, emits_per={"coal": {"co2": 2.0}}),
        technology("kiln", "clinker", {"clay": 0.5}, accepts=(accept("ash", "clay", up_to=0.4),)),
        firm("power", "boiler", 100.0, at=(0, 0)),
        firm("kiln", "kiln", 20.0, at=(3, 4)),
        landfill(gate_fee=20.0),
        market(),
        **fields,
    )


def ash_scenario(**fields):
    return scenario(ash_park(), days=365, record="month", name="Ash park", **fields)
