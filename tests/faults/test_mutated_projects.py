"""Some of the damaged projects that `mutated_projects.py` makes by the thousand."""

from tests.faults.mutated_projects import try_files


def test_no_damaged_project_breaks_the_program() -> None:
    result = try_files(36, seed=11)
    assert result.tried == 36
    assert not result.lost, result.lost[0]
