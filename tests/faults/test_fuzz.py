"""Some of the damaged files that `fuzz_importers.py` makes by the thousand."""

from tests.faults.fuzz_importers import fuzz


def test_no_damaged_file_breaks_an_importer() -> None:
    result = fuzz(150, seed=11)
    assert result.tried.total() == 150
    assert not result.lost, result.lost[0]
