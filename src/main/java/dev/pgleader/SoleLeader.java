package dev.pgleader;

import java.util.Optional;

/** A candidacy with elections of its own, which end with it. */
record SoleLeader(Elections elections, Leader leader) implements Leader {

    @Override
    public String election() {
        return leader.election();
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
    public boolean resign() {
        return leader.resign();
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
