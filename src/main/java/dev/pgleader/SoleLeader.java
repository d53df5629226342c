package dev.pgleader;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A candidacy with elections of its own, which end with it. */
record SoleLeader(Elections elections, Leader leader) implements Leader {

    @Override
    public String election() {
        return leader.election();
    }

    @Override
    public UUID candidate() {
        return leader.candidate();
    }

    @Override
    public ProcessState state() {
        return leader.state();
    }

    @Override
    public String address() {
        return leader.address();
    }

    @Override
    public Optional<LeaderInfo> current() {
        return leader.current();
    }

    @Override
    public ElectionObserver observe() {
        return leader.observe();
    }

    @Override
    public LeadershipTracker tracker(Duration guarantee) {
        return leader.tracker(guarantee);
    }

    @Override
    public boolean resign() {
        return leader.resign();
    }

    @Override
    public boolean handOverTo(String successor) {
        return leader.handOverTo(successor);
    }

    @Override
    public Optional<Problem> problem() {
        return leader.problem();
    }

    @Override
    public void close() {
        elections.close();
    }
}
