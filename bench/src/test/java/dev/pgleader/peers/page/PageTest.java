package dev.pgleader.peers.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.machine.Machine;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Measure;
import dev.pgleader.peers.result.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)");
    private static final Pattern DOT = Pattern.compile("<circle ");

    @TempDir
    private Path docs;

    @Test
    void page_hasEveryTableAndEveryPicture() throws Exception {
        new Page(everything(), everything(), machine()).write(docs);

        String page = Files.readString(docs.resolve("performance.md"));
        assertFalse(page.contains("{{"), page);
        List<String> pictures = new ArrayList<>();
        for (Matcher found = PICTURE.matcher(page); found.find(); ) {
            pictures.add(found.group(1));
        }
        assertEquals(5, pictures.size());
        for (String picture : pictures) {
            assertTrue(Files.readString(docs.resolve(picture)).contains("</svg"), picture);
        }
    }

    @Test
    void everyValue_isADot() throws Exception {
        Results results = everything();
        results.add(Case.HAND_OVER, Series.PGLEADER, Measure.GAP, 12);
        results.add(Case.HAND_OVER, Series.PGLEADER, Measure.GAP, 0);

        new Page(results, new Results(), machine()).write(docs);

        String plot = Files.readString(docs.resolve("performance").resolve("hand-over.svg"));
        assertEquals(Series.values().length + 2, DOT.matcher(plot).results().count());
    }

    @Test
    void peerThatIsBetter_isOnThePage() throws Exception {
        Results results = everything();
        results.add(Case.KILL, Series.PGLEADER, Measure.KILL, 4444);

        new Page(results, new Results(), machine()).write(docs);

        String page = Files.readString(docs.resolve("performance.md"));
        assertTrue(
                page.contains("| kill | kill to begin of the new work | Spring Integration JDBC, lock 10 s | 10.0 ms"
                        + " | 10.0 ms | **10.0 ms** | 4.44 s |"),
                page);
    }

    @Test
    void caseThatWasNotMeasured_isNamed() {
        Results results = everything().without(Set.of(Case.KILL));

        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> new Page(results, new Results(), machine()).write(docs));

        assertTrue(refused.getMessage().contains("KILL"), refused.getMessage());
    }

    private static Results everything() {
        Results results = new Results();
        for (Case scenario : Case.values()) {
            for (Series series : Series.values()) {
                for (Measure measure : Measure.values()) {
                    results.add(scenario, series, measure, 10);
                }
            }
        }
        return results;
    }

    private static Machine machine() {
        return new Machine(Map.of("date", "2026-11-27"));
    }
}
