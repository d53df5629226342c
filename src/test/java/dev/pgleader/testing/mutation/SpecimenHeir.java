package dev.pgleader.testing.mutation;

/** Has what it inherits. */
final class SpecimenHeir extends Specimen {

    private SpecimenHeir() {}
}
