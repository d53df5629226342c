package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.function.Consumer;

/** What must hold in a {@link ScenarioWorld} whatever goes wrong in it, judged without the code under test. */
record Promises(ScenarioWorld world) {

    void checkOneLeader() {
        long believers = world.participants.values().stream()
                .filter(each -> each.believes(world.now()))
                .count();
        long holders = world.participants.values().stream()
                .filter(each -> each.isHeld(world.now()))
                .count();
        if (believers > 1 || holders > 1) {
            throw new AssertionError("two leaders: " + describeStates());
        }
    }

    void checkWorkMayStart(Participant who) {
        require(who.work.isEmpty(), who, "starts work while its old work still runs");
        world.others(who).stream()
                .filter(other -> !other.frozen)
                .forEach(other -> other.work.ifPresent(running -> {
                    require(running.cancelled, who, "starts work while that of " + other.name + " goes on");
                    long hadToStop = world.now() - running.untrustedSince;
                    long refractory = other.me.timings().refractory().toNanos();
                    String after = Duration.ofNanos(hadToStop) + " after that of " + other.name + " lost its trust";
                    require(hadToStop >= refractory * 97 / 100, who, "starts work " + after);
                }));
    }

    void checkMayVacate(Participant who, long term) {
        boolean stopped = who.work.filter(running -> running.term == term).isEmpty();
        require(stopped || leaseIsOver(who), who, "gives up the row while its work runs");
    }

    /** The row must stand still afterwards, which gives the work as long as a crash would. */
    void checkMayDetach(Participant who, long term) {
        boolean cancelled = who.work
                .filter(running -> running.term == term && !running.cancelled)
                .isEmpty();
        require(cancelled, who, "lets go of the row while its work goes on");
    }

    /** With the connection the lock is given up. */
    void checkMayCloseConnection(Participant who) {
        require(who.work.isEmpty() || leaseIsOver(who), who, "gives up its session while its work runs");
    }

    private boolean leaseIsOver(Participant who) {
        long allowance = who.me.timings().lease().toNanos() / 100;
        return world.now() + allowance >= who.leaseEndsAt;
    }

    void require(boolean kept, Participant who, String broken) {
        if (!kept) {
            throw new AssertionError(who.name + " " + broken + ": " + describeStates());
        }
    }

    String describeStates() {
        StringBuilder all = new StringBuilder("at " + Duration.ofNanos(world.now()));
        Consumer<Participant> describe = each -> all.append("\n  ")
                .append(each.name)
                .append(each.isHeld(world.now()) ? " (held) " : " ")
                .append(each.state);
        world.participants.values().forEach(describe);
        return all.append("\n  row ").append(world.database.shown()).toString();
    }
}
