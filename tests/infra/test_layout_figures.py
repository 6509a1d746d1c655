"""The figures of docs/decisions/0021 can be measured on this checkout."""

import pytest

from infra.processes import ROOT
from infra.tools.layout_figures import __main__ as layout_figures
from infra.tools.layout_figures import acts, folders, names, templates

ACTS = {
    "submit a proposal by the API": "submission.store",
    "take a case": "assignment.assign_to_self",
    "send a message": "outgoing.add",
    "add a note": "notes.add",
    "draft a letter": "letters.draft",
    "send a letter": "outgoing.add",
}


def test_the_frames_of_each_act_end_in_the_function_that_writes_the_row():
    measured = acts.figures(ROOT)
    assert list(measured) == [f"frames from route to row: {act}" for act in ACTS]
    for function, figure in zip(ACTS.values(), measured.values(), strict=True):
        assert figure.endswith(f"{function})")


def test_no_renamed_module_or_name_has_come_back():
    assert names.old_names(ROOT) == []


def test_every_new_name_of_the_layout_exists():
    for folder, modules in names.RENAMED.items():
        for module in modules:
            assert (ROOT / folder / f"{module.new}.py").exists(), module
            assert {new for _, new in module.names} <= names.defined(ROOT / folder, module), module


def test_rooms_and_arrows_of_a_service_are_counted_once():
    rooms = folders.rooms(ROOT / "services" / "review")
    arrows = folders.arrows(ROOT / "services" / "review")
    assert {"lifecycle", "routes", "handlers"} <= rooms
    assert ("routes", "lifecycle") in arrows and ("models", "routes") not in arrows


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ('<a href="/sign-in">', 1),
        ("<a href=\"{{ url_for('.page') }}\">", 0),
        ('{{ forms.start(csrf(), "/cases/" ~ reference) }}', 1),
        ("<a href=\"https://example.edu/\">{{ a / b }} 'and/or'", 0),
    ],
)
def test_an_address_without_url_for_is_hard_coded(page: str, count: int):
    assert templates.hard_coded(page) == count


def test_two_checkouts_are_two_columns_of_one_table():
    one, two = {"rooms": "42", "arrows": "133"}, {"rooms": "22", "arrows": "67"}
    table = layout_figures.table({"before": one, "after": two})
    assert table.splitlines()[0] == "| figure | before | after |"
    assert table.splitlines()[2:] == ["| rooms | 42 | 22 |", "| arrows | 133 | 67 |"]
