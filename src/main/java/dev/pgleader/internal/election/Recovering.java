package dev.pgleader.internal.election;

/**
 * Elected; the work is restoring its state.
 *
 * @param tenure the leadership's time
 */
record Recovering(Tenure tenure) implements Governing {

    @Override
    public Phase phase() {
        return Phase.RECOVERING;
    }

    @Override
    public Step extended(Tenure renewed) {
        return Step.to(new Recovering(renewed), new Command.ExtendTrust(renewed));
    }

    @Override
    public Step recovered(Candidate me, long term, Reading now) {
        return term == tenure.term() ? new Leading(tenure, false).beatDue(me, now) : stay();
    }

    @Override
    public Stage stage() {
        return Stage.RECOVERING;
    }
}
