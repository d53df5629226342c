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
                announced, vacated | ticked, when it wakes -> Following Bid
                announced, changed | lookDue -> Following Look
                looked, vacant | looked, vacated for this one | looked, another's over -> Following Bid
                looked, ours | looked, ours of another term | looked, ours and to be resigned -> Following Bid
                looked, ours and wanted by another | looked, ours and wanted by itself -> Following Bid
                looked, another's by this process's session -> Following Detach
                looked, another's running | looked, another's renewed | looked, another's by appointment -> Following
                looked, another's asked for already | looked, another's over elsewhere -> Following
                looked, another's impossibly long | looked, another's without a session -> Following
                looked, detached -> Following
                looked, vacant beside a better one | looked, vacated for another -> Following
                bidLost | notNow | sessionLost | vacateRefused -> Following
                rowMissing -> Following Register
                taken, in time -> Recovering StartWork Announce
                taken, too late -> Vacating/StandAgain Vacate
                vacated -> Following Look
                leaseLost | led | recovered | renewed | resignAsked | ticked, too soon -> stays
                trustEnded | workFailed | workStopped -> stays

            Following, holding back
                announced, vacated -> stays
                looked, vacant | looked, another's over -> Following
                looked, vacated for this one -> Following Bid
                looked, ours | looked, ours of another term -> Following Vacate
                bidLost, ours -> Following Vacate
                ticked, when it wakes -> stays

            Following, of a row that stood still
                looked, another's over | looked, another's impossibly long -> Following Bid
                looked, another's over elsewhere -> Following
                ticked, when it wakes -> stays

            Following, of a row that was just created
                rowMissing -> Following

            Following, on session end
                lookDue -> Following Bid
                looked, another's running | looked, another's renewed -> Following
                looked, another's impossibly long -> Following
                ticked, when it wakes -> stays

            Following, of a vacancy left to others
                looked, vacated for another | looked, vacant beside a better one -> Following Bid

            Following, preempting
                looked, another's running | looked, another's renewed -> Following AskToResign
                looked, another's impossibly long -> Following AskToResign
                looked, another's by appointment | looked, another's asked for already -> Following
                looked, another's over elsewhere | looked, another's without a session -> Following
                looked, another's over | looked, vacant beside a better one -> Following Bid
                looked, vacated for another -> Following
                bidLost, another's running -> Following AskToResign

            Following, never leading
                announced | ticked, when it wakes -> Following Look
                looked, another's over | looked, another's over elsewhere | looked, vacant -> Following
                looked, vacated for this one | looked, another's impossibly long -> Following
                looked, ours -> Following Vacate
                looked, another's by this process's session -> Following Detach

            Recovering
                announced -> Recovering Look
                closeAsked -> Draining/Close StopWork
                leaseLost -> Stopping/StandAgain StopWork
                looked, another's impossibly long | looked, another's over -> Stopping/StandAgain StopWork
                looked, another's over elsewhere | looked, another's running -> Stopping/StandAgain StopWork
                looked, another's renewed | looked, another's without a session -> Stopping/StandAgain StopWork
                looked, another's by this process's session -> Stopping/StandAgain StopWork
                looked, another's by appointment | looked, another's asked for already -> Stopping/StandAgain StopWork
                looked, ours of another term | looked, vacant -> Stopping/StandAgain StopWork
                looked, detached | looked, vacated for this one -> Stopping/StandAgain StopWork
                looked, vacant beside a better one | looked, vacated for another -> Stopping/StandAgain StopWork
                renewed, too late | rowMissing -> Stopping/StandAgain StopWork
                ticked, when it wakes | trustEnded, of this term -> Stopping/StandAgain StopWork
                recovered, of this term -> Leading Lead
                renewed, in time -> Recovering ExtendTrust
                looked, ours and to be resigned | looked, ours and wanted by another -> Draining/LetOthersLead StopWork
                resignAsked, for anybody | resignAsked, for another -> Draining/LetOthersLead StopWork
                workFailed, of this term -> Draining/Retreat StopWork
                sessionLost -> Outlived/StandAgain StopWork
                workStopped, of this term -> Vacating/StandAgain Vacate
                lookDue | looked, ours | recovered, of another term -> stays
                renewed, another session | ticked, too soon | trustEnded, of another term -> stays
                looked, ours and wanted by itself | resignAsked, for this one -> stays
                workFailed, of another term | workStopped, of another term -> stays
                bidLost | led | notNow | taken | vacateRefused | vacated -> impossible

            Leading
                announced -> Leading Look
                closeAsked -> Draining/Close StopWork
                leaseLost -> Stopping/StandAgain StopWork
                looked, another's impossibly long | looked, another's over -> Stopping/StandAgain StopWork
                looked, another's over elsewhere | looked, another's running -> Stopping/StandAgain StopWork
                looked, another's renewed | looked, another's without a session -> Stopping/StandAgain StopWork
                looked, another's by this process's session -> Stopping/StandAgain StopWork
                looked, another's by appointment | looked, another's asked for already -> Stopping/StandAgain StopWork
                looked, ours of another term | looked, vacant -> Stopping/StandAgain StopWork
                looked, detached | looked, vacated for this one -> Stopping/StandAgain StopWork
                looked, vacant beside a better one | looked, vacated for another -> Stopping/StandAgain StopWork
                renewed, too late | rowMissing -> Stopping/StandAgain StopWork
                ticked, when it wakes | trustEnded, of this term -> Stopping/StandAgain StopWork
                led, of this term -> Leading
                renewed, in time -> Leading ExtendTrust
                looked, ours and to be resigned | looked, ours and wanted by another -> Draining/LetOthersLead StopWork
                resignAsked, for anybody | resignAsked, for another -> Draining/LetOthersLead StopWork
                workFailed, of this term -> Draining/Retreat StopWork
                sessionLost -> Outlived/StandAgain StopWork
                workStopped, of this term -> Vacating/StandAgain Vacate
                led, of another term | lookDue | looked, ours | recovered -> stays
                renewed, another session | ticked, too soon | trustEnded, of another term -> stays
                looked, ours and wanted by itself | resignAsked, for this one -> stays
                workFailed, of another term | workStopped, of another term -> stays
                bidLost | notNow | taken | vacateRefused | vacated -> impossible

            Leading, not written down
                led, of this term -> Leading
                led, of another term -> stays
                renewed, in time -> Leading ExtendTrust Lead

            Draining
                closeAsked -> Draining/Close
                leaseLost -> Stopping/LetOthersLead
                looked, another's impossibly long | looked, another's over -> Stopping/LetOthersLead
                looked, another's over elsewhere | looked, another's running -> Stopping/LetOthersLead
                looked, another's renewed | looked, another's without a session -> Stopping/LetOthersLead
                looked, another's by this process's session -> Stopping/LetOthersLead
                looked, another's by appointment | looked, another's asked for already -> Stopping/LetOthersLead
                looked, ours of another term | looked, vacant -> Stopping/LetOthersLead
                looked, detached | looked, vacated for this one -> Stopping/LetOthersLead
                looked, vacant beside a better one | looked, vacated for another -> Stopping/LetOthersLead
                renewed, too late | rowMissing | ticked, when it wakes -> Stopping/LetOthersLead
                renewed, in time -> Draining/LetOthersLead
                sessionLost -> Outlived/LetOthersLead
                workStopped, of this term -> Vacating/LetOthersLead Vacate
                announced | looked, ours and to be resigned | looked, ours and wanted by another -> stays
                led | lookDue | looked, ours | looked, ours and wanted by itself | recovered -> stays
                renewed, another session | resignAsked | ticked, too soon -> stays
                trustEnded | workFailed | workStopped, of another term -> stays
                bidLost | notNow | taken | vacateRefused | vacated -> impossible

            Draining, out of patience
                ticked, when it wakes -> Detaching/LetOthersLead Detach
                ticked, too soon | trustEnded -> stays

            Draining, closing
                leaseLost | looked, vacant | rowMissing -> Stopping/Close
                looked, another's running | looked, ours of another term -> Stopping/Close
                renewed, too late | ticked, when it wakes -> Stopping/Close
                renewed, in time -> Draining/Close
                sessionLost -> Outlived/Close
                workStopped, of this term -> Vacating/Close Vacate
                closeAsked | trustEnded, of this term -> stays

            Stopping
                closeAsked -> Stopping/Close
                leaseLost -> Stopping/StandAgain
                resignAsked -> Stopping/LetOthersLead
                sessionLost -> Outlived/StandAgain
                ticked, when it wakes -> Detaching/StandAgain Detach
                workStopped, of this term -> Vacating/StandAgain Vacate
                announced | led | lookDue | looked | recovered | renewed | rowMissing -> stays
                ticked, too soon | trustEnded | workFailed | workStopped, of another term -> stays
                bidLost | notNow | taken | vacateRefused | vacated -> impossible

            Stopping, resigned
                sessionLost -> Outlived/LetOthersLead
                ticked, when it wakes -> Detaching/LetOthersLead Detach
                workStopped, of this term -> Vacating/LetOthersLead Vacate
                resignAsked -> stays

            Stopping, closing
                sessionLost -> Outlived/Close
                ticked, when it wakes -> Detaching/Close Detach
                workStopped, of this term -> Vacating/Close Vacate
                closeAsked | resignAsked -> stays

            Stopping, spent
                ticked, when it wakes -> Outlived/StandAgain
                workStopped, of this term -> Vacating/StandAgain Vacate

            Stopping, spent, closing
                ticked, when it wakes -> Closed

            Stopping, spent, closing later
                ticked, when it wakes -> Outlived/Close

            Detaching
                closeAsked -> Detaching/Close
                leaseLost -> Detaching/StandAgain
                resignAsked -> Detaching/LetOthersLead
                sessionLost | vacated -> Outlived/StandAgain
                vacateRefused -> Detaching/StandAgain
                workStopped, of this term -> Vacating/StandAgain Vacate
                announced | led | lookDue | looked | recovered | renewed | rowMissing -> stays
                ticked | trustEnded | workFailed | workStopped, of another term -> stays
                bidLost | notNow | taken -> impossible

            Detaching, refused before
                resignAsked | ticked, too soon -> stays
                ticked, when it wakes -> Detaching/LetOthersLead Detach

            Detaching, spent
                vacateRefused, in the lease -> Detaching/StandAgain
                vacateRefused, after the lease -> Outlived/StandAgain

            Detaching, closing
                sessionLost | vacated -> Outlived/Close
                ticked, when it wakes -> Detaching/Close Detach
                vacateRefused -> Detaching/Close
                closeAsked | resignAsked -> stays

            Outlived
                closeAsked -> Outlived/Close
                leaseLost -> Outlived/StandAgain
                resignAsked -> Outlived/LetOthersLead
                workStopped, of this term -> Following Bid
                announced | led | lookDue | looked | recovered | renewed | rowMissing | sessionLost -> stays
                ticked | trustEnded | workFailed | workStopped, of another term -> stays
                bidLost | notNow | taken | vacateRefused | vacated -> impossible

            Outlived, resigned
                workStopped, of this term -> Following
                resignAsked -> stays

            Outlived, closing
                ticked, when it wakes -> Closed
                workStopped, of this term -> Clearing/Close Vacate
                closeAsked | resignAsked -> stays

            Vacating
                closeAsked -> Vacating/Close
                leaseLost -> Vacating/StandAgain
                resignAsked -> Vacating/LetOthersLead
                sessionLost | vacated -> Following Bid
                vacateRefused -> Vacating/StandAgain
                announced | led | lookDue | looked | recovered | renewed | rowMissing -> stays
                ticked | trustEnded | workFailed | workStopped -> stays
                bidLost | notNow | taken -> impossible

            Vacating, refused before
                ticked, when it wakes -> Vacating/LetOthersLead Vacate
                vacateRefused -> Vacating/LetOthersLead
                vacated -> Following
                resignAsked | ticked, too soon -> stays

            Vacating, spent
                vacateRefused, in the lease -> Vacating/StandAgain
                vacateRefused, after the lease -> Following Bid

            Vacating, closing
                sessionLost | vacated -> Closed
                ticked, when it wakes -> Vacating/Close Vacate
                vacateRefused -> Vacating/Close
                closeAsked | resignAsked -> stays

            Clearing
                leaseLost -> Clearing/Close
                sessionLost | vacateRefused | vacated -> Closed
                announced | closeAsked | led | lookDue | looked | recovered | renewed -> stays
                resignAsked | rowMissing | ticked | trustEnded | workFailed | workStopped -> stays
                bidLost | notNow | taken -> impossible

            Closed
                announced | closeAsked | leaseLost | led | lookDue | looked | recovered | renewed -> stays
                resignAsked | rowMissing | sessionLost | ticked | trustEnded | workFailed | workStopped -> stays
                bidLost | notNow | taken | vacateRefused | vacated -> impossible
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
