package dev.pgleader.internal.election;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each event leads to in each state: the next state, with its aim where it has one, and the commands in order.
 *
 * <p>The heading with a state's bare name has all events. A heading that says more of the state has only those that end
 * differently for it. An event without its variant stands for all of them; {@link StateEvents} has what they are.
 */
final class StateTable {

    private static final String TABLE =
            """
            Following
                closeAsked -> Closed
                announced | lookDue | ticked, when it wakes -> Following Look
                looked, another's impossibly long | looked, another's over elsewhere -> Following
                looked, another's running | looked, another's renewed | sessionLost | vacateRefused -> Following
                looked, another's by appointment | looked, another's asked for already -> Following
                looked, another's over | looked, vacant | looked, vacated for this one -> Locking TryLock
                looked, vacant beside a better one | looked, vacated for another -> Following
                looked, ours | looked, ours of another term -> Following Vacate
                looked, ours and to be resigned | looked, ours and wanted by another -> Following Vacate
                looked, ours and wanted by itself -> Following Vacate
                rowMissing -> Following Register
                vacated -> Following Announce Look
                beatDue | recovered | renewalRefused | renewed | resignAsked | ticked, too soon -> stays
                trustEnded | workFailed | workStopped -> stays
                lockRefused | lockTaken | takeRefused | taken -> impossible

            Following, holding back
                looked, another's over | looked, vacant | looked, vacated for this one -> Following
                ticked, when it wakes -> stays

            Following, of a row that stood still
                looked, another's impossibly long -> Locking TryLock
                ticked, when it wakes -> stays

            Following, on session end
                looked, another's running | looked, another's renewed -> Locking TryLock
                looked, another's impossibly long -> Locking TryLock
                ticked, when it wakes -> stays

            Following, of a vacancy left to others
                looked, vacated for another -> Locking TryLock
                looked, vacant beside a better one -> Locking TryLock

            Following, preempting
                looked, another's running | looked, another's renewed -> Following AskToResign
                looked, another's impossibly long -> Following AskToResign
                looked, another's by appointment | looked, another's asked for already -> Following
                looked, another's over elsewhere -> Following
                looked, another's over | looked, vacant beside a better one -> Locking TryLock
                looked, vacated for another -> Following

            Following, never leading
                looked, another's over | looked, another's over elsewhere | looked, vacant -> Following
                looked, vacated for this one | looked, another's impossibly long -> Following
                looked, ours -> Following Vacate

            Locking
                lockRefused | sessionLost -> Following
                lockTaken -> Taking Take
                announced | beatDue | lookDue | looked | recovered | renewalRefused | renewed | resignAsked -> stays
                rowMissing | ticked | trustEnded | workFailed | workStopped -> stays
                closeAsked | takeRefused | taken | vacateRefused | vacated -> impossible

            Locking, a lease that is over
                lockRefused -> Following
                lockTaken -> Taking Take

            Locking, a leader that hangs
                lockRefused -> Following EndBackend

            Locking, on session end
                lockTaken -> Waiting

            Locking, on session end without refractory
                lockTaken -> Taking Take

            Waiting
                closeAsked -> Closed Unlock
                announced | lookDue -> Waiting Look
                looked, another's over | looked, vacant | ticked, when it wakes -> Taking Take
                looked, vacated for this one -> Taking Take
                looked, ours | looked, ours of another term | looked, another's renewed -> Following Unlock Look
                looked, ours and to be resigned | looked, ours and wanted by another -> Following Unlock Look
                looked, ours and wanted by itself | looked, vacated for another -> Following Unlock Look
                looked, vacant beside a better one -> Following Unlock Look
                rowMissing -> Following Unlock Look
                sessionLost -> Following
                beatDue | looked, another's by appointment | looked, another's asked for already -> stays
                looked, another's impossibly long | looked, another's over elsewhere -> stays
                looked, another's running | recovered | renewalRefused | renewed -> stays
                resignAsked | ticked, too soon | trustEnded | workFailed | workStopped -> stays
                lockRefused | lockTaken | takeRefused | taken | vacateRefused | vacated -> impossible

            Taking
                sessionLost -> Following
                takeRefused -> Following Unlock
                taken, in time -> Recovering StartWork Announce
                taken, too late -> Vacating/StandAgain Vacate
                announced | beatDue | lookDue | looked | recovered | renewalRefused | renewed | resignAsked -> stays
                rowMissing | ticked | trustEnded | workFailed | workStopped -> stays
                closeAsked | lockRefused | lockTaken | vacateRefused | vacated -> impossible

            Recovering
                announced -> Recovering Look
                beatDue -> Recovering Heartbeat
                closeAsked -> Draining/Close StopWork
                looked, another's impossibly long | looked, another's over -> Stopping/StandAgain StopWork
                looked, another's over elsewhere | looked, another's running -> Stopping/StandAgain StopWork
                looked, another's renewed -> Stopping/StandAgain StopWork
                looked, ours of another term | looked, vacant -> Stopping/StandAgain StopWork
                looked, another's by appointment | looked, another's asked for already -> Stopping/StandAgain StopWork
                looked, vacant beside a better one | looked, vacated for another -> Stopping/StandAgain StopWork
                looked, vacated for this one -> Stopping/StandAgain StopWork
                renewalRefused, of this term -> Stopping/StandAgain StopWork
                renewed, too late | rowMissing -> Stopping/StandAgain StopWork
                ticked, when it wakes | trustEnded, of this term -> Stopping/StandAgain StopWork
                recovered, of this term -> Leading Heartbeat
                renewed, in time -> Recovering ExtendTrust
                looked, ours and to be resigned | looked, ours and wanted by another -> Draining/HoldBack StopWork
                resignAsked, for anybody | resignAsked, for another -> Draining/HoldBack StopWork
                workFailed, of this term -> Draining/HoldBack StopWork
                sessionLost -> Outlived/StandAgain StopWork
                workStopped, of this term -> Vacating/StandAgain Vacate
                lookDue | looked, ours | recovered, of another term | renewalRefused, of another term -> stays
                renewed, of another term | ticked, too soon | trustEnded, of another term -> stays
                looked, ours and wanted by itself | resignAsked, for this one -> stays
                workFailed, of another term | workStopped, of another term -> stays
                lockRefused | lockTaken | takeRefused | taken | vacateRefused | vacated -> impossible

            Leading
                announced -> Leading Look
                beatDue -> Leading Heartbeat
                closeAsked -> Draining/Close StopWork
                looked, another's impossibly long | looked, another's over -> Stopping/StandAgain StopWork
                looked, another's over elsewhere | looked, another's running -> Stopping/StandAgain StopWork
                looked, another's renewed -> Stopping/StandAgain StopWork
                looked, ours of another term | looked, vacant -> Stopping/StandAgain StopWork
                looked, another's by appointment | looked, another's asked for already -> Stopping/StandAgain StopWork
                looked, vacant beside a better one | looked, vacated for another -> Stopping/StandAgain StopWork
                looked, vacated for this one -> Stopping/StandAgain StopWork
                renewalRefused, of this term -> Stopping/StandAgain StopWork
                renewed, too late | rowMissing -> Stopping/StandAgain StopWork
                ticked, when it wakes | trustEnded, of this term -> Stopping/StandAgain StopWork
                renewed, in time -> Leading ExtendTrust
                looked, ours and to be resigned | looked, ours and wanted by another -> Draining/HoldBack StopWork
                resignAsked, for anybody | resignAsked, for another -> Draining/HoldBack StopWork
                workFailed, of this term -> Draining/HoldBack StopWork
                sessionLost -> Outlived/StandAgain StopWork
                workStopped, of this term -> Vacating/StandAgain Vacate
                lookDue | looked, ours | recovered | renewalRefused, of another term -> stays
                renewed, of another term | ticked, too soon | trustEnded, of another term -> stays
                looked, ours and wanted by itself | resignAsked, for this one -> stays
                workFailed, of another term | workStopped, of another term -> stays
                lockRefused | lockTaken | takeRefused | taken | vacateRefused | vacated -> impossible

            Leading, not announced
                renewed, in time -> Leading ExtendTrust Announce

            Draining
                beatDue -> Draining/HoldBack Heartbeat
                closeAsked -> Draining/Close
                looked, another's impossibly long | looked, another's over -> Stopping/HoldBack
                looked, another's over elsewhere | looked, another's running -> Stopping/HoldBack
                looked, another's renewed -> Stopping/HoldBack
                looked, another's by appointment | looked, another's asked for already -> Stopping/HoldBack
                looked, vacant beside a better one | looked, vacated for another -> Stopping/HoldBack
                looked, vacated for this one -> Stopping/HoldBack
                looked, ours of another term | looked, vacant | renewalRefused, of this term -> Stopping/HoldBack
                renewed, too late | rowMissing | ticked, when it wakes -> Stopping/HoldBack
                renewed, in time -> Draining/HoldBack
                sessionLost -> Outlived/HoldBack
                workStopped, of this term -> Vacating/HoldBack Vacate
                announced | looked, ours and to be resigned | looked, ours and wanted by another -> stays
                looked, ours and wanted by itself -> stays
                lookDue | looked, ours | recovered | renewalRefused, of another term -> stays
                renewed, of another term | resignAsked | ticked, too soon -> stays
                trustEnded | workFailed | workStopped, of another term -> stays
                lockRefused | lockTaken | takeRefused | taken | vacateRefused | vacated -> impossible

            Draining, out of patience
                ticked, when it wakes -> Stopping/HoldBack
                ticked, too soon -> stays

            Draining, closing
                beatDue -> Draining/Close Heartbeat
                looked, another's impossibly long | looked, another's over -> Stopping/Close
                looked, another's over elsewhere | looked, another's running -> Stopping/Close
                looked, another's renewed -> Stopping/Close
                looked, ours of another term | looked, vacant | renewalRefused, of this term -> Stopping/Close
                renewed, too late | rowMissing | ticked, when it wakes -> Stopping/Close
                renewed, in time -> Draining/Close
                sessionLost -> Outlived/Close
                workStopped, of this term -> Vacating/Close Vacate
                closeAsked | trustEnded, of this term -> stays

            Stopping
                beatDue -> Stopping/StandAgain Look
                closeAsked -> Stopping/Close
                resignAsked -> Stopping/HoldBack
                sessionLost -> Outlived/StandAgain
                renewed, in time | renewed, too late -> Stopping/StandAgain
                ticked, when it wakes -> Outlived/StandAgain Unlock Announce
                workStopped, of this term -> Vacating/StandAgain Vacate
                announced | lookDue | looked | recovered | renewalRefused | renewed, of another term | rowMissing -> stays
                ticked, too soon | trustEnded | workFailed | workStopped, of another term -> stays
                lockRefused | lockTaken | takeRefused | taken | vacateRefused | vacated -> impossible

            Stopping, resigned
                sessionLost -> Outlived/HoldBack
                ticked, when it wakes -> Outlived/HoldBack Unlock Announce
                workStopped, of this term -> Vacating/HoldBack Vacate
                resignAsked -> stays

            Stopping, closing
                sessionLost -> Outlived/Close
                ticked, when it wakes -> Closed Unlock Announce
                workStopped, of this term -> Vacating/Close Vacate
                closeAsked | resignAsked -> stays

            Stopping, closing later
                sessionLost -> Outlived/Close
                ticked, when it wakes -> Outlived/Close Unlock Announce
                workStopped, of this term -> Vacating/Close Vacate
                closeAsked | resignAsked -> stays

            Outlived
                closeAsked -> Outlived/Close
                resignAsked -> Outlived/HoldBack
                renewed, in time | renewed, too late -> Outlived/StandAgain
                workStopped, of this term -> Following Look
                announced | beatDue | lookDue | looked | recovered | renewalRefused | renewed, of another term | rowMissing -> stays
                sessionLost | ticked | trustEnded | workFailed | workStopped, of another term -> stays
                lockRefused | lockTaken | takeRefused | taken | vacateRefused | vacated -> impossible

            Outlived, resigned
                resignAsked -> stays

            Outlived, closing
                ticked, when it wakes -> Closed
                workStopped, of this term -> Clearing/Close Vacate
                closeAsked | resignAsked -> stays

            Vacating
                beatDue -> Vacating/StandAgain Look
                closeAsked -> Vacating/Close
                resignAsked -> Vacating/HoldBack
                sessionLost -> Following Look
                renewed, in time | renewed, too late -> Vacating/StandAgain
                vacateRefused, after the lease -> Following Unlock Announce Look
                vacateRefused, in the lease -> Vacating/StandAgain
                vacated -> Following Unlock Announce Look
                announced | lookDue | looked | recovered | renewalRefused | renewed, of another term | rowMissing -> stays
                ticked | trustEnded | workFailed | workStopped -> stays
                lockRefused | lockTaken | takeRefused | taken -> impossible

            Vacating, refused before
                ticked, when it wakes -> Vacating/HoldBack Vacate
                vacateRefused, in the lease -> Vacating/HoldBack
                resignAsked -> stays

            Vacating, closing
                sessionLost -> Closed
                ticked, when it wakes -> Vacating/Close Vacate
                vacateRefused, after the lease -> Closed Unlock Announce
                vacateRefused, in the lease -> Vacating/Close
                vacated -> Closed Unlock Announce
                closeAsked | resignAsked -> stays

            Clearing
                renewed, in time | renewed, too late -> Clearing/Close
                sessionLost | vacateRefused -> Closed
                vacated -> Closed Announce
                announced | beatDue | closeAsked | lookDue | looked | recovered | renewalRefused -> stays
                renewed, of another term | resignAsked | rowMissing | ticked -> stays
                trustEnded | workFailed | workStopped -> stays
                lockRefused | lockTaken | takeRefused | taken -> impossible

            Closed
                announced | beatDue | closeAsked | lookDue | looked | recovered | renewalRefused | renewed -> stays
                resignAsked | rowMissing | sessionLost | ticked | trustEnded | workFailed | workStopped -> stays
                lockRefused | lockTaken | takeRefused | taken | vacateRefused | vacated -> impossible
            """;

