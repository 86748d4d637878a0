"""The tree of errors: one root, and the exit status of each."""

from __future__ import annotations

import pytest

from corpus import errors


def subclasses(kind: type[BaseException]) -> set[type[BaseException]]:
    below = set(kind.__subclasses__())
    return below.union(*(subclasses(one) for one in below))


def test_every_error_of_the_module_is_below_the_root_and_drawn_in_its_docstring() -> None:
    below = {one for one in subclasses(errors.MetquoteError) if one.__module__ == errors.__name__}
    defined = {
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, BaseException)
    }
    assert below | {errors.MetquoteError} == defined
    assert errors.__doc__ is not None
    assert all(one.__name__ in errors.__doc__ for one in defined)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InputError, 2),
        (errors.ConfigError, 2),
        (errors.DocumentError, 2),
        (errors.ModelError, 1),
        (errors.SnapshotMissing, 1),
        (errors.SnapshotDamaged, 1),
        (errors.StorageError, 1),
    ],
)
def test_the_exit_status_says_whether_the_user_was_wrong(
    error: type[errors.MetquoteError], status: int
) -> None:
    assert error.exit_status == status
