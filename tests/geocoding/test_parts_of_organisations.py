"""Departments and others that are joined to the name of a registered organisation."""

import pytest

from hubrank.geocoding.evidence.parts_of_organisations import separate_parts

NAMES = {"University of Foo", "Université de Foo", "Foo Bar Hospital", "Institute of Physics of University of Foo"}


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("Department of Physics of University of Foo", "Department of Physics, University of Foo"),
        ("Dept. of Physics of the University of Foo, Bar", "Dept. of Physics, University of Foo, Bar"),
        ("Faculté des Sciences de l'Université de Foo", "Faculté des Sciences, Université de Foo"),
        ("Baz; School of Medicine at Foo Bar Hospital", "Baz; School of Medicine, Foo Bar Hospital"),
        ("Laboratory/Foo Bar Hospital", "Laboratory, Foo Bar Hospital"),
        ("Currently at University of Foo", "Currently, University of Foo"),
        ("Institute of Physics of University of Foo", "Institute of Physics of University of Foo"),  # is a name itself
        ("Friends of University of Foo", "Friends of University of Foo"),  # no part of it
        ("Department of Foo", "Department of Foo"),  # one word
        ("Department of Physics and University of Foo", "Department of Physics and University of Foo"),
        ("Department of Physics of University of Foobar", "Department of Physics of University of Foobar"),
        ("", ""),
    ],
)
def test_a_department_is_parted_from_the_registered_name_that_it_is_joined_to(text, parted):
    assert separate_parts(text, lambda name: name.strip() in NAMES) == parted