    /** One cell. */
    record Cell(String event, String outcome) {}

    private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

    static StateTable read() {
        StateTable table = new StateTable();
        String heading = "";
        for (String line : TABLE.lines().toList()) {
            if (line.isBlank()) {
                continue;
            }
            if (line.startsWith(" ")) {
                table.add(heading, line);
            } else {
                heading = line;
            }
        }
        return table;
    }

    private void add(String heading, String line) {
        String[] sides = line.split(" -> ", -1);
        String outcome = sides[1].strip();
        for (String name : sides[0].strip().split(" *[|] *", -1)) {
            Set<String> events = StateEvents.variantsOf(name);
            assertFalse(events.isEmpty(), "no such event: " + line);
            for (String event : events) {
                String other =
                        rows.computeIfAbsent(heading, any -> new TreeMap<>()).put(event, outcome);
                assertNull(other, heading + " has two cells for " + event);
            }
        }
    }

    Set<String> headings() {
        return rows.keySet();
    }

    private Map<String, String> cells(String heading) {
        return Objects.requireNonNull(rows.get(heading), heading);
    }

    Set<String> eventsOf(String heading) {
        return cells(heading).keySet();
    }

    List<Cell> cellsOf(String heading) {
        return cells(heading).entrySet().stream()
                .map(cell -> new Cell(cell.getKey(), cell.getValue()))
                .toList();
    }
}
