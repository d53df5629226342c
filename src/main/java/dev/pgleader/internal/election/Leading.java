package dev.pgleader.internal.election;

/**
 * Elected and ready to serve.
 *
 * @param tenure the leadership's time
 * @param announced whether others were told; they are once the row says so
 */
record Leading(Tenure tenure, boolean announced) implements Governing {

    @Override
    public Phase phase() {
        return Phase.LEADING;
    }

    @Override
    public Step extended(Tenure renewed) {
        Command extend = new Command.ExtendTrust(renewed);
        State next = new Leading(renewed, true);
        return announced ? Step.to(next, extend) : Step.to(next, extend, new Command.Announce());
    }

    @Override
    public Step recovered(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Stage stage() {
        return Stage.LEADING;
    }
}
