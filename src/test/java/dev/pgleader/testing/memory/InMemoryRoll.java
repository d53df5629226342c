package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session.Enrolment;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who stands, and what leaders have been asked for, as one simulated server has it. One thread.
 *
 * <p>Stricter than the real one: a candidate stands in one process, and as the same for ever; and nobody asks itself.
 */
final class InMemoryRoll {

    private final Map<UUID, Member> members = new LinkedHashMap<>();
    private final Map<Term, Succession.Request> requests = new LinkedHashMap<>();

    private record Member(Instant expectedBy, List<Enrolment> candidacies) {}

    private record Term(String election, long term) {}

    boolean attend(UUID process, Duration goodFor, Instant now) {
        return members.computeIfPresent(process, (id, member) -> new Member(now.plus(goodFor), member.candidacies()))
                != null;
    }

    void enroll(UUID process, Duration goodFor, List<Enrolment> candidacies, Instant now) {
        for (Enrolment each : candidacies) {
            members.forEach((other, member) -> member.candidacies().stream()
                    .filter(known -> known.candidate().equals(each.candidate())
                            && known.election().equals(each.election())
                            && !(other.equals(process) && known.equals(each)))
                    .forEach(known -> {
                        throw new IllegalArgumentException(known + " of " + other + " stands now as " + each);
                    }));
        }
        members.put(process, new Member(now.plus(goodFor), List.copyOf(candidacies)));
    }

    void leave(UUID process) {
        members.remove(process);
    }

    /** Nobody is known any more. */
    void forget() {
        members.clear();
        requests.clear();
    }

    /** Asks for something, whoever did before. */
    void ask(String election, long term, Succession.Request request) {
        requests.put(new Term(election, term), request);
    }

    Optional<Succession.Request> request(String election, long term) {
        return Optional.ofNullable(requests.get(new Term(election, term)));
    }

    /** Returns the row's succession as somebody sees it who looks now. */
    Succession seen(String election, Row row, Instant now) {
        Succession stored = row.succession();
        OptionalInt best = present(election, now)
                .filter(each -> !isHolder(row, each) && !stored.yieldedBy().equals(Optional.of(each.candidate())))
                .mapToInt(Enrolment::priority)
                .max();
        return new Succession(stored.heir(), stored.yieldedBy(), request(election, row.term()), best);
    }

    /** Returns the heir if somebody of that name is there to take over from {@code holder}. */
    Optional<String> present(String election, Optional<String> heir, UUID holder, Instant now) {
        return heir.filter(named -> present(election, now)
                .anyMatch(each -> !each.candidate().equals(holder)
                        && (named.equals(each.address())
                                || named.equals(each.candidate().toString()))));
    }

    Stream<Enrolment> present(String election, Instant now) {
        return members.values().stream()
                .filter(member -> member.expectedBy().isAfter(now))
                .flatMap(member -> member.candidacies().stream())
                .filter(each -> each.election().equals(election) && !each.neverLeads());
    }

    private static boolean isHolder(Row row, Enrolment each) {
        return row.holder()
                .map(holder -> holder.candidate().equals(each.candidate()))
                .orElse(false);
    }
}
