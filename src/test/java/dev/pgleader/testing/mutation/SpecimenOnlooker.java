package dev.pgleader.testing.mutation;

/** Sees the specimen through its heir alone. */
final class SpecimenOnlooker {

    private SpecimenOnlooker() {}

    static String copied() {
        return SpecimenHeir.COPIED;
    }
}
