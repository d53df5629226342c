package dev.pgleader.demo;

/** Something that the library promises did not come true. The message says what, in a sentence. */
final class BrokenPromiseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenPromiseException(String message) {
        super(message);
    }
}
