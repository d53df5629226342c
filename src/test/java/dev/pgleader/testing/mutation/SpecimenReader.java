package dev.pgleader.testing.mutation;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** Tells what it sees of the specimen. */
final class SpecimenReader implements Callable<List<String>> {

    @Override
    public List<String> call() {
        return List.of(Specimen.COPIED, Specimen.asked(), Specimen.Part.heard());
    }

    static String own(String ending) {
        return "said" + ending;
    }

    static Object ours() {
        return new SpecimenReader();
    }

    static String failing(boolean asError) throws IOException {
        if (asError) {
            throw new AssertionError("an error");
        }
        throw new IOException("an exception");
    }

    static String contextLoader() {
        return String.valueOf(Thread.currentThread().getContextClassLoader().getName());
    }
}
