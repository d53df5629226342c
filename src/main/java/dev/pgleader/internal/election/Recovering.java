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
    public Governing with(Tenure renewed) {
        return new Recovering(renewed);
    }

    @Override
    public Step recovered(Candidate me, long term, Reading now) {
        if (term != tenure.term()) {
            return stay();
        }
        Leading leading = new Leading(tenure);
        return Step.to(leading, new Command.Heartbeat(term, leading.phase()), new Command.Announce());
    }

    @Override
    public Stage stage() {
        return Stage.RECOVERING;
    }
}
