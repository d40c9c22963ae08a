"""Tables of indicators in a report: what rounding leaves is shown as 0, a small flow is not."""

from types import SimpleNamespace

import pandas as pd
import pytest

from mfa.views.report.indicators import indicator_table


def run(unplaced, used=4e5):
    """Return what a table needs of a run that generates a million tonnes of waste a year."""
    values = {"waste_generated": 1e6, "waste_used": used, "unplaced": unplaced}
    rows = [{"indicator": key, "of": "", "value": value, "unit": "t/yr"} for key, value in values.items()]
    return SimpleNamespace(indicators=pd.DataFrame(rows))


@pytest.mark.parametrize(("unplaced", "shown"), [(0.00428, "0 t/yr"), (0.02, "0.02 t/yr"), (3.0, "3.00 t/yr")])
def test_what_rounding_leaves_unplaced_is_none(unplaced, shown):
    rows = indicator_table({"today": run(unplaced)}, "en").rows
    assert rows[-1][-1] == shown


def test_a_change_that_rounding_leaves_is_none():
    rows = indicator_table({"today": run(0.0, 4e5), "with the plan": run(0.0, 4e5 - 0.00239)}, "en").rows
    assert [row[-1] for row in rows] == ["0 t/yr"] * 3
    rows = indicator_table({"today": run(0.0, 4e5), "with the plan": run(0.0, 4e5 - 2)}, "en").rows
    assert rows[1][-1] == "−2.00 t/yr"
