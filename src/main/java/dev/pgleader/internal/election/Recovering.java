package dev.pgleader.internal.election;

/**
 * Elected; the work is restoring its state.
 *
 * @param tenure the leadership's time
 */
record Recovering(Tenure tenure) implements Governing {

    @Override
    public Step extended(Tenure renewed) {
        return Step.to(new Recovering(renewed), new Command.ExtendTrust(renewed));
    }

    @Override
    public Step recovered(Candidate me, long term, Reading now) {
        return term == tenure.term() ? Step.to(new Leading(tenure, false), new Command.Lead(tenure)) : stay();
    }

    @Override
    public Step led(Candidate me, long term, Reading now) {
        throw impossible("led");
    }

    @Override
    public Stage stage() {
        return Stage.RECOVERING;
    }
}
