"""The tables in the documents that repeat what code says are as `make bless` would write them."""

import pytest

from docs.tables import TABLES, shown, written


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_up_to_date(name: str) -> None:
    """It holds what the code says today."""
    assert shown(name) == written(name), f"{TABLES[name][0].name}: make bless"
