"""Departments and others that are joined to the name of a registered organisation."""

import pytest

from hubrank.geocoding.evidence.parts_of_organisations import separate_parts

INSIDE = "Institute of Physics of University of Foo"
NAMES = {"FBH", "Foo Bar Hospital", "University of Foo", "Université de Foo", "FB Barland", INSIDE}


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("Department of Physics of University of Foo", "Department of Physics, University of Foo"),
        ("Dept. of Physics of the University of Foo, Bar", "Dept. of Physics, University of Foo, Bar"),
        ("Faculté des Sciences de l'Université de Foo", "Faculté des Sciences, Université de Foo"),
        ("Baz; School of Medicine at Foo Bar Hospital", "Baz; School of Medicine, Foo Bar Hospital"),
        ("Laboratory/Foo Bar Hospital", "Laboratory, Foo Bar Hospital"),
        ("Currently at University of Foo", "Currently, University of Foo"),
        ("Working group within the University of Foo", "Working group, University of Foo"),
        ("From the Foo Bar Hospital, Bar", "Foo Bar Hospital, Bar"),
        ("From the Foo Bar Clinic, Bar", "From the Foo Bar Clinic, Bar"),
        ("Baz Hospital Affiliated to University of Foo", "Baz Hospital Affiliated to University of Foo"),  # its site
        ("Department of Physics at FBH", "Department of Physics, FBH"),
        ("Department of Physics of the FBH", "Department of Physics, FBH"),
        ("Department of FBH", "Department of FBH"),  # a subject
        ("The Department of Physics of the University of Foo", "The Department of Physics, University of Foo"),
        ("University of Foo's Bar Center", "University of Foo, Bar Center"),
        ("2 University of Foo, Bar1", "University of Foo, Bar1"),
        ("University of Foo1, Bar", "University of Foo, Bar"),
        ("2 Foo Street, Bar", "2 Foo Street, Bar"),
        ("University of Foo-London, Bar", "University of Foo, London, Bar"),
        ("University of Foo-Physics, Bar", "University of Foo-Physics, Bar"),  # no place
        ("Institute of Physics of University of Foo", "Institute of Physics of University of Foo"),  # is a name itself
        ("Friends of University of Foo", "Friends of University of Foo"),  # no part of it
        ("Department of Foo", "Department of Foo"),  # one word
        ("Department of Physics and University of Foo", "Department of Physics and University of Foo"),
        ("Baz, University of Foo and the Foo Bar Hospital", "Baz, University of Foo"),
        ("University of Foo and Foo Bar Hospital, Baz", "University of Foo and Foo Bar Hospital, Baz"),  # there
        ("Department of Physics of University of Foobar", "Department of Physics of University of Foobar"),
        ("Baz, Foo Bar (FB) Hospital, Bar", "Baz, Foo Bar Hospital, Bar"),
        ("Baz, Foo Bar (FB) Clinic, Bar", "Baz, Foo Bar (FB) Clinic, Bar"),
        ("School of PhysicsUniversity of Foo, Bar", "School of Physics, University of Foo, Bar"),
        ("School of PhysicsUniversity of Bar", "School of PhysicsUniversity of Bar"),
        ("Baz, FBBarland, Bar", "Baz, FB Barland, Bar"),
        ("Baz, FooBar Hospital, Bar", "Baz, FooBar Hospital, Bar"),  # a word as well
        ("", ""),
    ],
)
def test_a_department_is_parted_from_the_registered_name_that_it_is_joined_to(text, parted):
    assert separate_parts(text, lambda name: name.strip() in NAMES) == parted
