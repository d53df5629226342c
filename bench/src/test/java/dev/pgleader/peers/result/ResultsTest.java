package dev.pgleader.peers.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.peers.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    @TempDir
    private Path folder;

    @Test
    void whatWasWritten_isRead() throws IOException {
        Path file = folder.resolve("samples.tsv");
        Results written = new Results();
        written.add(Case.KILL, Series.SPRING, Measure.KILL, 9876.543);
        written.add(Case.IDLE, Series.PGLEADER, Measure.WAL, 300);
        written.add(Case.IDLE, Series.PGLEADER, Measure.WAL, 301);

        written.write(file);
        Results read = Results.read(file);

        assertEquals(written.keys(), read.keys());
        assertEquals(
                List.of(300.0, 301.0),
                read.find(Case.IDLE, Series.PGLEADER, Measure.WAL).orElseThrow().values());
        assertEquals(
                9876.543,
                read.find(Case.KILL, Series.SPRING, Measure.KILL).orElseThrow().max());
    }

    @Test
    void ours_areThoseOfTheLibrary() {
        Results results = new Results();
        results.add(Case.KILL, Series.SPRING, Measure.KILL, 9000);
        results.add(Case.KILL, Series.PGLEADER, Measure.KILL, 4000);
        results.add(Case.KILL, Series.PGLEADER_SESSION_END, Measure.KILL, 40);

        assertEquals(
                List.of(Series.PGLEADER, Series.PGLEADER_SESSION_END),
                results.ours().keys().stream().map(Results.Key::series).toList());
    }

    @Test
    void fileThatIsNotThere_holdsNothing() throws IOException {
        assertTrue(Results.read(folder.resolve("none.tsv")).keys().isEmpty());
    }
}
