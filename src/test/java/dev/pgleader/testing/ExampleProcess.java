package dev.pgleader.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Runs the main method of an {@link Example} as that of a process of its own, to be started by a {@link ChildJvm}. */
public final class ExampleProcess {

    private ExampleProcess() {}

    /**
     * Calls the main method. The process ends when that program does, and exits as any other when the lifeline ends.
     *
     * @param args the folder with the class files, the class's name, and the program's own arguments
     * @throws Exception if the main method cannot be called, or throws something
     */
    public static void main(String[] args) throws Exception {
        Thread lifeline = new Thread(ExampleProcess::exitInTheEnd, "example-lifeline");
        lifeline.setDaemon(true);
        lifeline.start();
        Object own = Arrays.copyOfRange(args, 2, args.length);
        Example.load(args[1], Path.of(args[0]))
                .getMethod("main", String[].class)
                .invoke(null, own);
    }

    private static void exitInTheEnd() {
        try {
            Lifeline.awaitEnd();
        } catch (IOException e) {
            System.err.println("the lifeline has broken: " + e);
        }
        System.exit(0);
    }
}
