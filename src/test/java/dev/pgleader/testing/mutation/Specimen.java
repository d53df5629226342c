package dev.pgleader.testing.mutation;

/** What the tests of this package plant faults in. */
class Specimen {

    static final String COPIED = "copied by the compiler";

    static final class Part {

        private Part() {}

        static String heard() {
            return "asked the part";
        }
    }

    static String asked() {
        return "asked the class";
    }
}
